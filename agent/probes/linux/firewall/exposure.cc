#include "agent/probes/linux/firewall/exposure.h"

#include "agent/probes/linux/firewall/packet_filters.h"
#include "agent/probes/linux/firewall/packet_path.h"
#include "agent/probes/linux/network/listeners.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kInet = 2;
constexpr std::uint8_t kInet6 = 10;
constexpr std::size_t kMaxSources = 8;           // ranges in one cell
constexpr std::size_t kMaxPublishedPorts = 500;  // of one rule

struct Reach {
  std::string reach;
  std::string sources;
  std::string why;
  bool operator==(const Reach&) const = default;
};

struct LocalAddress {
  std::string interface;
  IpAddress address;
  AddressSet network;  // of the interface's mask
};

// An interface and the addresses a packet that comes in there may be meant for.
struct Door {
  std::string interface;
  std::vector<IpAddress> destinations;
};

bool is_loopback_interface(std::string_view interface) {
  return interface == "lo";
}

std::uint8_t socket_family(IpFamily family) {
  return family == IpFamily::kV4 ? kInet : kInet6;
}

// Programs that take connections on behalf of a container.
bool is_container_proxy(std::string_view process) {
  constexpr std::array<std::string_view, 6> kNames = {"docker-proxy", "rootlessport", "rootlesskit",
                                                      "slirp4netns",  "pasta",        "pasta.avx2"};
  return std::ranges::find(kNames, process) != kNames.end();
}

// The names that engines give the bridges of their containers.
bool is_container_interface(std::string_view interface) {
  constexpr std::array<std::string_view, 9> kPrefixes = {
      "docker", "br-", "podman", "cni", "lxcbr", "lxdbr", "incusbr", "veth", "flannel"};
  return std::ranges::any_of(kPrefixes,
                             [&](std::string_view name) { return interface.starts_with(name); });
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) append_expression(text, part);
  return text;
}

// The worse of two answers for the same listener: what lets more in.
int rank(std::string_view reach) {
  constexpr std::array<std::string_view, 5> kRanks = {"loopback_only", "filtered", "unknown",
                                                      "published_by_container", "reachable"};
  return static_cast<int>(std::ranges::find(kRanks, reach) - kRanks.begin());
}

// An IPv4 address that is written as one of IPv6 (::ffff:192.0.2.1).
bool is_mapped(const IpAddress& address) {
  return address.family == IpFamily::kV6 && address.number.high == 0 &&
         address.number.low >> 32U == 0xffffU;
}

