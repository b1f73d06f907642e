// Any bytes as smb.conf, which may include itself: always ends, always has a global section.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/probes/linux/network/shares/smb_conf.h"

using namespace assay::agent;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const SmbReader reader = [&](const std::string&) { return assay::Result<std::string>(text); };
  const auto conf = read_smb_conf("/etc/samba/smb.conf", reader);
  if (!conf || conf->sections.empty() || conf->sections.front().name != "global") std::abort();
  return 0;
}
