// Joins what a host says of its ports with what other machines measured and sensors saw.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/ports/asked_ports.h"
#include "collector/ports/port_view.h"
#include "evidence/table.h"

namespace assay::collector {

// So many sightings are kept of one port, the latest.
inline constexpr std::size_t kMostSightings = 20;

class PortViews {
 public:
  // `exposure` is the host's own table, or null where it is missing; `since`: when it was
  // collected. `addresses` are the host's (table interface_addresses, or null): loopback and
  // link-local ones, which every machine has, are left out.
  PortViews(const evidence::Table* exposure, const evidence::Table* addresses, std::int64_t since);

  // The host's addresses that others may have asked.
  [[nodiscard]] const std::set<std::string>& addresses() const { return addresses_; }

  // What `host` measured, from its tables `reachable_ports` and `sweeps`. True if any of it is of
  // this host.
  bool add_probes(const std::string& host, const evidence::Table& reachable,
                  const evidence::Table& sweeps);
  // What a sensor of `host` saw: its table `observed_flows`.
  bool add_sightings(const std::string& host, const evidence::Table& flows);

  // By transport and port; ports that nobody lists and nobody reaches are left out.
  [[nodiscard]] std::vector<PortView> views() const;

 private:
  using Key = std::pair<std::string, std::int64_t>;  // transport, port
  // A sweep of one address over one transport that asked all that it meant to: what did not answer
  // it is not open from there.
  struct Swept {
    ProbeView probe;
    std::string transport;
    AskedPorts asked;
  };
  PortView& at(const std::string& transport, std::int64_t port);
  void add_own(const evidence::Table& exposure);

  std::set<std::string> addresses_;
  bool has_own_view_ = false;
  std::int64_t since_ = 0;
  std::map<Key, PortView> views_;
  std::vector<Swept> swept_;
};

}  // namespace assay::collector
