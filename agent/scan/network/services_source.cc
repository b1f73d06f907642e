// services and service_details: which protocols this machine's listeners and the targets of the
// settings speak, and what they give to whoever asks.
#include <algorithm>
#include <array>

#include "agent/scan/network/asked_endpoints.h"
#include "agent/scan/network/network_source.h"

namespace assay::agent {

namespace {

constexpr std::string_view kName = "services";
constexpr std::array<std::string_view, 2> kTables{"services", "service_details"};
// Of one endpoint: two times that a server may be silent, and some more.
constexpr std::chrono::seconds kEndpointTime{25};

// Log servers: each line of a question that they do not understand becomes an event of a log, and
// maybe an alarm.
std::string why_left_out(const LocalEndpoint& endpoint) {
  constexpr std::array<std::string_view, 4> kLogging{"rsyslogd", "syslog-ng", "systemd-journal",
                                                     "fluent-bit"};
  if (!endpoint.problem.empty() || endpoint.is_udp ||
      std::ranges::find(kLogging, endpoint.process) == kLogging.end())
    return endpoint.problem;
  return "a log server would keep the questions; name it as a target if it may";
}

bool is_reached_by_others(const LocalEndpoint& endpoint) {
  return !endpoint.listener.starts_with("127.") && endpoint.listener != "::1";
}

// What it says to others counts: Redis in its protected mode, for one, trusts loopback alone.
std::string line_of(const LocalEndpoint& endpoint) {
  const auto place = endpoint_text(endpoint.host, endpoint.port);
  if (endpoint.is_udp) return place + "/udp";
  return is_reached_by_others(endpoint) ? place + " neighbour" : place;
}

class ServicesSource final : public NetworkSource {
 public:
  Result<NetworkQuestion> question(const NetworkFacts& facts) override {
    const auto& settings = facts.settings->network;
    for (const auto& target : settings.targets)
      asked_.add_target(target, endpoint_text(target.host, target.port), settings);
    for (const auto& endpoint : facts.own)
      asked_.add_own(endpoint, line_of(endpoint), why_left_out(endpoint), settings);
    const auto endpoint_time = std::min(kEndpointTime, settings.time_limit);
    NetworkQuestion out{.arguments = {"services", "--endpoint-seconds",
                                      std::to_string(endpoint_time.count()), "--seconds",
                                      std::to_string(settings.time_limit.count())},
                        .input = asked_.input(),
                        .time_limit = settings.time_limit + kScannerGrace,
                        .is_empty = asked_.input().empty()};
    if (settings.asks_communities) out.arguments.emplace_back("--snmp-communities");
    out.arguments.emplace_back("-");
    return out;
  }

  Result<std::vector<evidence::Table>> answer(std::vector<evidence::Table> tables) override {
    return asked_.answer(std::move(tables));
  }

  std::string loss() const override { return asked_.loss(); }

 private:
  AskedEndpoints asked_{kName, kTables};
};

}  // namespace

KnownNetworkSource services_source() {
  return {.name = kName,
          .tables = kTables,
          .subject = NetworkSubject::kServices,
          .use = [](const Settings& settings) { return std::optional(settings.network.services); },
          .interval = [](const Settings& settings) { return settings.network.interval; },
          .make = []() -> std::unique_ptr<NetworkSource> {
            return std::make_unique<ServicesSource>();
          }};
}

}  // namespace assay::agent
