// Tables that assay-scanner fills for a scan.
//
// A source is one sub-command of assay-scanner and the tables that it answers with. A new one is a
// file in this folder with its class, and one line in the list in network_source.cc. Sources have
// no network code: they say what to ask, and check what is answered, which is hostile input.
//
// An object is made for one look and used by one thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/scan/network/local_endpoints.h"
#include "agent/settings/network_settings.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

struct NetworkQuestion {
  std::vector<std::string> arguments;  // of assay-scanner
  std::string input;                   // its standard input
  // Nothing is to be asked: assay-scanner is not started, and answer() is called without a table.
  bool is_empty = false;
};

class NetworkSource {
 public:
  virtual ~NetworkSource() = default;
  [[nodiscard]] virtual NetworkQuestion question(const std::vector<LocalEndpoint>& own,
                                                 const NetworkSettings& settings) = 0;
  // All tables of the source, from those that the scanner gave. kInvalidData: they are no answer to
  // the question; then there is none of them.
  [[nodiscard]] virtual Result<std::vector<evidence::Table>> answer(
      std::vector<evidence::Table> tables) = 0;
  // What was left out of the question, in words; empty: nothing. Known after question().
  [[nodiscard]] virtual std::string loss() const { return {}; }
};

struct KnownNetworkSource {
  std::string_view name;
  std::span<const std::string_view> tables;  // the first bears the cost of all
  NetworkUse (*use)(const NetworkSettings& settings);
  std::unique_ptr<NetworkSource> (*make)();
};
[[nodiscard]] std::span<const KnownNetworkSource> network_sources();

// One function per file of this folder.
[[nodiscard]] KnownNetworkSource tls_source();

}  // namespace assay::agent
