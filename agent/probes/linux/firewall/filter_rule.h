// Packet filters in one shape, whichever program made them.
//
// Conditions are kept as sets, so that they can be computed with. What a
// condition or statement is that we do not understand stands in
// `not_understood`: such a rule may match more or less than its sets say, and no
// verdict may be built on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/firewall/address_set.h"

namespace assay::agent {

using NumberSet = IntervalSet<std::uint32_t>;

inline constexpr std::uint32_t kLastPort = 65535;
inline constexpr std::uint32_t kLastProtocol = 255;

// Names of interfaces; one that ends in "*" stands for all that begin so.
struct InterfaceMatch {
  std::vector<std::string> names;
  bool is_negated = false;
  [[nodiscard]] bool matches(std::string_view interface) const;
  bool operator==(const InterfaceMatch&) const = default;
};

enum ConnectionState : std::uint8_t {
  kStateInvalid = 1,
  kStateEstablished = 2,
  kStateRelated = 4,
  kStateNew = 8,
  kStateUntracked = 16,
};

// Whom a packet is meant for.
enum class Audience : std::uint8_t { kHost = 1, kBroadcast = 2, kMulticast = 4, kOther = 8 };

struct Conditions {
  bool v4 = true;
  bool v6 = true;
  std::optional<NumberSet> protocols;  // none: any; so below
  std::optional<AddressSet> source;    // of the one family that is left when this is set
  std::optional<AddressSet> destination;
  std::optional<NumberSet> source_ports;
  std::optional<NumberSet> destination_ports;
  std::vector<InterfaceMatch> in;  // all must hold
  std::vector<InterfaceMatch> out;
  std::optional<std::uint8_t> states;    // bits of ConnectionState
  std::optional<std::uint8_t> audience;  // bits of Audience
  // The rule is understood and does not match the first packet of a connection: "other than SYN",
  // "from an address that cannot be".
  bool is_never_first = false;
  bool is_limited = false;     // matches only up to a rate; so at a calm time
  bool is_over_limit = false;  // matches only above a rate; so not at a calm time
  std::vector<std::string> not_understood;

  void add_protocols(const NumberSet& set);
  void add_source(IpFamily family, const AddressSet& set);
  void add_destination(IpFamily family, const AddressSet& set);
  void add_source_ports(const NumberSet& set);
  void add_destination_ports(const NumberSet& set);
  void add_states(std::uint8_t set);
  void add_audience(std::uint8_t set);
  void add_family(IpFamily family);
};

enum class Action : std::uint8_t {
  kContinue,  // no verdict: counts, logs, marks
  kAccept,
  kDrop,
  kReject,
  kJump,
  kGoto,
  kReturn,
  kDnat,
  kRedirect,
  kSnat,
  kNotrack,
  kOther,  // a statement that we do not understand, or that decides elsewhere (queue, tproxy)
};
[[nodiscard]] std::string_view name_of(Action action);

enum class Hook : std::uint8_t {
  kPrerouting,
  kInput,
  kForward,
  kOutput,
  kPostrouting,
  kIngress,
  kEgress
};
[[nodiscard]] std::string_view name_of(Hook hook);
[[nodiscard]] std::optional<Hook> hook_named(std::string_view name);

struct PacketCount {
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
  bool operator==(const PacketCount&) const = default;
};

struct FilterRule {
  std::int64_t position = 0;  // in its chain, from 1; rules made of one have the same
  Conditions when;
  Action action = Action::kContinue;
  std::string target;  // chain, or the new address of a translation
  std::optional<IpAddress> new_address;
  std::optional<std::uint16_t> new_port;
  std::string source_name;  // of a set ("@allowed"), in place of its elements
  std::string destination_name;
  std::string expression;            // what no column has: limits, logs, comments, and all of
                                     // not_understood
  std::optional<PacketCount> count;  // none: it does not count, or counters were left out
  [[nodiscard]] bool is_complete() const {
    return when.not_understood.empty() && action != Action::kOther;
  }
};

struct FilterChain {
  std::string name;
  std::optional<Hook> hook;  // none: only reached by jumps
  std::string type;          // filter, nat, route; of base chains
  std::int64_t priority = 0;
  Action policy = Action::kAccept;
  std::optional<PacketCount> policy_count;
  std::string device;  // of ingress and egress
  std::vector<FilterRule> rules;
};

enum class FilterFamily : std::uint8_t { kIp, kIp6, kInet, kBridge, kArp, kNetdev };
[[nodiscard]] std::string_view name_of(FilterFamily family);
[[nodiscard]] std::optional<FilterFamily> family_named(std::string_view name);

struct FilterTable {
  std::string backend;  // nftables, iptables-legacy, ip6tables-legacy, …
  FilterFamily family = FilterFamily::kIp;
  std::string name;
  bool is_dormant = false;
  std::vector<FilterChain> chains;
  [[nodiscard]] const FilterChain* chain(std::string_view chain_name) const;
};

// Appends with "; " between.
void append_expression(std::string& expression, std::string_view more);

}  // namespace assay::agent
