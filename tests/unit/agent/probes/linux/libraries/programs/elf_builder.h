// Executables for tests, made in memory: an ELF header, one part that is loaded and writable, and
// sections. Little-endian, 64 bits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/agent/probes/linux/libraries/java/zip_builder.h"

namespace assay::agent {

class ElfBuilder {
 public:
  static constexpr std::uint64_t kAddress = 0x40'0000;
  static constexpr std::size_t kHeaderBytes = 64 + 56;

  // Adds loaded bytes under the name of a section; the address that they are loaded to.
  std::uint64_t add(std::string_view section, const std::string& bytes) {
    while (data_.size() % 16 != 0) data_ += '\0';
    sections_.emplace_back(std::string(section), std::pair(data_.size(), bytes.size()));
    data_ += bytes;
    return kAddress + data_.size() - bytes.size();
  }

  [[nodiscard]] std::string bytes(bool with_sections = true) const {
    std::string names(1, '\0');
    std::string table(64, '\0');  // the first section is none
    for (const auto& [name, place] : sections_) {
      table += section(names.size(), 1, kHeaderBytes + place.first, place.second);
      names += name + '\0';
    }
    const auto names_at = kHeaderBytes + data_.size();
    table += section(0, 3, names_at, names.size());
    const auto count = with_sections ? sections_.size() + 2 : 0;
    const auto table_at = with_sections ? names_at + names.size() : 0;
    return header(table_at, count) + part() + data_ + (with_sections ? names + table : "");
  }

 private:
  static std::string n(std::uint64_t value, std::size_t bytes) {
    return ZipBuilder::number(value, bytes);
  }
  static std::string header(std::uint64_t table, std::uint64_t count) {
    return std::string(
               "\x7F"
               "ELF\2\1\1",
               7) +
           std::string(9, '\0') + n(2, 2) + n(62, 2) + n(1, 4) + n(kAddress, 8) + n(64, 8) +
           n(table, 8) + n(0, 4) + n(64, 2) + n(56, 2) + n(1, 2) + n(64, 2) + n(count, 2) +
           n(count == 0 ? 0 : count - 1, 2);
  }
  [[nodiscard]] std::string part() const {
    return n(1, 4) + n(6, 4) + n(kHeaderBytes, 8) + n(kAddress, 8) + n(kAddress, 8) +
           n(data_.size(), 8) + n(data_.size(), 8) + n(4096, 8);
  }
  static std::string section(std::uint64_t name, std::uint64_t type, std::uint64_t at,
                             std::uint64_t bytes) {
    return n(name, 4) + n(type, 4) + n(0, 8) + n(0, 8) + n(at, 8) + n(bytes, 8) +
           std::string(24, '\0');
  }

  std::string data_;
  std::vector<std::pair<std::string, std::pair<std::size_t, std::size_t>>> sections_;
};

// What Go writes about modules, between its marks.
inline std::string go_modules_text(std::string_view lines) {
  return std::string(16, 'm').append(lines).append(16, 'm');
}

// The content of .go.buildinfo since Go 1.18.
inline std::string go_build_info_inline(std::string_view version, std::string_view modules) {
  const auto counted = [](std::string_view text) {
    std::string out;
    auto length = text.size();
    for (; length >= 0x80; length >>= 7U) out += static_cast<char>(length | 0x80U);
    out += static_cast<char>(length);
    return out.append(text);
  };
  return std::string("\xFF Go buildinf:") + '\0' + '\2' + std::string(16, '\0') + counted(version) +
         counted(modules);
}

// A program of Go 1.18 or later.
inline std::string go_program(std::string_view version, std::string_view lines) {
  ElfBuilder elf;
  elf.add(".text", "code");
  elf.add(".go.buildinfo", go_build_info_inline(version, go_modules_text(lines)));
  return elf.bytes();
}

}  // namespace assay::agent
