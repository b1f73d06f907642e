#include "agent/probes/linux/software/rpm/ndb_packages.h"

#include "agent/probes/linux/software/bytes/byte_order.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kSlotBytes = 16;
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kHeadBytes = 16;  // magic, package, generation, length
constexpr std::size_t kTailBytes = 12;  // checksum, length, magic

constexpr std::string_view kMagic = "RpmP";
constexpr std::string_view kSlotMagic = "Slot";
constexpr std::string_view kHeadMagic = "BlbS";
constexpr std::string_view kTailMagic = "BlbE";

struct Slot {
  std::uint32_t package = 0;
  std::uint64_t first_block = 0;
  std::uint64_t blocks = 0;
};

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("an ndb database ").append(why));
}

Result<std::uint64_t> read_page_count(ByteSource& file) {
  const auto header = file.at(0, kHeaderBytes);
  if (!header) return fail(header.error());
  if (!header->starts_with(kMagic)) return broken("without its magic number");
  if (const auto version = little_endian_32(header->substr(4)); version != 0)
    return fail(Code::kNotSupported, "an ndb database of version " + std::to_string(version));
  if (file.size() % kBlockBytes != 0) return broken("that is no multiple of its blocks");
  const std::uint64_t pages = little_endian_32(header->substr(12));
  if (pages == 0 || pages * kPageBytes > file.size()) return broken("shorter than its slots");
  return pages;
}

Status read_slots_of_page(std::string_view page, std::size_t from, std::vector<Slot>& slots) {
  for (std::size_t at = from; at < kPageBytes; at += kSlotBytes) {
    const auto raw = page.substr(at, kSlotBytes);
    if (!raw.starts_with(kSlotMagic)) return broken("with a slot without its magic number");
    const Slot slot{.package = little_endian_32(raw.substr(4)),
                    .first_block = little_endian_32(raw.substr(8)),
                    .blocks = little_endian_32(raw.substr(12))};
    if (slot.first_block == 0) continue;  // free
    if (slot.package == 0 || slot.blocks == 0) return broken("with a slot that is half free");
    if (slots.size() == evidence::kMaxRows)
      return fail(Code::kTooLarge, "more packages than a table may have rows");
    slots.push_back(slot);
  }
  return {};
}

// In the order of their blocks, each behind the one before.
Result<std::vector<Slot>> read_slots(ByteSource& file) {
  const auto pages = read_page_count(file);
  if (!pages) return fail(pages.error());
  std::vector<Slot> slots;
  for (std::uint64_t page = 0; page < *pages; ++page) {
    const auto bytes = file.at(page * kPageBytes, kPageBytes);
    if (!bytes) return fail(bytes.error());
    if (auto read = read_slots_of_page(*bytes, page == 0 ? kHeaderBytes : 0, slots); !read)
      return fail(std::move(read.error()));
  }
  std::ranges::sort(slots, {}, &Slot::first_block);
  auto free_from = *pages * (kPageBytes / kBlockBytes);
  for (const auto& slot : slots) {
    if (slot.first_block < free_from) return broken("whose packages overlap");
    free_from = slot.first_block + slot.blocks;
  }
  if (free_from * kBlockBytes > file.size()) return broken("that is cut short");
  return slots;
}

Status visit_slot(ByteSource& file, const Slot& slot, const HeaderVisitor& visit) {
  const auto begin = slot.first_block * kBlockBytes;
  const auto bytes = slot.blocks * kBlockBytes;
  if (bytes < kHeadBytes + kTailBytes) return broken("with a package of no length");
  const auto head = file.at(begin, kHeadBytes);
  if (!head) return fail(head.error());
  const auto length = little_endian_32(head->substr(12));
  const auto needed =
      (kHeadBytes + std::uint64_t{length} + kTailBytes + kBlockBytes - 1) / kBlockBytes;
  if (!head->starts_with(kHeadMagic) || little_endian_32(head->substr(4)) != slot.package ||
      needed != slot.blocks)
    return broken("with a slot that leads to no package");
  const auto tail = file.at(begin + bytes - kTailBytes, kTailBytes);
  if (!tail) return fail(tail.error());
  if (little_endian_32(tail->substr(4)) != length || !tail->ends_with(kTailMagic))
    return broken("with a package that was not written to its end");
  PartOfBytes header(file, begin + kHeadBytes, length);
  return visit(header);
}

}  // namespace

Status visit_ndb_headers(ByteSource& file, const HeaderVisitor& visit) {
  const auto slots = read_slots(file);
  if (!slots) return fail(slots.error());
  for (const auto& slot : *slots)
    if (auto visited = visit_slot(file, slot, visit); !visited) return visited;
  return {};
}

}  // namespace assay::agent
