#include "agent/probes/linux/software/images/bolt_file.h"

#include <bit>

#include "agent/probes/linux/software/bytes/byte_order.h"

namespace assay::agent {
namespace {

constexpr std::size_t kHeadBytes =
    16;  // page number (8), kind (2), items (2), pages that follow (4)
constexpr std::size_t kItemBytes = 16;
constexpr std::size_t kBucketBytes = 16;  // root (8), sequence (8)
constexpr std::size_t kMetaBytes = 64;
constexpr std::size_t kHashedBytes = 56;  // of the metadata, before its checksum
constexpr std::uint32_t kMagic = 0xED0CDAED;
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kMinPageBytes = 1024;
constexpr std::uint32_t kMaxPageBytes = 64U << 10U;
constexpr std::uint64_t kMaxRunBytes = 16U << 20U;  // a page with those that follow it
constexpr int kMaxDepth = 32;

constexpr std::uint32_t kBranch = 1;
constexpr std::uint32_t kLeaf = 2;
constexpr std::uint32_t kIsBucket = 1;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("a bolt database ").append(why));
}

// FNV-1a of 64 bits.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

}  // namespace

Result<BoltFile> BoltFile::open(ByteSource& file) {
  BoltFile bolt(file);
  // There are two, written in turn; the newer whole one counts. The second stands on the second
  // page, whose place is known from the first, or has to be tried when that is torn.
  (void)bolt.read_meta(0);  // the other one may do
  const auto known = bolt.page_bytes_;
  for (std::uint64_t at = kMinPageBytes; at <= kMaxPageBytes; at *= 2)
    if ((known == 0 || at == known) && bolt.read_meta(at)) break;
  if (bolt.page_bytes_ == 0) return broken("without whole metadata");
  bolt.met_.resize(static_cast<std::size_t>(file.size() / bolt.page_bytes_));
  return bolt;
}

bool BoltFile::read_meta(std::uint64_t offset) {
  const auto page = file_->at(offset, kHeadBytes + kMetaBytes);
  if (!page) return false;
  const auto meta = page->substr(kHeadBytes);
  const auto page_bytes = little_endian_32(meta.substr(8));
  if (little_endian_32(meta) != kMagic || little_endian_32(meta.substr(4)) != kVersion ||
      little_endian_64(meta.substr(kHashedBytes)) != checksum(meta.substr(0, kHashedBytes)) ||
      page_bytes < kMinPageBytes || page_bytes > kMaxPageBytes || !std::has_single_bit(page_bytes))
    return false;
  const auto generation = little_endian_64(meta.substr(48));
  if (page_bytes_ != 0 && generation <= generation_) return true;
  page_bytes_ = page_bytes;
  generation_ = generation;
  top_.root = little_endian_64(meta.substr(16));
  return true;
}

Result<BoltFile::Bucket> BoltFile::bucket_of(const Item& item) {
  if (!item.is_bucket || item.value.size() < kBucketBytes) return broken("with a bucket cut short");
  return Bucket{.root = little_endian_64(item.value),
                .inline_page = std::string(item.value.substr(kBucketBytes))};
}

Status BoltFile::visit(const Bucket& bucket, const Visitor& visitor) {
  if (bucket.root == 0) return visit_bytes(bucket.inline_page, 0, visitor);
  return visit_page(bucket.root, 0, visitor);
}

Status BoltFile::visit_page(std::uint64_t number, int depth, const Visitor& visitor) {
  if (number >= met_.size()) return broken("that is cut short");
  if (met_[static_cast<std::size_t>(number)]) return broken("that uses a page twice");
  met_[static_cast<std::size_t>(number)] = true;
  const auto head = file_->at(number * page_bytes_, kHeadBytes);
  if (!head) return fail(head.error());
  if (little_endian_64(*head) != number) return broken("with a page of another number");
  const auto bytes = (std::uint64_t{little_endian_32(head->substr(12))} + 1) * page_bytes_;
  if (bytes > kMaxRunBytes)
    return fail(Code::kTooLarge, "a bolt database with a value over 16 MiB");
  const auto run = file_->at(number * page_bytes_, static_cast<std::size_t>(bytes));
  if (!run) return fail(run.error());
  // A copy: what the visitor reads moves the windows of the file.
  return visit_bytes(std::string(*run), depth, visitor);
}

Status BoltFile::visit_bytes(std::string_view page, int depth, const Visitor& visitor) {
  if (depth > kMaxDepth) return broken("that is too deep");
  if (page.size() < kHeadBytes) return broken("with a page cut short");
  const auto kind = little_endian_16(page.substr(8));
  const auto items = little_endian_16(page.substr(10));
  if (kind != kBranch && kind != kLeaf) return broken("with a page of an unknown kind");
  if (kHeadBytes + kItemBytes * std::size_t{items} > page.size())
    return broken("with a page of too many items");
  for (std::size_t i = 0; i < items; ++i) {
    const auto item = page.substr(kHeadBytes + i * kItemBytes);
    if (kind == kBranch) {
      if (auto visited = visit_page(little_endian_64(item.substr(8)), depth + 1, visitor); !visited)
        return visited;
      continue;
    }
    const std::size_t begin = little_endian_32(item.substr(4));  // counted from the item
    const std::size_t key = little_endian_32(item.substr(8));
    const std::size_t value = little_endian_32(item.substr(12));
    if (begin > item.size() || key > item.size() - begin || value > item.size() - begin - key)
      return broken("with an item outside its page");
    const bool is_bucket = (little_endian_32(item) & kIsBucket) != 0;
    if (auto visited = visitor({.key = item.substr(begin, key),
                                .value = item.substr(begin + key, value),
                                .is_bucket = is_bucket});
        !visited)
      return visited;
  }
  return {};
}

}  // namespace assay::agent
