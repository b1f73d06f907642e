// Arrays in PostgreSQL's binary form, to say in one statement what concerns many rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/digest.h"

namespace assay::collector::postgres {

// Types of PostgreSQL (pg_type.oid); they never change.
inline constexpr unsigned kBool = 16;
inline constexpr unsigned kBytea = 17;
inline constexpr unsigned kInt8 = 20;
inline constexpr unsigned kText = 25;

class Array {
 public:
  explicit Array(unsigned element) : element_(element) {}

  void add(std::int64_t value);
  void add(std::string_view value);  // text or bytea, as the array is
  void add(const evidence::Digest& value);
  void add(const std::optional<evidence::Digest>& value);
  void add(const std::optional<std::int64_t>& value);

  void add_null();

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] unsigned type() const;  // of the array
  [[nodiscard]] std::string bytes() const;

 private:
  unsigned element_;
  std::uint32_t count_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

// Big-endian, as all numbers are on PostgreSQL's wire.
void append_number(std::string* out, std::uint32_t value);
void append_number(std::string* out, std::uint64_t value);

}  // namespace assay::collector::postgres
