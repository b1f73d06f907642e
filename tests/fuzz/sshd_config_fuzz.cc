// sshd_config with its includes, as an attacker on the host may write them. The input is the main
// file; it may include itself, and the same text stands in a drop-in folder.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/hardening/sshd/sshd_config.h"
#include "agent/probes/linux/hardening/sshd/sshd_options.h"
#include "agent/probes/linux/hardening/sshd/sshd_program.h"
#include "tests/unit/agent/map_host.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  (void)assay::agent::read_sshd_program(input);
  (void)assay::agent::parse_sshd_options(input, "/x", 1);
  assay::agent::MapHost host{{"/usr/sbin/sshd", "OpenSSH_9.2p1"},
                             {"/etc/ssh/sshd_config", input},
                             {"/etc/ssh/sshd_config.d/a.conf", input.substr(size / 2)}};
  const auto table = assay::agent::collect_sshd_config(host);
  if (table && !table->defect().empty()) std::abort();
  return 0;
}
