// Tables that no probe fills: assay-scanner does, for a scan, by asking over the network.
//
// A source is one sub-command of assay-scanner and the tables that it answers with. A new one is a
// file in this folder with its class, and one line in the list in network_source.cc. Sources have
// no network code: they say what to ask, and check what is answered, which is hostile input.
//
// An object is made for one look and used by one thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/scan/network/local_endpoints.h"
#include "agent/settings/settings.h"
#include "evidence/result.h"
#include "evidence/table.h"
#include "evidence/timestamp.h"

namespace assay::agent {

struct NetworkQuestion {
  std::vector<std::string> arguments;  // of assay-scanner
  std::string input;                   // its standard input
  // After which it is ended.
  std::chrono::milliseconds time_limit{0};
  // Nothing is to be asked: assay-scanner is not started, and answer() is called without a table.
  bool is_empty = false;
};

struct NetworkFacts {
  const Settings* settings = nullptr;
  std::vector<LocalEndpoint> own;  // listeners of this machine, for sources that are about them
  evidence::Seconds now;
};

class NetworkSource {
 public:
  virtual ~NetworkSource() = default;
  // kUnavailable: not now, as the settings say; what is known from before holds until then.
  [[nodiscard]] virtual Result<NetworkQuestion> question(const NetworkFacts& facts) = 0;
  // All tables of the source, from those that the scanner gave. kInvalidData: they are no answer to
  // the question; then there is none of them.
  [[nodiscard]] virtual Result<std::vector<evidence::Table>> answer(
      std::vector<evidence::Table> tables) = 0;
  // What was left out of the question, in words; empty: nothing. Known after question().
  [[nodiscard]] virtual std::string loss() const { return {}; }
};

enum class NetworkSubject : std::uint8_t {
  // What listens here, and targets. Looked at again when it has changed, and when somebody asks for
  // a scan; by hand as well.
  kServices,
  // Other machines, to which it is a burden: by the resident agent, once in its interval, whoever
  // asks for a scan.
  kOthers,
};

struct KnownNetworkSource {
  std::string_view name;
  std::span<const std::string_view> tables;  // the first bears the cost of all
  NetworkSubject subject = NetworkSubject::kServices;
  // nullopt: with these settings there is no such source, and a scan is without its tables.
  std::optional<NetworkUse> (*use)(const Settings& settings);
  // The oldest that the resident agent lets an answer become.
  std::chrono::seconds (*interval)(const Settings& settings);
  std::unique_ptr<NetworkSource> (*make)();
};
[[nodiscard]] std::span<const KnownNetworkSource> network_sources();

// For the scanner to write its answer down when its own time is over.
inline constexpr std::chrono::seconds kScannerGrace{10};

// One function per file of this folder.
[[nodiscard]] KnownNetworkSource neighbour_source();
[[nodiscard]] KnownNetworkSource services_source();
[[nodiscard]] KnownNetworkSource tls_source();

}  // namespace assay::agent
