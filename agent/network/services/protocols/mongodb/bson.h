// The top level of a BSON document (bsonspec.org, version 1.1).
//
// Hostile input: bounded, pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent::services {

struct BsonField {
  std::uint8_t type = 0;
  std::string_view name;
  std::string_view value;  // its bytes; of a string without length and NUL
  // Of a double, an int32, an int64 or a boolean.
  [[nodiscard]] std::optional<std::int64_t> number() const;
};

// nullopt unless it is a document, of at most 200 fields of kinds that servers answer with.
[[nodiscard]] std::optional<std::vector<BsonField>> parse_bson(std::string_view document);
[[nodiscard]] std::uint32_t little_endian(std::string_view bytes);  // of the first four, or 0

}  // namespace assay::agent::services