// "::" takes the packets for all IPv4 addresses too.
IpAddress unmapped(const IpAddress& address) {
  return {IpFamily::kV4, {0, address.number.low & 0xffff'ffffU}};
}

class Exposure {
 public:
  Exposure(const PacketFilters& filters, const std::vector<InterfaceAddress>& addresses)
      : path_(filters.tables), translations_(path_.translations()) {
    for (const auto& entry : addresses) add_address(entry);
  }

  [[nodiscard]] const std::vector<const FilterRule*>& translations() const { return translations_; }

  // What each interface lets in; one answer with an empty name when all agree.
  std::vector<std::pair<std::string, Reach>> of(const Listener& listener, IpFamily family) {
    auto address = parse_address(listener.socket.address);
    if (address && family == IpFamily::kV4) address = unmapped(*address);
    if (!address) return {{{}, {"unknown", {}, "an address of a form that is not known"}}};
    if (is_loopback(*address) || is_loopback_interface(listener.socket.interface))
      return {{{}, of_loopback(listener)}};
    const auto doors = doors_of(listener, *address, family);
    if (doors.empty())
      return {{{}, {"loopback_only", {}, "the machine has no other address of this family"}}};
    std::vector<std::pair<std::string, Reach>> answers;
    for (const auto& door : doors)
      answers.emplace_back(door.interface, through(door, listener, family));
    return merged(std::move(answers));
  }

  // Whether packets for a port on which nothing listens go to a container all the same.
  std::vector<std::pair<std::string, Reach>> published(std::uint8_t protocol, std::uint16_t port,
                                                       IpFamily family) {
    Listener nobody;
    nobody.socket.protocol = protocol;
    nobody.socket.port = port;
    const IpAddress any{family, {}};
    std::vector<std::pair<std::string, Reach>> answers;
    for (const auto& door : doors_of(nobody, any, family)) {
      auto reach = through(door, nobody, family);
      if (reach.reach == "published_by_container")
        answers.emplace_back(door.interface, std::move(reach));
    }
    return merged(std::move(answers));
  }

 private:
  void add_address(const InterfaceAddress& entry) {
    auto address = parse_address(entry.address.substr(0, entry.address.find('%')));
    if (!address || is_loopback_interface(entry.interface) || is_loopback(*address)) return;
    const auto mask = parse_address(entry.mask);
    auto network = mask && mask->family == address->family ? masked_set(*address, *mask)
                                                           : std::optional<AddressSet>();
    addresses_.push_back({entry.interface, *address,
                          network.value_or(AddressSet(address->number, address->number))});
    auto& signature = signatures_[entry.interface];
    if (signature.empty()) signature = path_.interface_signature(entry.interface);
  }

  // A loopback address is out of reach, unless a rule sends packets from outside there.
  Reach of_loopback(const Listener& listener) const {
    for (const auto* rule : translations_) {
      const bool is_port =
          !rule->is_complete() || !rule->new_port || *rule->new_port == listener.socket.port;
      const bool is_local =
          !rule->is_complete() || (rule->new_address && is_loopback(*rule->new_address));
      if (is_port && is_local)
        return {"unknown", {}, "a rule sends packets to a loopback address: " + rule->target};
    }
    return {"loopback_only", {}, "it listens on a loopback address"};
  }

  // One interface of each kind that rules tell apart would do, but rows name interfaces; so all
  // are listed, and equal ones are computed once (see through()).
  std::vector<Door> doors_of(const Listener& listener, const IpAddress& address, IpFamily family) {
    std::vector<Door> doors;
    for (const auto& local : addresses_) {
      if (local.address.family != family) continue;
      if (!listener.socket.interface.empty() && listener.socket.interface != local.interface)
        continue;
      if (std::ranges::find(doors, local.interface, &Door::interface) == doors.end())
        doors.push_back({local.interface, {}});
    }
    for (auto& door : doors) door.destinations = destinations(listener, address, family, door);
    return doors;
  }

  // Packets for any address of the machine may come in anywhere.
  std::vector<IpAddress> destinations(const Listener& listener, const IpAddress& address,
                                      IpFamily family, const Door& door) {
    if (!is_any(address)) return {address};
    std::vector<IpAddress> all;
    std::set<std::vector<bool>> seen;
    const auto add = [&](const IpAddress& candidate) {
      if (seen.insert(path_.destination_signature(candidate)).second) all.push_back(candidate);
    };
    for (const auto& local : addresses_)
      if (local.interface == door.interface && local.address.family == family) add(local.address);
    for (const auto& local : addresses_)
      if (local.address.family == family) add(local.address);
    if (listener.socket.protocol == kUdp)
      for (const auto& group : path_.named_multicasts(family)) add(group);
    return all;
  }

  Reach through(const Door& door, const Listener& listener, IpFamily family) {
    const bool is_proxy = is_container_proxy(listener.process.name);
    Reach worst{"loopback_only", {}, {}};
    for (const auto& destination : door.destinations) {
      auto reach = through(door.interface, destination, listener.socket, family);
      if (reach.reach == "reachable" && is_proxy) {
        reach.reach = "published_by_container";
        reach.why = listener.process.name + " takes connections; " + reach.why;
      }
      if (rank(reach.reach) > rank(worst.reach)) worst = std::move(reach);
    }
    return worst;
  }

  const Reach& through(const std::string& interface, const IpAddress& destination,
                       const Socket& socket, IpFamily family) {
    auto key = std::tuple(signatures_[interface], destination.number, socket.protocol, socket.port,
                          family);
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    const Flow flow{.family = family,
                    .protocol = socket.protocol,
                    .port = socket.port,
                    .in = interface,
                    .out = {},
                    .destination = destination,
                    .audience = is_multicast(destination) ? Audience::kMulticast : Audience::kHost};
    return known_.emplace(std::move(key), judge(flow)).first->second;
  }

  Reach judge(const Flow& flow) const {
    const auto passage = path_.to_listener(flow);
    const auto sources = to_text(passage.surely, flow.family, kMaxSources);
    if (!passage.surely.is_empty()) return {"reachable", sources, passage.why};
    for (const auto& translation : passage.translations)
      if (auto published = of_container(flow, translation)) return *std::move(published);
    if (!passage.translations.empty())
      return {"unknown", {}, "packets are sent elsewhere: " + passage.translations.front().why};
    if (!passage.doubts.empty()) return {"unknown", {}, joined(passage.doubts)};
    if (!passage.perhaps.is_empty())
      return {"unknown", {}, "it depends on the sender's port or on a rate: " + passage.why};
    if (const auto* rule = rule_towards(flow))
      return {"unknown", {}, "packets for another port may be sent here: " + rule->target};
    return {"filtered", {}, passage.why};
  }

  // A rule that gives packets for another port this one, or an address that we cannot tell.
  [[nodiscard]] const FilterRule* rule_towards(const Flow& flow) const {
    for (const auto* rule : translations_) {
      if (!(flow.family == IpFamily::kV4 ? rule->when.v4 : rule->when.v6)) continue;
      const bool is_elsewhere = rule->is_complete() && rule->action == Action::kDnat &&
                                rule->new_address &&
                                std::ranges::none_of(addresses_, [&](const LocalAddress& local) {
                                  return local.address == *rule->new_address;
                                });
      const bool is_other_port =
          rule->is_complete() && rule->new_port && *rule->new_port != flow.port;
      const bool keeps_port = rule->is_complete() && !rule->new_port &&
                              rule->when.destination_ports &&
                              !rule->when.destination_ports->contains(flow.port);
      if (!is_elsewhere && !is_other_port && !keeps_port) return rule;
    }
    return nullptr;
  }

  // What becomes of packets that are sent to a container's address.
  [[nodiscard]] std::optional<Reach> of_container(const Flow& flow,
                                                  const Translation& translation) const {
    if (!translation.address) return std::nullopt;
    const auto bridge = std::ranges::find_if(addresses_, [&](const LocalAddress& local) {
      return local.address.family == translation.address->family &&
             local.network.contains(translation.address->number);
    });
    if (bridge == addresses_.end() || !is_container_interface(bridge->interface))
      return std::nullopt;
    auto onward = flow;
    onward.destination = *translation.address;
    onward.port = translation.port.value_or(static_cast<std::uint16_t>(flow.port));
    onward.out = bridge->interface;
    const auto passage = path_.forwarded(onward);
    if (passage.perhaps.is_empty() && passage.doubts.empty() && translation.is_sure)
      return Reach{"filtered", {}, translation.why + "; " + passage.why};
    auto why = translation.why + "; " + passage.why;
    if (passage.surely.is_empty()) why += "; not every rule on the way is understood";
    return Reach{"published_by_container", {}, std::move(why)};
  }

  static std::vector<std::pair<std::string, Reach>> merged(
      std::vector<std::pair<std::string, Reach>> answers) {
    const bool is_same = std::ranges::all_of(
        answers, [&](const auto& answer) { return answer.second == answers.front().second; });
    if (answers.empty() || !is_same) return answers;
    answers.resize(1);
    answers.front().first.clear();
    return answers;
  }

  using Key = std::tuple<std::vector<bool>, AddressNumber, std::uint8_t, std::uint16_t, IpFamily>;

  PacketPath path_;
  std::vector<const FilterRule*> translations_;
  std::vector<LocalAddress> addresses_;
  std::map<std::string, std::vector<bool>, std::less<>> signatures_;
  std::map<Key, Reach> known_;
};

void add_rows(const Listener& listener, IpFamily family,
              const std::vector<std::pair<std::string, Reach>>& answers, evidence::Table& table) {
  for (const auto& [interface, reach] : answers)
    table.add({{"port", std::int64_t{listener.socket.port}},
               {"protocol", std::int64_t{listener.socket.protocol}},
               {"family", std::int64_t{socket_family(family)}},
               {"address", text_or_null(listener.socket.address)},
               {"interface", text_or_null(interface)},
               {"path", text_or_null(listener.process.path)},
               {"process", text_or_null(listener.process.name)},
               {"package", text_or_null(listener.package)},
               {"unit", text_or_null(listener.process.unit)},
               {"reach", reach.reach},
               {"sources", text_or_null(reach.sources)},
               {"why", text_or_null(reach.why)}});
}

using Seen = std::set<std::tuple<std::uint8_t, std::uint32_t, IpFamily>>;  // protocol, port

// Ports that rules send to containers while no program of this machine listens there.
void add_published(Exposure& exposure, Seen& seen, evidence::Table& table) {
  for (const auto* rule : exposure.translations()) {
    if (rule->action != Action::kDnat || !rule->when.destination_ports) continue;
    std::size_t count = 0;
    for (const auto& range : rule->when.destination_ports->ranges()) {
      for (auto port = range.first; port <= range.last; ++port) {
        if (++count > kMaxPublishedPorts) break;
        for (const std::uint8_t protocol : {std::uint8_t{6}, kUdp}) {
          if (rule->when.protocols && !rule->when.protocols->contains(protocol)) continue;
          for (const auto family : {IpFamily::kV4, IpFamily::kV6}) {
            if (!seen.emplace(protocol, port, family).second) continue;
            Listener nobody;
            nobody.socket.protocol = protocol;
            nobody.socket.port = static_cast<std::uint16_t>(port);
            add_rows(nobody, family, exposure.published(protocol, nobody.socket.port, family),
                     table);
          }
        }
      }
    }
  }
}

}  // namespace

Result<evidence::Table> collect_exposure(Host& host) {
  const auto listeners = find_listeners(host);
  if (!listeners) return fail(listeners.error());
  const auto addresses = host.interface_addresses();
  if (!addresses) return fail(addresses.error());
  const auto filters = read_packet_filters(host);
  if (!filters) return fail(filters.error());

  Exposure exposure(*filters, *addresses);
  evidence::Table table(*evidence::find_table("exposure"));
  Seen seen;
  for (const auto& listener : *listeners) {
    const auto& socket = listener.socket;
    const auto address = parse_address(socket.address);
    const bool is_v4 = socket.family == kInet || (address && is_mapped(*address));
    const auto family = is_v4 ? IpFamily::kV4 : IpFamily::kV6;
    add_rows(listener, family, exposure.of(listener, family), table);
    const bool is_wide = address && is_any(*address);
    if (is_wide) seen.emplace(socket.protocol, socket.port, family);
    // A socket on "::" takes IPv4 too, unless it says no.
    if (family == IpFamily::kV6 && is_wide && !socket.is_v6_only) {
      seen.emplace(socket.protocol, socket.port, IpFamily::kV4);
      add_rows(listener, IpFamily::kV4, exposure.of(listener, IpFamily::kV4), table);
    }
  }
  add_published(exposure, seen, table);
  return table;
}

}  // namespace assay::agent
