// Any bytes as a profile of a wireless network, in every format.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/network/wireless/ifcfg.h"
#include "agent/probes/linux/network/wireless/interfaces_file.h"
#include "agent/probes/linux/network/wireless/iwd.h"
#include "agent/probes/linux/network/wireless/network_manager.h"
#include "agent/probes/linux/network/wireless/wpa_supplicant_conf.h"

using namespace assay::agent;

namespace {

// A profile says how it is protected, or why that is not known.
void check(const WifiProfile& profile) {
  if (profile.security.empty() && profile.note.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto profile = parse_network_manager_wifi(text)) check(*profile);
  if (const auto profile = parse_ifcfg_wifi(text)) check(*profile);
  if (const auto profile = parse_iwd_network(text.substr(0, text.find('\n')), text))
    check(*profile);
  for (const auto& profile : parse_wpa_supplicant_conf(text)) check(profile);
  for (const auto& profile : parse_interfaces_wifi(text)) check(profile);
  return 0;
}
