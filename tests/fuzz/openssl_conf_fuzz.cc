// openssl.cnf with its includes, and GnuTLS's file, as an attacker on the host may write them.
#include <cstddef>
#include <cstdint>
#include <string>

#include "agent/probes/linux/hardening/crypto/gnutls_conf.h"
#include "agent/probes/linux/hardening/crypto/openssl_policy.h"
#include "tests/unit/agent/map_host.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  (void)assay::agent::parse_gnutls_conf(input);
  assay::agent::MapHost host{{"/etc/ssl/openssl.cnf", input},
                             {"/etc/ssl/d/a.cnf", input.substr(size / 2)}};
  const auto conf = assay::agent::read_openssl_conf(host, "/etc/ssl/openssl.cnf");
  if (!conf) return 0;
  const auto policy = assay::agent::openssl_policy(*conf);
  (void)assay::agent::oldest_tls(policy, {});
  return 0;
}
