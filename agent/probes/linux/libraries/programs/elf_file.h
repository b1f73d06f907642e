// The headers of an executable (System V ABI, "Object Files"): where its
// sections lie in the file, and which addresses its parts are loaded to.
//
// Reads only headers, a few small pieces. All numbers are taken for hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/libraries/file_pieces.h"
#include "evidence/result.h"

namespace assay::agent {

struct ElfPart {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t bytes = 0;   // in the file
  std::uint64_t address = 0;
  bool is_writable = false;
};

struct ElfSection {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

class ElfFile {
 public:
  // Nothing when the file is no ELF; kInvalidData when its headers contradict the file.
  [[nodiscard]] static Result<std::optional<ElfFile>> read(ByteSource& source);

  [[nodiscard]] std::size_t word_bytes() const { return is_64_ ? 8 : 4; }
  [[nodiscard]] bool is_big_endian() const { return is_big_endian_; }
  // What is loaded when the program starts.
  [[nodiscard]] const std::vector<ElfPart>& loaded() const { return loaded_; }
  // Sections whose content stands in the file; none when they were stripped.
  [[nodiscard]] const std::vector<ElfSection>& sections() const { return sections_; }
  [[nodiscard]] const ElfSection* find_section(std::string_view name) const;
  // Where in the file the byte stands that is loaded to `address`.
  [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint64_t address) const;

  // Of `bytes`, which the caller has checked to be long enough.
  [[nodiscard]] std::uint64_t number(std::string_view bytes, std::size_t at,
                                     std::size_t width) const;

 private:
  Status read_loaded(ByteSource& source, std::string_view header);
  Status read_sections(ByteSource& source, std::string_view header);

  bool is_64_ = false;
  bool is_big_endian_ = false;
  std::vector<ElfPart> loaded_;
  std::vector<ElfSection> sections_;
};

inline constexpr std::size_t kMaxElfParts = 1'000;
inline constexpr std::size_t kMaxElfSections = 4'000;
inline constexpr std::size_t kMaxElfNamesBytes = 1U << 20U;

}  // namespace assay::agent
