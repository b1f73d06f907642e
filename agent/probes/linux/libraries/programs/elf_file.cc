#include "agent/probes/linux/libraries/programs/elf_file.h"

namespace assay::agent {
namespace {

constexpr std::string_view kMark(
    "\x7F"
    "ELF",
    4);
constexpr std::size_t kMaxHeaderBytes = 64;
constexpr std::uint64_t kLoad = 1;      // PT_LOAD
constexpr std::uint64_t kWritable = 2;  // PF_W
constexpr std::uint64_t kNoBytes = 8;   // SHT_NOBITS

// Positions of the fields in files of 32 and 64 bits.
struct Layout {
  std::size_t header_bytes;
  std::size_t word;  // bytes of an address
  std::size_t part_table, section_table, part_bytes, part_count, section_bytes, section_count,
      names_index;
  // Of a program header.
  std::size_t flags, offset, address, file_bytes;
  // Of a section header.
  std::size_t section_offset, section_file_bytes;
};
constexpr Layout k32 = {.header_bytes = 52,
                        .word = 4,
                        .part_table = 28,
                        .section_table = 32,
                        .part_bytes = 42,
                        .part_count = 44,
                        .section_bytes = 46,
                        .section_count = 48,
                        .names_index = 50,
                        .flags = 24,
                        .offset = 4,
                        .address = 8,
                        .file_bytes = 16,
                        .section_offset = 16,
                        .section_file_bytes = 20};
constexpr Layout k64 = {.header_bytes = 64,
                        .word = 8,
                        .part_table = 32,
                        .section_table = 40,
                        .part_bytes = 54,
                        .part_count = 56,
                        .section_bytes = 58,
                        .section_count = 60,
                        .names_index = 62,
                        .flags = 4,
                        .offset = 8,
                        .address = 16,
                        .file_bytes = 32,
                        .section_offset = 24,
                        .section_file_bytes = 32};
constexpr std::size_t kPart32 = 32;
constexpr std::size_t kPart64 = 56;
constexpr std::size_t kSection32 = 40;
constexpr std::size_t kSection64 = 64;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("a damaged ELF header: ").append(why));
}

}  // namespace

std::uint64_t ElfFile::number(std::string_view bytes, std::size_t at, std::size_t width) const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const auto byte =
        static_cast<unsigned char>(bytes[is_big_endian_ ? at + i : at + width - 1 - i]);
    value = value << 8U | byte;
  }
  return value;
}

Result<std::optional<ElfFile>> ElfFile::read(ByteSource& source) {
  const auto header = read_at_most(source, 0, kMaxHeaderBytes);
  if (!header) return fail(header.error());
  if (!header->starts_with(kMark)) return std::nullopt;
  ElfFile file;
  if (header->size() < k32.header_bytes) return broken("it is too short");
  file.is_64_ = (*header)[4] == 2;
  file.is_big_endian_ = (*header)[5] == 2;
  if (file.is_64_ && header->size() < k64.header_bytes) return broken("it is too short");
  if (auto done = file.read_loaded(source, *header); !done) return fail(std::move(done.error()));
  if (auto done = file.read_sections(source, *header); !done) return fail(std::move(done.error()));
  return file;
}

Status ElfFile::read_loaded(ByteSource& source, std::string_view header) {
  const auto& layout = is_64_ ? k64 : k32;
  const auto table = number(header, layout.part_table, layout.word);
  const auto each = number(header, layout.part_bytes, 2);
  const auto count = number(header, layout.part_count, 2);
  if (count == 0) return {};
  if (count > kMaxElfParts || each != (is_64_ ? kPart64 : kPart32))
    return broken("its parts are not as they must be");
  const auto bytes = read_exactly(source, table, static_cast<std::size_t>(count * each));
  if (!bytes) return fail(bytes.error());
  for (std::size_t i = 0; i < count; ++i) {
    const auto part = std::string_view(*bytes).substr(i * each, each);
    if (number(part, 0, 4) != kLoad) continue;
    loaded_.push_back({.offset = number(part, layout.offset, layout.word),
                       .bytes = number(part, layout.file_bytes, layout.word),
                       .address = number(part, layout.address, layout.word),
                       .is_writable = (number(part, layout.flags, 4) & kWritable) != 0});
  }
  return {};
}

Status ElfFile::read_sections(ByteSource& source, std::string_view header) {
  const auto& layout = is_64_ ? k64 : k32;
  const auto table = number(header, layout.section_table, layout.word);
  const auto each = number(header, layout.section_bytes, 2);
  const auto count = number(header, layout.section_count, 2);
  const auto names_index = number(header, layout.names_index, 2);
  // Without sections, or cut off behind the loaded parts: such a program still runs.
  if (table == 0 || count == 0 || table >= source.size()) return {};
  if (count > kMaxElfSections || each != (is_64_ ? kSection64 : kSection32) || names_index >= count)
    return broken("its sections are not as they must be");
  const auto bytes = read_exactly(source, table, static_cast<std::size_t>(count * each));
  if (!bytes) return fail(bytes.error());
  const auto section = [&](std::size_t i) {
    return std::string_view(*bytes).substr(i * each, each);
  };
  const auto names_at = section(static_cast<std::size_t>(names_index));
  const auto names_bytes = number(names_at, layout.section_file_bytes, layout.word);
  if (names_bytes > kMaxElfNamesBytes) return broken("its names are too long");
  const auto names = read_exactly(source, number(names_at, layout.section_offset, layout.word),
                                  static_cast<std::size_t>(names_bytes));
  if (!names) return fail(names.error());
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = number(section(i), 0, 4);
    if (name >= names->size() || number(section(i), 4, 4) == kNoBytes) continue;
    sections_.push_back({.name = names->c_str() + name,
                         .offset = number(section(i), layout.section_offset, layout.word),
                         .bytes = number(section(i), layout.section_file_bytes, layout.word)});
  }
  return {};
}

const ElfSection* ElfFile::find_section(std::string_view name) const {
  const auto found = std::ranges::find(sections_, name, &ElfSection::name);
  return found == sections_.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> ElfFile::offset_of(std::uint64_t address) const {
  for (const auto& part : loaded_)
    if (address >= part.address && address - part.address < part.bytes)
      return part.offset + (address - part.address);
  return std::nullopt;
}

}  // namespace assay::agent
