// Package headers and databases for tests, byte by byte.
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/software/rpm/header_visitor.h"
#include "agent/probes/linux/software/rpm/rpm_header.h"
#include "tests/unit/source_file.h"

namespace assay::agent {

inline std::string big_32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

inline std::string little_32(std::uint32_t value) {
  const auto bytes = big_32(value);
  return {bytes.rbegin(), bytes.rend()};
}

// Adds entries with their data, in the order of the calls.
class HeaderBytes {
 public:
  HeaderBytes& text(std::uint32_t tag, std::string_view value, std::uint32_t type = 6) {
    return entry(tag, type, 1, std::string(value) + '\0');
  }
  HeaderBytes& number(std::uint32_t tag, std::uint32_t value) {
    return entry(tag, 4, 1, big_32(value));
  }
  HeaderBytes& entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count,
                     std::string_view data) {
    index_ += big_32(tag) + big_32(type) + big_32(static_cast<std::uint32_t>(data_.size())) +
              big_32(count);
    data_ += data;
    return *this;
  }
  [[nodiscard]] std::string bytes() const {
    return big_32(static_cast<std::uint32_t>(index_.size() / 16)) +
           big_32(static_cast<std::uint32_t>(data_.size())) + index_ + data_;
  }

 private:
  std::string index_;
  std::string data_;
};

inline HeaderBytes named_header(std::string_view name) {
  HeaderBytes header;
  header.text(1000, name).text(1001, "1.0").text(1002, "2.el9");
  return header;
}

inline std::string read_fixture(const std::string& path) {
  std::ifstream file(source_file("tests/fixtures/hosts/" + path), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The names of the packages that a reader shows, or the message of its failure.
template <typename Visit>
std::vector<std::string> names_of(Visit visit) {
  std::vector<std::string> names;
  const Status visited = visit([&](ByteSource& bytes) -> Status {
    auto header = read_rpm_header(bytes);
    if (!header) return fail(std::move(header.error()));
    names.push_back(header->name);
    return {};
  });
  if (!visited) return {"failed: " + visited.error().message()};
  return names;
}

}  // namespace assay::agent
