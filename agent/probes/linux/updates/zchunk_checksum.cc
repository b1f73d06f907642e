#include "agent/probes/linux/updates/zchunk_checksum.h"

#include <array>

namespace assay::agent {
namespace {

struct Kind {
  const ::EVP_MD* (*algorithm)();
  std::size_t size;
};
constexpr std::array kKinds = {Kind{::EVP_sha1, 20}, Kind{::EVP_sha256, 32}, Kind{::EVP_sha512, 64},
                               Kind{::EVP_sha512, 16}};  // the last: its first 16 bytes

}  // namespace

Result<ZchunkChecksum> ZchunkChecksum::of_kind(std::uint64_t kind) {
  if (kind >= kKinds.size())
    return fail(Code::kNotSupported, "a zchunk file with a checksum that is not known");
  Context context{::EVP_MD_CTX_new()};
  if (context == nullptr ||
      ::EVP_DigestInit_ex(context.get(), kKinds[kind].algorithm(), nullptr) != 1)
    return fail(Code::kNotSupported, "OpenSSL does not compute the checksum of the zchunk file");
  return ZchunkChecksum(std::move(context), kKinds[kind].size);
}

// OpenSSL's functions on a digest fail only without memory, where nothing goes on anyway.
void ZchunkChecksum::add(std::string_view piece) {
  (void)::EVP_DigestUpdate(context_.get(), piece.data(), piece.size());
}

std::string ZchunkChecksum::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  (void)::EVP_DigestFinal_ex(context_.get(), bytes.data(), nullptr);
  (void)::EVP_DigestInit_ex(context_.get(), nullptr, nullptr);  // the same algorithm again
  return {reinterpret_cast<const char*>(bytes.data()), size_};
}

}  // namespace assay::agent
