#include "agent/network/sweep/report/sweep_rows.h"

#include <algorithm>
#include <set>

namespace assay::agent::sweep {

namespace {

evidence::Value text_or_null(const std::string& text) {
  if (text.empty()) return evidence::kNull;
  return text;
}

evidence::Value address_or_null(const std::optional<Address>& address) {
  if (!address) return evidence::kNull;
  return sensor::to_text(*address);
}

std::string_view transport_of(const TargetResult& result) {
  return result.method == SweepMethod::kUdp ? "udp" : "tcp";
}

bool has_answered(const TargetResult& result) {
  return result.open + result.closed + result.rejected != 0;
}

void add_port(const TargetResult& result, const AnsweringPort& port, evidence::Table* table) {
  const evidence::Value answered = port.answered_ms
                                       ? evidence::Value(std::int64_t{*port.answered_ms})
                                       : evidence::Value(evidence::kNull);
  table->add({{"address", sensor::to_text(result.address)},
              {"port", std::int64_t{port.port}},
              {"transport", std::string(transport_of(result))},
              {"state", port.is_certain ? "open" : "open|filtered"},
              {"method", std::string(name_of(result.method))},
              {"role", std::string(name_of(result.role))},
              {"source", address_or_null(result.source)},
              {"answered_ms", answered},
              {"swept_at", result.ended_at}});
}

// Cut behind a comma when it is longer.
std::string cut(const std::string& ports, std::size_t most) {
  if (ports.size() <= most) return ports;
  return ports.substr(0, ports.rfind(',', most) + 1) + "…";
}

// How many ports of one address are listed.
std::size_t most_of_each(std::span<const TargetResult> results) {
  std::size_t all = 0;
  for (const auto& result : results) all += result.answering.size();
  return all <= kMaxPortRows ? all : std::max<std::size_t>(1, kMaxPortRows / results.size());
}

void add_sweep(const TargetResult& result, std::size_t most_text, evidence::Table* table) {
  table->add({{"address", sensor::to_text(result.address)},
              {"transport", std::string(transport_of(result))},
              {"role", std::string(name_of(result.role))},
              {"method", std::string(name_of(result.method))},
              {"source", address_or_null(result.source)},
              {"ports", cut(result.ports, most_text)},
              {"asked", std::int64_t{result.asked}},
              {"open", std::int64_t{result.open}},
              {"closed", std::int64_t{result.closed}},
              {"rejected", std::int64_t{result.rejected}},
              {"silent", std::int64_t{result.silent}},
              {"unsent", std::int64_t{result.unsent}},
              {"note", text_or_null(result.note)},
              {"began_at", result.began_at},
              {"ended_at", result.ended_at}});
}

}  // namespace

std::vector<evidence::Table> sweep_tables(std::span<const TargetResult> results) {
  evidence::Table ports(*evidence::find_table("reachable_ports"));
  evidence::Table sweeps(*evidence::find_table("sweeps"));
  // Where nobody answers anything, silence on a UDP port is no port that might be open.
  std::set<Address> alive;
  for (const auto& result : results)
    if (has_answered(result)) alive.insert(result.address);
  const auto most = most_of_each(results);
  const auto most_text = std::clamp<std::size_t>(
      kMaxPortsText / std::max<std::size_t>(1, results.size()), 100, 60'000);
  for (auto result : results) {
    if (result.answering.size() > most) {
      result.answering.resize(most);
      result.add_note("more ports answer than are listed");
    }
    add_sweep(result, most_text, &sweeps);
    for (const auto& port : result.answering)
      if (port.is_certain || alive.contains(result.address)) add_port(result, port, &ports);
  }
  return {std::move(ports), std::move(sweeps)};
}

}  // namespace assay::agent::sweep
