// The four checksums that a zchunk file may name.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "evidence/openssl_freed.h"
#include "evidence/result.h"

namespace assay::agent {

// Of bytes that come one piece after another. Used by one thread at a time.
class ZchunkChecksum {
 public:
  // By the number in the file. kNotSupported for one that is not known, or not to this OpenSSL.
  [[nodiscard]] static Result<ZchunkChecksum> of_kind(std::uint64_t kind);

  // Raw bytes that it has in the file.
  [[nodiscard]] std::size_t size() const { return size_; }
  void add(std::string_view piece);
  // Of all pieces since the last call; begins anew.
  [[nodiscard]] std::string finish();

 private:
  using Context = std::unique_ptr<::EVP_MD_CTX, evidence::Freed<::EVP_MD_CTX_free>>;
  ZchunkChecksum(Context context, std::size_t size) : context_(std::move(context)), size_(size) {}

  Context context_;
  std::size_t size_;
};

}  // namespace assay::agent
