// What is found out of one security product: a row of security_agents in the making.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/presence/presence.h"

namespace assay::agent {

struct Findings {
  Presence presence;
  std::optional<bool> real_time;
  std::string signature_version;
  std::string signature_date;  // YYYY-MM-DD
  std::string last_scan;       // YYYY-MM-DD
  std::string management_server;

  void from(std::string_view source) { presence.sources.emplace_back(source); }
  void note(std::string_view text) { presence.notes.emplace_back(text); }
  // Why columns are NULL. `columns`: their names, with ", " between.
  void unknown(std::string_view columns, std::string_view why) {
    note(std::string(columns).append(": ").append(why));
  }
};

inline constexpr std::string_view kSignatures = "signature_version, signature_date";
inline constexpr std::string_view kOnlyProduct = "known to the product only";
inline constexpr std::string_view kOnlyConsole = "known to its console only";

// Looks at what is particular to one product; what cannot be known is left out, and noted. Only a
// failure that leaves the whole row in doubt is an Error.
using Inspector = Status (*)(Host& host, PresenceFinder& finder, Findings& findings);

struct SecurityProduct {
  Product product;
  Inspector inspect = nullptr;          // none: only its presence can be told from outside
  std::vector<std::string_view> rules;  // packages of its rules: the first there has their version
};

}  // namespace assay::agent
