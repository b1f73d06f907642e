// Rules of nftables for tests: an inet table "filter" whose chain "input" has the given rules, each
// the JSON of its statements.
#pragma once

#include <string>
#include <vector>

#include "agent/host/packet_filter.h"

namespace assay::agent {

inline std::string nft_input(const std::vector<std::string>& rules,
                             const std::string& policy = "drop", const std::string& more = {}) {
  std::string json =
      R"({"nftables": [{"metainfo": {"json_schema_version": 1}},)"
      R"({"table": {"family": "inet", "name": "filter", "handle": 1}},)"
      R"({"chain": {"family": "inet", "table": "filter", "name": "input", "handle": 1, )"
      R"("type": "filter", "hook": "input", "prio": 0, "policy": ")" +
      policy + R"("}})" + more;
  std::size_t handle = 10;
  for (const auto& rule : rules)
    json += R"(,{"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": )" +
            std::to_string(handle++) + R"(, "expr": [)" + rule + "]}}";
  return json + "]}";
}

inline std::string nft_port(int port) {
  return R"({"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, )"
         R"("right": )" +
         std::to_string(port) + "}}";
}

inline std::string nft_source(const std::string& address) {
  return R"({"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, )"
         R"("right": ")" +
         address + R"("}})";
}

inline constexpr auto kNftAccept = R"({"accept": null})";
inline constexpr auto kNftDrop = R"({"drop": null})";
inline constexpr auto kNftMark =
    R"({"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 1}})";

}  // namespace assay::agent
