#include "agent/scan/network/neighbour_source.h"

#include <algorithm>
#include <array>

#include "agent/scan/network/network_source.h"
#include "agent/scanner/scanned_tables.h"

namespace assay::agent {

namespace {

using evidence::Table;

constexpr std::array<std::string_view, 2> kTables{"reachable_ports", "sweeps"};
// Every port is asked up to three times; each question is a packet.
constexpr std::uint64_t kMostQuestions = 3;

class NeighbourSource final : public NetworkSource {
 public:
  Result<NetworkQuestion> question(const NetworkFacts& facts) override {
    auto plan = neighbour_plan(facts.settings->sweep, facts.now.time_since_epoch().count());
    if (!plan) return fail(plan.error());
    plan_ = *std::move(plan);
    return NetworkQuestion{.arguments = {"sweep"},
                           .input = to_text(plan_),
                           .time_limit = 2 * kMaxNeighbourCheck};
  }

  Result<std::vector<Table>> answer(std::vector<Table> tables) override {
    if (tables.size() != kTables.size())
      return fail(Code::kInvalidData, "the scanner's answer: not the tables of a sweep");
    for (const auto name : kTables) {
      const auto* found = table_named(tables, name);
      if (found == nullptr)
        return fail(Code::kInvalidData, "the scanner's answer lacks " + std::string(name));
      for (std::size_t i = 0; i < found->rows().size(); ++i)
        if (!is_asked(found->at(i, "address")))
          return fail(Code::kInvalidData, "the scanner's answer: " + std::string(name) +
                                              " has what nobody asked for");
    }
    return tables;
  }

 private:
  [[nodiscard]] bool is_asked(const evidence::Value& address) const {
    const auto range = sweep::range_from(evidence::to_text(address));
    return range && std::ranges::any_of(
                        plan_.parts, [&](const auto& part) { return part.targets.has(*range); });
  }

  sweep::SweepPlan plan_;
};

}  // namespace

Result<sweep::SweepPlan> neighbour_plan(const sweep::SweepSettings& settings, std::int64_t now) {
  auto plan =
      sweep::plan_of(settings, {.targets = {}, .is_of_neighbours = true}, {.own = {}, .now = now});
  if (!plan) return fail(plan.error().code, plan.error().words.en);
  std::uint64_t ports = 0;
  for (const auto& part : plan->parts)
    ports +=
        part.targets.count(sweep::kMaxAddresses) * (count(part.ports.tcp) + count(part.ports.udp));
  const auto most = static_cast<std::uint64_t>(std::chrono::seconds(kMaxNeighbourCheck).count()) *
                    plan->packets_per_second;
  if (ports * kMostQuestions > most)
    return fail(Code::kTooLarge,
                "checking the neighbours could take longer than ten minutes at this rate: fewer "
                "neighbours or ports, or a higher rate (sweep.neighbour_ports, sweep.rate)");
  return *std::move(plan);
}

KnownNetworkSource neighbour_source() {
  return {.name = "neighbours",
          .tables = kTables,
          .subject = NetworkSubject::kOthers,
          .use = [](const Settings& settings) -> std::optional<NetworkUse> {
            if (settings.sweep.neighbours.is_empty()) return std::nullopt;
            return NetworkUse::kAuto;
          },
          .interval = [](const Settings& settings) { return settings.scan.walk_interval; },
          .make = []() -> std::unique_ptr<NetworkSource> {
            return std::make_unique<NeighbourSource>();
          }};
}

}  // namespace assay::agent
