// A manifest that came as a difference: what is restored is bounded and read like any other, and
// what is compressed against a prefix comes back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/manifest.h"

namespace {

// The worked example of docs/formats/evidence.md and its digest: the prefix of its successor.
constexpr std::string_view kPrefix =
    R"({"assay":"manifest/1","host_id":"7b1c6c2e-5f0d-4a53-9d0e-0f2a7f5b9f10","host_name":"web01",)"
    R"("agent_version":"0.1.0","config_digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca49)"
    R"(5991b7852b855","profile":"server","sequence":1,"previous":null,"started":"2026-11-21T01:02:0)"
    R"(3Z","ended":"2026-11-21T01:02:04Z","tables":[{"name":"shadow","status":"unavailable","reason)"
    R"(":"permission_denied: reading /etc/shadow","digest":null,"rows":0,"bytes":0,"ms":1},{"name":)"
    R"("users","status":"ok","reason":"","digest":"9a8f0c95cd829b3dda3d5eade8055302c537c26be2b004f2)"
    R"(ae2707a23a39a0d7","rows":2,"bytes":127,"ms":2}]})"
    "\n44b3d0981d3a0d57aa328beddd0df28d55833b05fa17c673091c5267d6250b61";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::evidence;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto restored = decompress_with(kPrefix, bytes, kMaxManifestBytes)) {
    if (restored->size() > kMaxManifestBytes) std::abort();
    if (const auto manifest = manifest_from_canonical(*restored))
      if (to_canonical(*manifest).value_or("") != *restored) std::abort();
  }
  const auto frame = compress_with(kPrefix, bytes);
  if (!frame || decompress_with(kPrefix, *frame, size).value_or("another") != bytes) std::abort();
  return 0;
}
