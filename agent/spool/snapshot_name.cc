#include "agent/spool/snapshot_name.h"

#include <charconv>

namespace assay::agent {

namespace {
constexpr std::size_t kDigits = 12;
constexpr std::string_view kTableEnding = ".jsonl.zst";
}  // namespace

std::string to_text(const SnapshotName& name) {
  auto number = std::to_string(name.sequence);
  if (number.size() < kDigits) number.insert(0, kDigits - number.size(), '0');
  return number + "-" + name.digest.hex();
}

std::optional<SnapshotName> snapshot_name_from(std::string_view text) {
  if (text.size() != kDigits + 1 + 2 * evidence::kDigestBytes || text[kDigits] != '-')
    return std::nullopt;
  SnapshotName out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + kDigits, out.sequence);
  const auto digest = evidence::Digest::from_hex(text.substr(kDigits + 1));
  if (error != std::errc() || end != text.data() + kDigits || out.sequence < 1 || !digest)
    return std::nullopt;
  out.digest = *digest;
  return out;
}

std::string table_file_name(const evidence::Digest& digest) {
  return digest.hex() + std::string(kTableEnding);
}

std::optional<evidence::Digest> table_digest_from(std::string_view file_name) {
  if (!file_name.ends_with(kTableEnding)) return std::nullopt;
  file_name.remove_suffix(kTableEnding.size());
  const auto digest = evidence::Digest::from_hex(file_name);
  return digest ? std::optional(*digest) : std::nullopt;
}

}  // namespace assay::agent
