// The pages of a Berkeley DB hash file: its metadata, and what every page
// begins with.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "agent/probes/linux/software/bytes/byte_source.h"

namespace assay::agent {

enum class BdbPageType : std::uint8_t { kHashUnsorted = 2, kOverflow = 7, kHash = 13 };

struct BdbPageHead {
  std::uint32_t next = 0;     // page number; 0: none
  std::uint32_t entries = 0;  // items on a hash page
  std::uint32_t used = 0;     // bytes on an overflow page
  BdbPageType type{};
};

inline constexpr std::size_t kBdbPageHeadBytes = 26;

class BdbPages {
 public:
  // `file` must outlive this.
  [[nodiscard]] static Result<BdbPages> open(ByteSource& file);

  [[nodiscard]] std::uint32_t page_bytes() const { return page_bytes_; }
  [[nodiscard]] std::uint32_t max_bucket() const { return max_bucket_; }
  // The first page of a bucket that is at most max_bucket().
  [[nodiscard]] std::uint32_t page_of_bucket(std::uint32_t bucket) const;

  // The head of a page that has not been asked for before.
  [[nodiscard]] Result<BdbPageHead> enter(std::uint32_t page);
  // Bytes of a page, within it.
  [[nodiscard]] Result<std::string_view> bytes(std::uint32_t page, std::size_t offset,
                                               std::size_t length);
  [[nodiscard]] std::uint32_t number_16(std::string_view bytes) const;
  [[nodiscard]] std::uint32_t number_32(std::string_view bytes) const;

 private:
  explicit BdbPages(ByteSource& file) : file_(&file) {}
  [[nodiscard]] Status read_metadata();

  ByteSource* file_;
  bool is_big_endian_ = false;
  std::uint32_t page_bytes_ = 0;
  std::uint32_t last_page_ = 0;
  std::uint32_t max_bucket_ = 0;
  std::array<std::uint32_t, 32> spares_{};  // pages between the buckets of one doubling
  std::vector<bool> entered_;
};

[[nodiscard]] std::unexpected<Error> broken_bdb(std::string_view why);

}  // namespace assay::agent
