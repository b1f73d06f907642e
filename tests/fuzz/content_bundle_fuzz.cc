// A bundle of content, which is read before it is known whose it is, and what stands in one once
// that is known. The first byte chooses:
//   z  the file
//   t  the archive in its frame
//   a  about.json, and behind a NUL the content, signed by somebody who is trusted
//   c  compiled content
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "checks/bundle/content_bundle.h"
#include "checks/bundle/content_check.h"
#include "evidence/compress.h"
#include "evidence/signature.h"
#include "evidence/tar.h"

namespace {

using namespace assay;

// Made for this test, and good for nothing else.
constexpr std::string_view kKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYLEppKjsJYqlw6mI
VfsXhHrv2P5lCGQn9bMwWz80QeChRANCAAQmFPORX23AS2SC1mJcFdI745nnBUtJ
vo2+RgjSr2sip75FbI0tgCH/TMsvyhcztE2lwtZo7ZAzYvjTbGQbViKF
-----END PRIVATE KEY-----
)";
constexpr std::string_view kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBqDCCAU+gAwIBAgIUFEwFs1gayeI0TOAzUU9E+2LD2okwCgYIKoZIzj0EAwIw
KTEnMCUGA1UEAwweY29udGVudCBtYWtlciBvZiB0aGUgZnV6eiB0ZXN0MCAXDTI2
MTEyODA3MjgyOFoYDzIxMjYxMTA0MDcyODI4WjApMScwJQYDVQQDDB5jb250ZW50
IG1ha2VyIG9mIHRoZSBmdXp6IHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQmFPORX23AS2SC1mJcFdI745nnBUtJvo2+RgjSr2sip75FbI0tgCH/TMsvyhcz
tE2lwtZo7ZAzYvjTbGQbViKFo1MwUTAdBgNVHQ4EFgQUKRI6PasfCsqKcKntrs0Z
HT+5cmQwHwYDVR0jBBgwFoAUKRI6PasfCsqKcKntrs0ZHT+5cmQwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBccvpbbIzK8IUrmv+0uAk9uGhe36Sq
JrJ3QiqdEd4Z3AIgVYL9v3pfwSWah0E/K+lyxMQic/yid9QwmLwHfz2KLu0=
-----END CERTIFICATE-----
)";

// What is read is whole, comes to a verdict, and is the same when it is written and read again.
void use(const Result<checks::Content>& content) {
  if (!content) return;
  const auto sound = checks::check_compiled(*content);
  if (!sound && sound.error().message().empty()) std::abort();
  for (const auto& [name, table] : content->references)
    if (sound) (void)checks::reason_against(table, "2026-11-21");  // comes to an answer
  const auto json = checks::to_json(*content);
  const auto again = checks::content_from_json(json);
  if (!again || checks::to_json(*again) != json) std::abort();
}

void read(std::string_view file) {
  const auto bundle = checks::bundle_from_bytes(file, {std::string(kCertificate)});
  if (!bundle) return;
  if (bundle->valid_days < 1 || bundle->title.empty()) std::abort();
  if (!evidence::verify_signature(kCertificate, bundle->about, bundle->signature)) std::abort();
  use(checks::content_of(*bundle));
}

void read_archive(std::string_view archive) {
  const auto frame = evidence::compress(archive);
  if (frame) read(*frame);
}

void read_signed(std::string_view text) {
  const auto end = text.find('\0');
  if (end == std::string_view::npos) return;
  const auto about = text.substr(0, end);
  const auto signature = evidence::sign(kKey, about);
  if (!signature) std::abort();
  const std::array members = {evidence::TarMember{"about.json", about},
                              evidence::TarMember{"about.sig", *signature},
                              evidence::TarMember{"certificate.pem", kCertificate},
                              evidence::TarMember{"content.json", text.substr(end + 1)}};
  const auto archive = evidence::write_tar(members);
  if (archive) read_archive(*archive);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'z': read(rest); break;
    case 't': read_archive(rest); break;
    case 'a': read_signed(rest); break;
    case 'c': use(checks::content_from_json(std::string(rest))); break;
    default: break;
  }
  return 0;
}
