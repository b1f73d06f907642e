// Which packets from other machines get through the packet filters.
//
// Computed with two sets of source addresses at every step: those that surely
// come this far and those that perhaps do. A rule that is not understood makes
// the two differ; so a listener counts as filtered only when perhaps-nobody
// reaches it, and as reachable only when surely-somebody does.
//
// Looked at is the first packet of a connection at a calm time (TCP: SYN alone)
// from an address that may be routed here; established connections are not.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/probes/linux/firewall/filter_rule.h"

namespace assay::agent {

struct Flow {
  IpFamily family = IpFamily::kV4;
  std::uint32_t protocol = 6;
  std::uint32_t port = 0;
  std::string in;   // interface
  std::string out;  // of forwarded packets; empty: cannot be told
  IpAddress destination;
  Audience audience = Audience::kHost;
  bool operator==(const Flow&) const = default;
};

struct Translation {
  std::string why;  // the rule
  bool is_sure = false;
  std::optional<IpAddress> address;  // none: of this machine
  std::optional<std::uint16_t> port;
};

struct Passage {
  AddressSet surely;                // sources whose packets get through
  AddressSet perhaps;               // contains `surely`
  std::string why;                  // the rule or policy that decides
  std::vector<std::string> doubts;  // rules on the way that are not understood
  std::vector<Translation> translations;
};

class PacketPath {
 public:
  // `tables` must outlive this.
  explicit PacketPath(std::span<const FilterTable> tables);

  // To a listener of this machine; and to another machine or container, after translation.
  [[nodiscard]] Passage to_listener(const Flow& flow) const;
  [[nodiscard]] Passage forwarded(const Flow& flow) const;

  // The rules that send packets to another address or port before they are routed.
  [[nodiscard]] std::vector<const FilterRule*> translations() const;

  // Equal for interfaces, and for destinations, that no rule tells apart.
  [[nodiscard]] std::vector<bool> interface_signature(std::string_view interface) const;
  [[nodiscard]] std::vector<bool> destination_signature(const IpAddress& destination) const;
  // Destinations beyond the machine's own addresses that rules name: groups of receivers.
  [[nodiscard]] std::vector<IpAddress> named_multicasts(IpFamily family) const;

 private:
  struct Base {
    const FilterTable* table;
    const FilterChain* chain;
  };
  [[nodiscard]] Passage walk(const Flow& flow, std::span<const Hook> hooks,
                             bool is_forwarded) const;

  std::vector<Base> bases_;  // sorted by hook and priority
  std::vector<const FilterRule*> rules_;
  bool has_bridge_filter_ = false;
};

}  // namespace assay::agent
