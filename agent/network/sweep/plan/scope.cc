#include "agent/network/sweep/plan/scope.h"

#include <algorithm>

namespace assay::agent::sweep {

namespace {

std::unexpected<SweepRefusal> refuse(Code code, std::string en, std::string zh_tw) {
  return std::unexpected(SweepRefusal{code, {std::move(en), std::move(zh_tw)}});
}

// Addresses of a zone cannot be written without it, so nobody means them by their bare form.
bool is_link_local_v6(const Address& address) {
  return !address.is_v4() && address.high >> 54U == 0x3fa;  // fe80::/10
}

AddressSet loopback() {
  AddressSet made;
  made.add(*range_from("127.0.0.0/8"));
  made.add(*range_from("::1"));
  return made;
}

using Parts = std::vector<SweepPart>;

void add_to(Parts* parts, Role role, const AddressRange& range) {
  auto found = std::ranges::find(*parts, role, &SweepPart::role);
  if (found == parts->end()) {
    parts->push_back({.role = role, .targets = {}, .ports = {}});
    found = std::prev(parts->end());
  }
  found->targets.add(range);
}

std::unexpected<SweepRefusal> not_configured(const std::string& target,
                                             const SweepSettings& settings) {
  if (!settings.is_scanner && !settings.ranges.is_empty())
    return refuse(
        Code::kConfiguration,
        target +
            ": this agent has ranges but not the role of a scanner (sweep.scanner); "
            "nothing was sent",
        target + "：本代理程式已設定掃描範圍，但未啟用掃描角色（sweep.scanner），未送出任何封包");
  return refuse(
      Code::kConfiguration,
      target +
          ": not in the local configuration of this agent (sweep.ranges, sweep.neighbours); "
          "only loopback and this machine's own addresses are swept without it. Nothing was sent",
      target +
          "：不在本代理程式的本機設定內（sweep.ranges、sweep.neighbours）；未經設定時僅能掃描 "
          "loopback 與本機位址，未送出任何封包");
}

// The role in which the range is swept, or a refusal: all of it has to be in one.
std::expected<Role, SweepRefusal> role_of(const std::string& target, const AddressRange& range,
                                          const SweepSettings& settings, const ScopeFacts& facts) {
  if (facts.own.has(range)) return Role::kOwn;
  if (settings.is_scanner && settings.ranges.has(range)) return Role::kScanner;
  if (settings.neighbours.has(range)) return Role::kNeighbour;
  return not_configured(target, settings);
}

// The addresses a bare `sweep` is about: of loopback the one that everybody means.
AddressSet default_targets(const AddressSet& own) {
  AddressSet made;
  made.add(*range_from("127.0.0.1"));
  AddressSet others = own;
  others.remove(*range_from("127.0.0.0/8"));
  for (const auto& range : others.ranges()) made.add(range);
  return made;
}

std::expected<Parts, SweepRefusal> parts_of(const SweepSettings& settings,
                                            const SweepRequest& request, const ScopeFacts& facts) {
  Parts parts;
  if (request.is_of_neighbours) {
    if (!request.targets.empty())
      return refuse(Code::kUsage, "either targets or --neighbours", "目標與 --neighbours 只能擇一");
    if (settings.neighbours.is_empty())
      return refuse(Code::kConfiguration, "no neighbours are configured (sweep.neighbours)",
                    "未設定鄰近主機（sweep.neighbours）");
    for (const auto& range : settings.neighbours.ranges()) add_to(&parts, Role::kNeighbour, range);
    return parts;
  }
  if (request.targets.empty())
    parts.push_back({.role = Role::kOwn, .targets = default_targets(facts.own), .ports = {}});
  for (const auto& target : request.targets) {
    const auto range = range_from(target == "localhost" ? "127.0.0.1" : target);
    if (!range)
      return refuse(
          Code::kUsage, range.error().message(),
          "「" + target.substr(0, 100) + "」不是位址、網段（192.0.2.0/24）或範圍（起-迄）");
    const auto role = role_of(target, *range, settings, facts);
    if (!role) return std::unexpected(role.error());
    add_to(&parts, *role, *range);
  }
  return parts;
}

bool is_open(const std::vector<sensor::WorkingHours>& windows, std::int64_t now) {
  return windows.empty() ||
         std::ranges::any_of(windows, [now](const auto& window) { return window.has(now); });
}

// When the last of the windows that are open now, and follow each other, closes; 0: never. Windows
// begin and end with a minute.
std::int64_t closing_time(const std::vector<sensor::WorkingHours>& windows, std::int64_t now) {
  constexpr std::int64_t kWeek = 7 * 24 * 60 * 60;
  if (windows.empty()) return 0;
  for (auto at = now - now % 60 + 60; at <= now + kWeek; at += 60)
    if (!is_open(windows, at)) return at;
  return 0;
}

std::expected<AddressSet, SweepRefusal> exclusions_of(const SweepSettings& settings,
                                                      const SweepRequest& request) {
  AddressSet exclude = settings.exclude;
  for (const auto& text : request.exclude) {
    const auto more = addresses_from(text);
    if (!more)
      return refuse(Code::kUsage, "--exclude " + more.error().message(),
                    "--exclude「" + text.substr(0, 100) + "」不是位址、網段或範圍");
    for (const auto& range : more->ranges()) exclude.add(range);
  }
  return exclude;
}

// The settings' ports by role, unless some were asked for.
std::expected<PortList, SweepRefusal> ports_of(Role role, const SweepSettings& settings,
                                               const SweepRequest& request) {
  if (!request.ports.empty()) {
    auto asked = ports_from(request.ports);
    if (!asked)
      return refuse(Code::kUsage, asked.error().message(),
                    "連接埠「" + request.ports.substr(0, 100) +
                        "」格式不正確；範例：22,80,8000-8100,U:53,161");
    return *asked;
  }
  switch (role) {
    case Role::kScanner: return settings.ports;
    case Role::kNeighbour: return settings.neighbour_ports;
    case Role::kOwn: break;
  }
  return *ports_from(default_own_ports());
}

std::expected<void, SweepRefusal> check_size(const SweepPlan& plan) {
  if (!is_within_limits(plan))
    return refuse(Code::kTooLarge,
                  "at most " + std::to_string(kMaxAddresses) + " addresses and " +
                      std::to_string(kMaxProbes) + " ports in all are swept at once",
                  "單次最多掃描 " + std::to_string(kMaxAddresses) + " 個位址、合計 " +
                      std::to_string(kMaxProbes) + " 個連接埠");
  return {};
}

}  // namespace

AddressSet own_addresses(const std::vector<std::string>& of_interfaces) {
  auto own = loopback();
  for (const auto& text : of_interfaces)
    if (const auto address = sensor::address_from(text); address && !is_link_local_v6(*address))
      own.add({*address, *address});
  return own;
}

std::expected<SweepPlan, SweepRefusal> plan_of(const SweepSettings& settings,
                                               const SweepRequest& request,
                                               const ScopeFacts& facts) {
  auto parts = parts_of(settings, request, facts);
  if (!parts) return std::unexpected(parts.error());
  const auto exclude = exclusions_of(settings, request);
  if (!exclude) return std::unexpected(exclude.error());
  SweepPlan plan;
  plan.exclude = *exclude;
  plan.packets_per_second = settings.packets_per_second;
  if (request.packets_per_second != 0)
    plan.packets_per_second = std::min(plan.packets_per_second, request.packets_per_second);
  for (auto& part : *parts) {
    part.targets.remove(*exclude);
    if (part.targets.is_empty()) continue;
    auto ports = ports_of(part.role, settings, request);
    if (!ports) return std::unexpected(ports.error());
    part.ports = *std::move(ports);
    if (part.role != Role::kOwn && !is_open(settings.windows, facts.now))
      return refuse(Code::kUnavailable,
                    "outside the time window of the local configuration (sweep.window); "
                    "nothing was sent",
                    "目前不在本機設定的掃描時段內（sweep.window），未送出任何封包");
    if (part.role != Role::kOwn) plan.until = closing_time(settings.windows, facts.now);
    plan.parts.push_back(std::move(part));
  }
  if (plan.parts.empty())
    return refuse(Code::kConfiguration,
                  "every target is excluded (sweep.exclude, --exclude); nothing was sent",
                  "所有目標均在排除清單內（sweep.exclude、--exclude），未送出任何封包");
  if (const auto fits = check_size(plan); !fits) return std::unexpected(fits.error());
  return plan;
}

}  // namespace assay::agent::sweep
