#include "agent/probes/linux/network/network.h"

#include "agent/probes/linux/network/arp_cache.h"
#include "agent/probes/linux/network/dns_resolvers.h"
#include "agent/probes/linux/network/listening_ports.h"
#include "agent/probes/linux/network/observed_capture.h"
#include "agent/probes/linux/network/routes.h"
#include "agent/probes/linux/network/shares/nfs_exports.h"
#include "agent/probes/linux/network/shares/samba_shares.h"
#include "agent/probes/linux/network/wireless/wifi_networks.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"

namespace assay::agent {

std::span<const Probe> network_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "arp_cache", .collect = collect_arp_cache},
      Probe{.table = "dns_resolvers", .collect = collect_dns_resolvers},
      Probe{.table = "listening_ports", .collect = collect_listening_ports, .budget = kRpmBudget},
      Probe{.table = "nfs_exports", .collect = collect_nfs_exports},
      Probe{.table = "observed_capture", .collect = collect_observed_capture},
      Probe{.table = "routes", .collect = collect_routes},
      Probe{.table = "samba_shares", .collect = collect_samba_shares},
      Probe{.table = "wifi_networks", .collect = collect_wifi_networks},
  };
  return kProbes;
}

}  // namespace assay::agent
