#include "agent/probes/linux/software/rpm/bdb_pages.h"

#include <bit>

#include "agent/probes/linux/software/bytes/byte_order.h"

namespace assay::agent {
namespace {

constexpr std::uint32_t kHashMagic = 0x00061561;
constexpr std::size_t kMetadataBytes = 512;
constexpr std::uint32_t kMinPageBytes = 512;
constexpr std::uint32_t kMaxPageBytes = 64U << 10U;
constexpr std::uint32_t kOldestVersion = 8;
constexpr std::uint32_t kNewestVersion = 10;

// Places in the metadata page.
constexpr std::size_t kMagicAt = 12;
constexpr std::size_t kVersionAt = 16;
constexpr std::size_t kPageBytesAt = 20;
constexpr std::size_t kEncryptionAt = 24;  // a byte, as the next two
constexpr std::size_t kFlagsAt = 26;
constexpr std::size_t kLastPageAt = 32;
constexpr std::size_t kMaxBucketAt = 72;
constexpr std::size_t kSparesAt = 96;
constexpr std::uint32_t kChecksumFlag = 1;

// Places in the head of every page.
constexpr std::size_t kNumberAt = 8;
constexpr std::size_t kNextAt = 16;
constexpr std::size_t kEntriesAt = 20;
constexpr std::size_t kUsedAt = 22;
constexpr std::size_t kTypeAt = 25;

}  // namespace

std::unexpected<Error> broken_bdb(std::string_view why) {
  return fail(Code::kInvalidData, std::string("a Berkeley DB hash ").append(why));
}

std::uint32_t BdbPages::number_16(std::string_view bytes) const {
  return is_big_endian_ ? big_endian_16(bytes) : little_endian_16(bytes);
}

std::uint32_t BdbPages::number_32(std::string_view bytes) const {
  return is_big_endian_ ? big_endian_32(bytes) : little_endian_32(bytes);
}

Result<BdbPages> BdbPages::open(ByteSource& file) {
  BdbPages pages(file);
  if (auto read = pages.read_metadata(); !read) return fail(std::move(read.error()));
  return pages;
}

Status BdbPages::read_metadata() {
  const auto page = file_->at(0, kMetadataBytes);
  if (!page) return fail(page.error());
  is_big_endian_ = big_endian_32(page->substr(kMagicAt)) == kHashMagic;
  if (number_32(page->substr(kMagicAt)) != kHashMagic)
    return broken_bdb("without its magic number");
  const auto version = number_32(page->substr(kVersionAt));
  if (version < kOldestVersion || version > kNewestVersion)
    return fail(Code::kNotSupported, "a Berkeley DB hash of version " + std::to_string(version));
  if (byte_at(*page, kEncryptionAt) != 0 || (byte_at(*page, kFlagsAt) & kChecksumFlag) != 0)
    return fail(Code::kNotSupported, "a Berkeley DB hash that is encrypted or has checksums");
  page_bytes_ = number_32(page->substr(kPageBytesAt));
  last_page_ = number_32(page->substr(kLastPageAt));
  max_bucket_ = number_32(page->substr(kMaxBucketAt));
  for (std::size_t i = 0; i < spares_.size(); ++i)
    spares_[i] = number_32(page->substr(kSparesAt + 4 * i));
  if (page_bytes_ < kMinPageBytes || page_bytes_ > kMaxPageBytes ||
      !std::has_single_bit(page_bytes_))
    return broken_bdb("with pages of a size that none has");
  if (last_page_ >= file_->size() / page_bytes_) return broken_bdb("that is cut short");
  if (max_bucket_ >= last_page_) return broken_bdb("with more buckets than pages");
  entered_.resize(std::size_t{last_page_} + 1);
  return {};
}

std::uint32_t BdbPages::page_of_bucket(std::uint32_t bucket) const {
  return bucket + spares_[static_cast<std::size_t>(std::bit_width(bucket)) % spares_.size()];
}

Result<BdbPageHead> BdbPages::enter(std::uint32_t page) {
  if (page == 0 || page > last_page_) return broken_bdb("that leads to a page it does not have");
  if (entered_[page]) return broken_bdb("that uses a page twice");
  entered_[page] = true;
  const auto head = bytes(page, 0, kBdbPageHeadBytes);
  if (!head) return fail(head.error());
  if (number_32(head->substr(kNumberAt)) != page)
    return broken_bdb("with a page of another number");
  return BdbPageHead{.next = number_32(head->substr(kNextAt)),
                     .entries = number_16(head->substr(kEntriesAt)),
                     .used = number_16(head->substr(kUsedAt)),
                     .type = BdbPageType{static_cast<std::uint8_t>(byte_at(*head, kTypeAt))}};
}

Result<std::string_view> BdbPages::bytes(std::uint32_t page, std::size_t offset,
                                         std::size_t length) {
  return file_->at(std::uint64_t{page} * page_bytes_ + offset, length);
}

}  // namespace assay::agent
