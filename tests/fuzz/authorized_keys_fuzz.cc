// Any text as an authorized_keys file: lines are keys with a fingerprint, or refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/accounts/ssh_keys/authorized_key_line.h"
#include "agent/probes/linux/accounts/ssh_keys/authorized_keys.h"
#include "agent/probes/linux/text/lines.h"
#include "tests/unit/agent/map_host.h"

namespace {

constexpr std::size_t kPrintBytes = 7 + 43;  // "SHA256:" and 256 bits in base64

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  assay::agent::Lines lines(text);
  while (const auto line = lines.next()) {
    const auto key = assay::agent::parse_authorized_key(*line);
    if (!key || !*key) continue;
    if ((*key)->algorithm.empty() || (*key)->fingerprint.size() != kPrintBytes) std::abort();
    if ((*key)->bits && *(*key)->bits < 0) std::abort();
  }
  assay::agent::MapHost host{{"/etc/passwd", "root:x:0:0::/root:/bin/sh\n"},
                             {"/root/.ssh/authorized_keys", text},
                             {"/etc/ssh/sshd_config", text}};
  const auto table = assay::agent::collect_authorized_keys(host);
  if (table && !table->defect().empty()) std::abort();
  return 0;
}
