#include "agent/network/sweep/plan/sweep_plan.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace assay::agent::sweep {

namespace {

constexpr std::array kRoles{Role::kOwn, Role::kScanner, Role::kNeighbour};
constexpr std::array<std::pair<WantedMethod, std::string_view>, 3> kMethods{
    {{WantedMethod::kAuto, "auto"},
     {WantedMethod::kSyn, "syn"},
     {WantedMethod::kConnect, "connect"}}};

std::string_view take_word(std::string_view* line) {
  const auto blank = std::min(line->find(' '), line->size());
  const auto word = line->substr(0, blank);
  line->remove_prefix(std::min(blank + 1, line->size()));
  return word;
}

SweepPart& part_of(SweepPlan* plan, Role role) {
  const auto found = std::ranges::find(plan->parts, role, &SweepPart::role);
  if (found != plan->parts.end()) return *found;
  plan->parts.push_back({.role = role, .targets = {}, .ports = {}});
  return plan->parts.back();
}

Status read_until(std::string_view value, SweepPlan* plan) {
  const auto read = std::from_chars(value.data(), value.data() + value.size(), plan->until);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size() || plan->until < 1)
    return fail(Code::kInvalidData, "a time that is none");
  return {};
}

Status read_rate(std::string_view value, SweepPlan* plan) {
  std::uint32_t rate = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), rate);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size() ||
      rate > kMaxPacketsPerSecond)
    return fail(Code::kInvalidData, "a rate that is none");
  plan->packets_per_second = rate;
  return {};
}

Status read_part(Role role, std::string_view value, SweepPlan* plan) {
  auto& part = part_of(plan, role);
  const auto what = take_word(&value);
  if (what == "ports") {
    auto ports = ports_from(value);
    if (!ports) return fail(Code::kInvalidData, ports.error().message());
    part.ports = *std::move(ports);
    return {};
  }
  if (what != "target") return fail(Code::kInvalidData, "neither ports nor a target");
  const auto range = range_from(value);
  if (!range) return fail(Code::kInvalidData, range.error().message());
  part.targets.add(*range);
  return {};
}

Status read_line(std::string_view line, SweepPlan* plan) {
  const auto word = take_word(&line);
  if (word == "rate") return read_rate(line, plan);
  if (word == "until") return read_until(line, plan);
  if (word == "method") {
    const auto found =
        std::ranges::find(kMethods, line, &std::pair<WantedMethod, std::string_view>::second);
    if (found == kMethods.end()) return fail(Code::kInvalidData, "a method that is none");
    plan->method = found->first;
    return {};
  }
  if (word == "exclude") {
    const auto range = range_from(line);
    if (!range) return fail(Code::kInvalidData, range.error().message());
    plan->exclude.add(*range);
    return {};
  }
  const auto role = std::ranges::find(kRoles, word, [](Role one) { return name_of(one); });
  if (role == kRoles.end()) return fail(Code::kInvalidData, "a word that is none of a plan's");
  return read_part(*role, line, plan);
}

}  // namespace

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kOwn: return "own";
    case Role::kScanner: return "scanner";
    case Role::kNeighbour: return "neighbour";
  }
  return "own";
}

bool is_within_limits(const SweepPlan& plan) {
  std::uint64_t addresses = 0;
  std::uint64_t probes = 0;
  for (const auto& part : plan.parts) {
    const auto more = part.targets.count(kMaxAddresses);
    addresses += more;
    probes += more * (count(part.ports.tcp) + count(part.ports.udp));
  }
  return addresses <= kMaxAddresses && probes <= kMaxProbes;
}

std::string to_text(const SweepPlan& plan) {
  std::string out = "rate " + std::to_string(plan.packets_per_second) + "\nmethod ";
  out.append(
      std::ranges::find(kMethods, plan.method, &std::pair<WantedMethod, std::string_view>::first)
          ->second);
  out += '\n';
  if (plan.until != 0) out.append("until ").append(std::to_string(plan.until)) += '\n';
  for (const auto& range : plan.exclude.ranges())
    out.append("exclude ").append(to_text(range)) += '\n';
  for (const auto& part : plan.parts) {
    const std::string role(name_of(part.role));
    out.append(role).append(" ports ").append(to_text(part.ports)) += '\n';
    for (const auto& range : part.targets.ranges())
      out.append(role).append(" target ").append(to_text(range)) += '\n';
  }
  return out;
}

Result<SweepPlan> plan_from(std::string_view text) {
  SweepPlan plan;
  int number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    ++number;
    if (const auto read = read_line(text.substr(0, end), &plan); !read)
      return fail(read.error().within("the plan of a sweep, line " + std::to_string(number)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  for (auto& part : plan.parts) part.targets.remove(plan.exclude);
  if (!is_within_limits(plan))
    return fail(Code::kInvalidData, "more addresses or ports than are swept at once");
  return plan;
}

}  // namespace assay::agent::sweep
