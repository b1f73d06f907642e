// tls_endpoints, tls_suites and certificates: of this machine's listeners and of the targets that
// the settings name.
#include <algorithm>
#include <array>

#include "agent/scan/network/asked_endpoints.h"
#include "agent/scan/network/network_source.h"

namespace assay::agent {

namespace {

constexpr std::string_view kName = "tls";
constexpr std::array<std::string_view, 3> kTables{"tls_endpoints", "tls_suites", "certificates"};
// Of one endpoint, so that one that hangs does not take the others' time.
constexpr std::chrono::seconds kEndpointTime{20};
// Who begins is found out: the port says nothing.
constexpr std::string_view kFindOut = " auto";

class TlsSource final : public NetworkSource {
 public:
  Result<NetworkQuestion> question(const NetworkFacts& facts) override {
    const auto& settings = facts.settings->network;
    // Who has named a target wants it before what is there anyway.
    for (const auto& target : settings.targets)
      asked_.add_target(target, endpoint_text(target.host, target.port) + " " + target.protocol,
                        settings);
    for (const auto& endpoint : facts.own)
      if (!endpoint.is_udp)
        asked_.add_own(endpoint,
                       endpoint_text(endpoint.host, endpoint.port) + std::string(kFindOut),
                       endpoint.problem, settings);
    const auto endpoint_time = std::min(kEndpointTime, settings.time_limit);
    return NetworkQuestion{.arguments = {"tls", "--endpoint-seconds",
                                         std::to_string(endpoint_time.count()), "--seconds",
                                         std::to_string(settings.time_limit.count()), "-"},
                           .input = asked_.input(),
                           .time_limit = settings.time_limit + kScannerGrace,
                           .is_empty = asked_.input().empty()};
  }

  Result<std::vector<evidence::Table>> answer(std::vector<evidence::Table> tables) override {
    return asked_.answer(std::move(tables));
  }

  std::string loss() const override { return asked_.loss(); }

 private:
  AskedEndpoints asked_{kName, kTables};
};

}  // namespace

KnownNetworkSource tls_source() {
  return {.name = kName,
          .tables = kTables,
          .subject = NetworkSubject::kServices,
          .use = [](const Settings& settings) { return std::optional(settings.network.tls); },
          .interval = [](const Settings& settings) { return settings.network.interval; },
          .make = []() -> std::unique_ptr<NetworkSource> { return std::make_unique<TlsSource>(); }};
}

}  // namespace assay::agent
