#include "agent/probes/linux/libraries/programs/go_build_info.h"

#include <array>

#include "agent/probes/linux/libraries/programs/elf_file.h"

namespace assay::agent {
namespace {

constexpr std::string_view kMark("\xFF Go buildinf:", 14);
constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kAlignment = 16;
constexpr std::size_t kWordAt = 14;
constexpr std::size_t kFlagsAt = 15;
constexpr unsigned kBigEndian = 1;
constexpr unsigned kInline = 2;
// Go's own reader looks no further either.
constexpr std::size_t kSearchedBytes = 64U << 10U;
// Around the text of the modules stand marks of 16 bytes.
constexpr std::size_t kModulesMarkBytes = 16;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("built by Go, but ").append(why));
}

class Reader {
 public:
  Reader(ByteSource& source, const ElfFile& file) : source_(source), file_(file) {}

  // Where the header stands; nothing when there is none.
  Result<std::optional<std::uint64_t>> find_header() {
    if (const auto* section = file_.find_section(".go.buildinfo"))
      return find_in(section->offset, section->bytes);
    if (!file_.sections().empty()) return std::nullopt;
    for (const auto& part : file_.loaded())
      if (part.is_writable) return find_in(part.offset, part.bytes);
    return std::nullopt;
  }

  Result<GoBuildInfo> read(std::uint64_t at) {
    auto header = read_exactly(source_, at, kHeaderBytes);
    if (!header) return fail(header.error());
    const auto flags = static_cast<unsigned char>((*header)[kFlagsAt]);
    auto texts = (flags & kInline) != 0 ? read_inline(at + kHeaderBytes) : read_pointers(*header);
    if (!texts) return fail(texts.error());
    auto& [version, modules] = *texts;
    if (version.empty()) return broken("the version of Go is empty");
    auto info = parse_go_modules(without_marks(modules));
    if (!info) return info;
    info->go_version = std::move(version);
    return info;
  }

 private:
  struct Texts {
    std::string version;
    std::string modules;
  };

  Result<std::optional<std::uint64_t>> find_in(std::uint64_t offset, std::uint64_t bytes) {
    const auto data = read_at_most(
        source_, offset, static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kSearchedBytes)));
    if (!data) return fail(data.error());
    for (std::size_t at = 0; at + kHeaderBytes <= data->size(); at += kAlignment)
      if (data->compare(at, kMark.size(), kMark) == 0) return offset + at;
    return std::nullopt;
  }

  Result<Texts> read_inline(std::uint64_t at) {
    Texts texts;
    auto version = read_counted(at, kMaxGoVersionBytes);
    if (!version) return fail(version.error());
    auto modules = read_counted(at, kMaxGoModulesBytes);
    if (!modules) return fail(modules.error());
    return Texts{*std::move(version), *std::move(modules)};
  }

  // A length (seven bits a byte, lowest first) and that many bytes.
  Result<std::string> read_counted(std::uint64_t& at, std::size_t most) {
    constexpr std::size_t kMaxLengthBytes = 5;
    const auto bytes = read_at_most(source_, at, kMaxLengthBytes);
    if (!bytes) return fail(bytes.error());
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < bytes->size(); ++i) {
      const auto byte = static_cast<unsigned char>((*bytes)[i]);
      length |= std::uint64_t{byte & 0x7FU} << (7 * i);
      if ((byte & 0x80U) != 0) continue;
      if (length > most) return broken("what it says of itself is too long");
      auto text = read_exactly(source_, at + i + 1, static_cast<std::size_t>(length));
      at += i + 1 + length;
      return text;
    }
    return broken("what it says of itself is damaged");
  }

  Result<Texts> read_pointers(std::string_view header) {
    word_ = static_cast<unsigned char>(header[kWordAt]);
    if (word_ != 4 && word_ != 8) return broken("its build info is of an unknown kind");
    is_big_endian_ = (static_cast<unsigned char>(header[kFlagsAt]) & kBigEndian) != 0;
    auto version = read_pointed(number(header, kAlignment), kMaxGoVersionBytes);
    if (!version) return fail(version.error());
    auto modules = read_pointed(number(header, kAlignment + word_), kMaxGoModulesBytes);
    if (!modules) return fail(modules.error());
    return Texts{*std::move(version), *std::move(modules)};
  }

  // The bytes of a Go string whose two words are loaded to `address`. Nothing there: empty.
  Result<std::string> read_pointed(std::uint64_t address, std::size_t most) {
    if (address == 0) return std::string();
    const auto words_at = file_.offset_of(address);
    if (!words_at) return broken("its build info points to nowhere");
    const auto words = read_exactly(source_, *words_at, 2 * word_);
    if (!words) return fail(words.error());
    const auto length = number(*words, word_);
    if (length == 0) return std::string();
    if (length > most) return broken("what it says of itself is too long");
    const auto text_at = file_.offset_of(number(*words, 0));
    if (!text_at) return broken("its build info points to nowhere");
    return read_exactly(source_, *text_at, static_cast<std::size_t>(length));
  }

  std::uint64_t number(std::string_view bytes, std::size_t at) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < word_; ++i) {
      const auto byte =
          static_cast<unsigned char>(bytes[is_big_endian_ ? at + i : at + word_ - 1 - i]);
      value = value << 8U | byte;
    }
    return value;
  }

  static std::string_view without_marks(std::string_view modules) {
    if (modules.size() <= 2 * kModulesMarkBytes ||
        modules[modules.size() - kModulesMarkBytes - 1] != '\n')
      return {};
    return modules.substr(kModulesMarkBytes, modules.size() - 2 * kModulesMarkBytes);
  }

  ByteSource& source_;
  const ElfFile& file_;
  std::size_t word_ = 8;
  bool is_big_endian_ = false;
};

}  // namespace

Result<std::optional<GoBuildInfo>> read_go_build_info(ByteSource& source) {
  const auto file = ElfFile::read(source);
  if (!file) return fail(file.error());
  if (!*file) return std::nullopt;
  Reader reader(source, **file);
  const auto header = reader.find_header();
  if (!header) return fail(header.error());
  if (*header) return reader.read(**header);
  for (const auto* section : {".gopclntab", ".note.go.buildid", ".go.buildinfo"})
    if ((*file)->find_section(section) != nullptr) return broken("it holds no build info");
  return std::nullopt;
}

}  // namespace assay::agent
