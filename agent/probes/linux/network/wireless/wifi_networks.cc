#include "agent/probes/linux/network/wireless/wifi_networks.h"

#include "agent/probes/linux/network/wireless/ifcfg.h"
#include "agent/probes/linux/network/wireless/interfaces_file.h"
#include "agent/probes/linux/network/wireless/iwd.h"
#include "agent/probes/linux/network/wireless/network_manager.h"
#include "agent/probes/linux/network/wireless/wpa_supplicant_conf.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxFiles = 10'000;

using Profiles = std::vector<WifiProfile>;

template <typename Parse>
Profiles at_most_one(Parse parse, std::string_view text) {
  auto profile = parse(text);
  return profile ? Profiles{*std::move(profile)} : Profiles();
}

Profiles network_manager(std::string_view, std::string_view text) {
  return at_most_one(parse_network_manager_wifi, text);
}
Profiles ifcfg(std::string_view name, std::string_view text) {
  return name.starts_with("ifcfg-") ? at_most_one(parse_ifcfg_wifi, text) : Profiles();
}
Profiles wpa_supplicant(std::string_view name, std::string_view text) {
  return name.ends_with(".conf") ? parse_wpa_supplicant_conf(text) : Profiles();
}
Profiles iwd(std::string_view name, std::string_view text) {
  return at_most_one([&](std::string_view content) { return parse_iwd_network(name, content); },
                     text);
}
Profiles interfaces(std::string_view, std::string_view text) {
  return parse_interfaces_wifi(text);
}

struct Place {
  std::string_view folder;
  std::string_view manager;
  Profiles (*read)(std::string_view name, std::string_view text);
};

constexpr std::array<Place, 9> kPlaces = {
    {{"/etc/NetworkManager/system-connections", "NetworkManager", network_manager},
     {"/run/NetworkManager/system-connections", "NetworkManager", network_manager},
     {"/usr/lib/NetworkManager/system-connections", "NetworkManager", network_manager},
     {"/etc/sysconfig/network-scripts", "NetworkManager", ifcfg},
     {"/etc/sysconfig/network", "wicked", ifcfg},
     {"/etc/wpa_supplicant", "wpa_supplicant", wpa_supplicant},
     {"/run/netplan", "wpa_supplicant", wpa_supplicant},
     {"/var/lib/iwd", "iwd", iwd},
     {"/etc/network/interfaces.d", "ifupdown", interfaces}}};

void add_row(const WifiProfile& profile, std::string_view manager, const std::string& path,
             evidence::Table& table) {
  const auto truth = [](const std::optional<bool>& value) {
    return value ? evidence::Value(std::int64_t{*value}) : evidence::Value(evidence::kNull);
  };
  table.add({{"ssid", text_or_null(profile.ssid)},
             {"security", text_or_null(profile.security)},
             {"hidden", truth(profile.is_hidden)},
             {"autoconnect", truth(profile.is_autoconnect)},
             {"interface", text_or_null(profile.interface)},
             {"manager", std::string(manager)},
             {"source", path},
             {"note", text_or_null(profile.note)}});
}

Status add_file(Host& host, const Place& place, const std::string& name, const std::string& path,
                evidence::Table& table) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  // A folder, or gone meanwhile.
  if (!text &&
      (text.error().code() == Code::kInvalidData || text.error().code() == Code::kNotFound))
    return {};
  if (!text) return fail(text.error());
  for (const auto& profile : place.read(name, *text)) add_row(profile, place.manager, path, table);
  return {};
}

}  // namespace

Result<evidence::Table> collect_wifi_networks(Host& host) {
  evidence::Table table(*evidence::find_table("wifi_networks"));
  for (const auto& place : kPlaces) {
    const auto names = host.list_directory(place.folder, kMaxFiles);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    for (const auto& name : *names)
      if (auto added = add_file(host, place, name, std::string(place.folder) + "/" + name, table);
          !added)
        return fail(added.error());
  }
  const std::string interfaces_file = "/etc/network/interfaces";
  if (auto added = add_file(host, kPlaces.back(), "interfaces", interfaces_file, table); !added)
    return fail(added.error());
  return table;
}

}  // namespace assay::agent
