// Files that say they are certificates or keys.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/certificates/certificate_reader.h"
#include "agent/probes/linux/hardening/files/secret_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)assay::agent::private_key_facts(input);
  (void)assay::agent::is_key_store(input);
  const auto file = assay::agent::read_certificates(input);
  if (file.certificates.size() > assay::agent::kMaxCertificatesOfAServer) std::abort();
  return 0;
}
