// What else is counted: secrets in clear, name servers, hosts, and what is on a block list.
#pragma once

#include <string>
#include <string_view>

#include "agent/network/sensor/lists/block_list.h"
#include "agent/network/sensor/recognise/dns.h"
#include "agent/network/sensor/recognise/recogniser.h"
#include "agent/network/sensor/tally/tally.h"

namespace assay::agent::sensor {

// Both ends of a flow, with who began.
struct Peers {
  Address client;
  Address server;
  std::uint16_t server_port = 0;
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
  std::uint8_t protocol = 0;

  bool operator==(const Peers&) const = default;
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed) const;
};
[[nodiscard]] Peers peers_of(const Flow& flow);

struct CleartextKey {
  Peers peers;
  std::uint8_t service = 0;
  Secret secret = Secret::kNone;
  std::int8_t offers_tls = -1;  // -1: not known
  bool operator==(const CleartextKey&) const = default;
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed) const;
};
struct Counted {
  std::uint64_t times = 0;
  Seen seen;
};

struct DnsCount {
  std::uint64_t queries = 0;
  std::uint64_t answers = 0;
  std::uint64_t name_errors = 0;  // the name does not exist
  std::uint64_t refusals = 0;     // any other code than success
  Seen seen;
};

struct HostKey {
  Address address;
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
  bool operator==(const HostKey&) const = default;
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed) const;
};
struct HostCount {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  Mac mac{};
  bool has_mac = false;
  std::uint64_t mac_changes = 0;
  Seen seen;
};

// Where it was seen that something is on a list. The words of the table's column `sign`.
enum class Sign : std::uint8_t { kFlow, kDnsQuery, kDnsAnswer, kTlsName, kHttpHost };
[[nodiscard]] std::string_view name_of(Sign sign);

struct HitKey {
  Peers peers;
  const BlockLists::Entry* entry = nullptr;  // of the lists that the sensor was given
  std::string matched;                       // the address or name that was seen
  Sign sign = Sign::kFlow;
  bool operator==(const HitKey&) const = default;
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed) const;
};
struct HitCount {
  std::uint64_t times = 0;
  std::uint64_t answered = 0;
  std::uint64_t bytes = 0;
  Seen seen;
};

struct Findings {
  Findings(std::size_t limit, std::uint64_t seed)
      : cleartext(limit, seed), dns(limit, seed), hosts(limit, seed), hits(limit, seed) {}

  void add_hit(const BlockLists::Entry& entry, const Flow& flow, std::string_view matched,
               Sign sign, std::uint32_t now);

  Tally<CleartextKey, Counted> cleartext;
  Tally<Peers, DnsCount> dns;
  Tally<HostKey, HostCount> hosts;
  Tally<HitKey, HitCount> hits;
};

}  // namespace assay::agent::sensor
