#include "evidence/base64.h"

#include <openssl/evp.h>

#include <climits>

namespace assay::evidence {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // the library ends it with a NUL
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                  static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  const auto bad = [] { return fail(Code::kInvalidData, "not base64 (RFC 4648, padded)"); };
  if (text.size() % 4 != 0 || text.size() > INT_MAX) return bad();
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return bad();
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  if (static_cast<std::size_t>(size) < padding) return bad();
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // The library forgives space around it, and bits of the last digit that stand for nothing.
  if (to_base64(bytes) != text) return bad();
  return bytes;
}

}  // namespace assay::evidence
