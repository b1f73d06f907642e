#include "agent/network/services/protocols/mongodb/bson.h"

#include <bit>

namespace assay::agent::services {

namespace {

constexpr std::size_t kMaxFields = 200;
constexpr std::uint8_t kDouble = 1;
constexpr std::uint8_t kString = 2;
constexpr std::uint8_t kBoolean = 8;
constexpr std::uint8_t kInt32 = 16;
constexpr std::uint8_t kInt64 = 18;

// How many bytes the value of a kind has at the front of `rest`; nullopt: of no known kind, or it
// breaks off.
std::optional<std::size_t> size_of(std::uint8_t type, std::string_view rest) {
  const std::size_t length = little_endian(rest);
  std::size_t size = 0;
  switch (type) {
    case kDouble:
    case 9:   // a time
    case 17:  // a timestamp
    case kInt64: size = 8; break;
    case kString:
    case 13:
    case 14: size = length + 4; break;
    case 3:
    case 4: size = length; break;      // a document, an array
    case 5: size = length + 5; break;  // bytes
    case 7: size = 12; break;          // an object's id
    case kBoolean: size = 1; break;
    case 10: size = 0; break;  // null
    case kInt32: size = 4; break;
    case 19: size = 16; break;
    default: return std::nullopt;
  }
  const bool has_length = type == kString || (type >= 3 && type <= 5) || type == 13 || type == 14;
  if (has_length && rest.size() < 5) return std::nullopt;
  if (size > rest.size() || (has_length && size < 5)) return std::nullopt;
  return size;
}

}  // namespace

std::uint32_t little_endian(std::string_view bytes) {
  if (bytes.size() < 4) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::optional<std::int64_t> BsonField::number() const {
  if (type == kBoolean && value.size() == 1) return value[0];
  if (type == kInt32) return static_cast<std::int32_t>(little_endian(value));
  if ((type != kInt64 && type != kDouble) || value.size() != 8) return std::nullopt;
  const auto bits = std::uint64_t{little_endian(value.substr(4))} << 32U | little_endian(value);
  if (type == kInt64) return static_cast<std::int64_t>(bits);
  const auto number = std::bit_cast<double>(bits);
  constexpr double kMost = 1e15;
  if (!(number > -kMost && number < kMost)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::vector<BsonField>> parse_bson(std::string_view document) {
  const std::size_t length = little_endian(document);
  if (length < 5 || length > document.size()) return std::nullopt;
  auto rest = document.substr(4, length - 4);
  std::vector<BsonField> fields;
  while (!rest.empty() && rest[0] != '\0') {
    BsonField field{static_cast<std::uint8_t>(rest[0]), {}, {}};
    const auto end = rest.find('\0', 1);
    if (end == std::string_view::npos || fields.size() == kMaxFields) return std::nullopt;
    field.name = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    const auto size = size_of(field.type, rest);
    if (!size) return std::nullopt;
    field.value = rest.substr(0, *size);
    if (field.type == kString) field.value = field.value.substr(4, *size - 5);
    rest.remove_prefix(*size);
    fields.push_back(field);
  }
  if (rest.empty()) return std::nullopt;  // its last byte is 0
  return fields;
}

}  // namespace assay::agent::services
