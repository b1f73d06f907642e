#include "collector/ports/port_views.h"

#include <algorithm>
#include <functional>

namespace assay::collector {
namespace {

constexpr std::int64_t kTcp = 6;
constexpr std::int64_t kUdp = 17;

std::string text(const evidence::Table& table, std::size_t row, std::string_view column) {
  return evidence::to_text(table.at(row, column));
}

std::optional<std::int64_t> number(const evidence::Table& table, std::size_t row,
                                   std::string_view column) {
  const auto value = table.at(row, column);
  const auto* found = std::get_if<std::int64_t>(&value);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::string transport_of(std::optional<std::int64_t> protocol) {
  if (protocol == kTcp) return "tcp";
  return protocol == kUdp ? "udp" : "";
}

Reach reach_of(std::string_view name) {
  if (name == "loopback_only") return Reach::kLoopbackOnly;
  if (name == "filtered") return Reach::kFiltered;
  if (name == "reachable" || name == "published_by_container") return Reach::kReachable;
  return Reach::kUnknown;
}

// Every machine has them, or they mean something on one cable only.
bool is_of_one_machine(std::string_view address) {
  return !address.empty() && !address.starts_with("127.") && address != "::1" &&
         !address.starts_with("169.254.") && !address.starts_with("fe80:");
}

void add_once(std::vector<std::string>& all, std::string one) {
  if (!one.empty() && std::ranges::find(all, one) == all.end()) all.push_back(std::move(one));
}

// Whether the same asker has an answer of the same address already.
bool has_answered(const PortView& view, const ProbeView& probe) {
  return std::ranges::any_of(view.probes, [&](const auto& one) {
    return one.host == probe.host && one.address == probe.address && one.source == probe.source;
  });
}

}  // namespace

PortViews::PortViews(const evidence::Table* exposure, const evidence::Table* addresses,
                     std::int64_t since)
    : has_own_view_(exposure != nullptr), since_(since) {
  for (std::size_t row = 0; addresses != nullptr && row < addresses->rows().size(); ++row)
    if (auto address = text(*addresses, row, "address"); is_of_one_machine(address))
      addresses_.insert(std::move(address));
  if (exposure != nullptr) add_own(*exposure);
}

PortView& PortViews::at(const std::string& transport, std::int64_t port) {
  auto& view = views_[{transport, port}];
  view.transport = transport;
  view.port = port;
  return view;
}

void PortViews::add_own(const evidence::Table& exposure) {
  for (std::size_t row = 0; row < exposure.rows().size(); ++row) {
    const auto port = number(exposure, row, "port");
    const auto transport = transport_of(number(exposure, row, "protocol"));
    if (!port || transport.empty()) continue;
    auto& own = at(transport, *port).own;
    const auto reach = reach_of(text(exposure, row, "reach"));
    if (!own || reach > own->reach) {
      if (!own) own.emplace();
      own->reach = reach;
      own->why = text(exposure, row, "why");
    }
    add_once(own->addresses, text(exposure, row, "address"));
    add_once(own->processes, text(exposure, row, "process"));
  }
}

bool PortViews::add_probes(const std::string& host, const evidence::Table& reachable,
                           const evidence::Table& sweeps) {
  bool is_any = false;
  const auto probe_at = [&](const evidence::Table& table, std::size_t row, std::string_view time) {
    return ProbeView{.host = host,
                     .source = text(table, row, "source"),
                     .address = text(table, row, "address"),
                     .method = text(table, row, "method"),
                     .at = number(table, row, time).value_or(0)};
  };
  // A machine that asks itself is no other machine.
  const auto is_of_this = [&](const evidence::Table& table, std::size_t row) {
    return text(table, row, "role") != "own" && addresses_.contains(text(table, row, "address"));
  };
  for (std::size_t row = 0; row < reachable.rows().size(); ++row) {
    const auto port = number(reachable, row, "port");
    if (!port || !is_of_this(reachable, row)) continue;
    is_any = true;
    auto probe = probe_at(reachable, row, "swept_at");
    const auto transport = text(reachable, row, "transport");
    probe.state = text(reachable, row, "state") == "open" ? ProbeView::State::kOpen
                                                          : ProbeView::State::kOpenOrFiltered;
    at(transport, *port).probes.push_back(std::move(probe));
  }
  for (std::size_t row = 0; row < sweeps.rows().size(); ++row) {
    if (!is_of_this(sweeps, row)) continue;
    is_any = true;
    AskedPorts asked(text(sweeps, row, "ports"));
    // One that did not come to its end, or whose list was cut, says nothing of what is not in
    // reachable_ports; nor does a packet that was never sent.
    if (number(sweeps, row, "asked") == asked.count() && number(sweeps, row, "unsent") == 0)
      swept_.push_back(
          {probe_at(sweeps, row, "ended_at"), text(sweeps, row, "transport"), std::move(asked)});
  }
  return is_any;
}

bool PortViews::add_sightings(const std::string& host, const evidence::Table& flows) {
  bool is_any = false;
  for (std::size_t row = 0; row < flows.rows().size(); ++row) {
    auto address = text(flows, row, "server");
    const auto port = number(flows, row, "server_port");
    const auto transport = transport_of(number(flows, row, "protocol"));
    const auto answers = number(flows, row, "answered").value_or(0);
    auto client = text(flows, row, "client");
    // Who began a conversation that was caught half-way is a guess.
    const auto began = text(flows, row, "began");
    if (began != "syn" && began != "content") continue;
    if (!port || transport.empty() || answers <= 0 || !addresses_.contains(address) ||
        addresses_.contains(client))
      continue;
    is_any = true;
    at(transport, *port)
        .sightings.push_back({.host = host,
                              .client = std::move(client),
                              .address = std::move(address),
                              .service = text(flows, row, "service"),
                              .answered = answers,
                              .last_seen = number(flows, row, "last_seen")});
  }
  return is_any;
}

std::vector<PortView> PortViews::views() const {
  std::vector<PortView> all;
  for (const auto& [key, view] : views_) {
    auto& one = all.emplace_back(view);
    for (const auto& [probe, transport, asked] : swept_)
      if (transport == view.transport && asked.holds(view.port) && !has_answered(view, probe))
        one.probes.push_back(probe);
    std::ranges::stable_sort(one.sightings, std::greater{}, &SightingView::last_seen);
    one.agreement = agreement_of(one, has_own_view_, since_);
    if (one.sightings.size() > kMostSightings) one.sightings.resize(kMostSightings);
  }
  return all;
}

}  // namespace assay::collector
