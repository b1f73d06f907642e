#include "agent/probes/linux/software/bundles/flatpak_deploy.h"

#include <utility>

namespace assay::agent {
namespace {

constexpr std::size_t kAlignment = 8;
constexpr std::size_t kNumberBytes = 8;

std::unexpected<Error> broken() {
  return fail(Code::kInvalidData, "no deploy file of flatpak's");
}

std::size_t aligned(std::size_t at) {
  return (at + kAlignment - 1) / kAlignment * kAlignment;
}

// Containers end with the ends of their parts, each in as many bytes as the container's size needs.
std::size_t framing_bytes(std::size_t container_bytes) {
  if (container_bytes <= 0xff) return 1;
  return container_bytes <= 0xffff ? 2 : 4;
}

// The `index`th of those numbers, counted from the end; nothing when there is none such.
std::optional<std::size_t> framing_from_end(std::string_view container, std::size_t index) {
  const auto width = framing_bytes(container.size());
  const auto behind = width * (index + 1);
  if (behind > container.size()) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = width; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(container[container.size() - behind + i]);
  if (value > container.size() - behind) return std::nullopt;
  return value;
}

std::optional<std::string_view> part(std::string_view whole, std::size_t begin, std::size_t end) {
  if (begin > end || end > whole.size()) return std::nullopt;
  return whole.substr(begin, end - begin);
}

// Without its final zero byte.
std::optional<std::string_view> string_part(std::string_view whole, std::size_t begin,
                                            std::size_t end) {
  auto text = part(whole, begin, end);
  if (!text || text->empty() || text->back() != '\0') return std::nullopt;
  text->remove_suffix(1);
  return text;
}

// A dictionary's entry {sv} whose value is a string; nothing when it is another.
using TextEntry = std::pair<std::string_view, std::string_view>;
std::optional<TextEntry> text_entry(std::string_view entry) {
  const auto key_end = framing_from_end(entry, 0);
  if (!key_end) return std::nullopt;
  const auto key = string_part(entry, 0, *key_end);
  const auto variant = part(entry, aligned(*key_end), entry.size() - framing_bytes(entry.size()));
  // A variant is its value, a zero byte and its type.
  constexpr std::string_view kStringType("\0s", 2);
  if (!key || !variant || !variant->ends_with(kStringType)) return std::nullopt;
  const auto value = string_part(*variant, 0, variant->size() - kStringType.size());
  if (!value) return std::nullopt;
  return TextEntry{*key, *value};
}

std::string FlatpakDeploy::* member_for(std::string_view key) {
  if (key == "appdata-version") return &FlatpakDeploy::version;
  if (key == "appdata-license") return &FlatpakDeploy::license;
  if (key == "runtime") return &FlatpakDeploy::runtime;
  if (key == "eol") return &FlatpakDeploy::end_of_life;
  return nullptr;
}

Status read_dictionary(std::string_view array, FlatpakDeploy& out) {
  if (array.empty()) return {};
  const auto last_end = framing_from_end(array, 0);
  const auto width = framing_bytes(array.size());
  if (!last_end || (array.size() - *last_end) % width != 0) return broken();
  const auto count = (array.size() - *last_end) / width;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto end = framing_from_end(array, count - 1 - i);
    const auto entry = end ? part(array, begin, *end) : std::nullopt;
    if (!entry) return broken();
    begin = aligned(*end);
    const auto text = text_entry(*entry);
    const auto member = text ? member_for(text->first) : nullptr;
    if (member != nullptr) out.*member = text->second;
  }
  return {};
}

std::optional<std::int64_t> big_endian_size(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  if (value > std::uint64_t{INT64_MAX}) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

Result<FlatpakDeploy> parse_flatpak_deploy(std::string_view bytes) {
  if (bytes.size() > kMaxFlatpakDeployBytes)
    return fail(Code::kTooLarge, "a deploy file larger than any of flatpak's");
  // The ends of the first three parts: origin, commit, subpaths.
  const auto origin_end = framing_from_end(bytes, 0);
  const auto commit_end = framing_from_end(bytes, 1);
  const auto subpaths_end = framing_from_end(bytes, 2);
  if (!origin_end || !commit_end || !subpaths_end || *subpaths_end < *commit_end) return broken();
  const auto origin = string_part(bytes, 0, *origin_end);
  const auto commit = string_part(bytes, *origin_end, *commit_end);
  const auto size_at = aligned(*subpaths_end);
  const auto size = part(bytes, size_at, size_at + kNumberBytes);
  const auto dictionary =
      part(bytes, size_at + kNumberBytes, bytes.size() - 3 * framing_bytes(bytes.size()));
  if (!origin || !commit || !size || !dictionary) return broken();
  FlatpakDeploy deploy{.origin = std::string(*origin),
                       .commit = std::string(*commit),
                       .installed_bytes = big_endian_size(*size)};  // flatpak swaps it on purpose
  if (auto read = read_dictionary(*dictionary, deploy); !read) return fail(std::move(read.error()));
  return deploy;
}

}  // namespace assay::agent
