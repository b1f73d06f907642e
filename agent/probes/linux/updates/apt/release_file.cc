#include "agent/probes/linux/updates/apt/release_file.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxValueBytes = 1024;

// The member for a field of text; nullptr for others.
std::string AptRelease::* member_for(std::string_view field) {
  if (field == "Origin") return &AptRelease::origin;
  if (field == "Label") return &AptRelease::label;
  if (field == "Suite") return &AptRelease::suite;
  if (field == "Version") return &AptRelease::version;
  if (field == "Codename") return &AptRelease::codename;
  return nullptr;
}

bool is_digest_list(std::string_view field) {
  return field == "MD5Sum" || field == "SHA1" || field == "SHA256" || field == "SHA512";
}

// Skips the signature's header of an InRelease file.
void skip_signature(Lines& lines, std::string_view text) {
  if (!text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----")) return;
  while (const auto line = lines.next())
    if (trimmed(*line).empty()) return;
}

void keep(AptRelease& release, std::string_view field, std::string_view value) {
  if (value.size() > kMaxValueBytes) value = value.substr(0, kMaxValueBytes);
  if (const auto member = member_for(field); member != nullptr) {
    release.*member = value;
  } else if (field == "Date") {
    release.date = day_of_release_date(value);
  } else if (field == "Valid-Until") {
    release.valid_until = day_of_release_date(value);
  } else if (field == "NotAutomatic") {
    release.is_not_automatic = value == "yes";
  } else if (field == "ButAutomaticUpgrades") {
    release.has_automatic_upgrades = value == "yes";
  }
}

}  // namespace

Result<AptRelease> parse_release(std::string_view text) {
  AptRelease release;
  Lines lines(text);
  skip_signature(lines, text);
  bool has_field = false;
  while (const auto line = lines.next()) {
    if (line->empty() || (*line)[0] == ' ' || (*line)[0] == '\t') continue;
    if (line->starts_with("-----BEGIN PGP SIGNATURE-----")) break;
    const auto colon = line->find(':');
    if (colon == std::string_view::npos)
      return fail(Code::kInvalidData,
                  "line " + std::to_string(lines.number()) + ": not a field of a Release file");
    has_field = true;
    const auto field = line->substr(0, colon);
    if (is_digest_list(field)) break;
    keep(release, field, trimmed(line->substr(colon + 1)));
  }
  if (!has_field) return fail(Code::kInvalidData, "not a Release file");
  return release;
}

std::optional<std::uint64_t> size_in_release(std::string_view text, std::string_view file) {
  for (auto at = text.find(file); at != std::string_view::npos; at = text.find(file, at + 1)) {
    const auto end = at + file.size();
    if (at == 0 || text[at - 1] != ' ' || (end < text.size() && text[end] != '\n')) continue;
    const auto begin = text.rfind('\n', at) + 1;  // 0 when there is no line before
    const auto words = trimmed(text.substr(begin, at - begin));
    const auto blank = words.find_last_of(" \t");
    if (blank == std::string_view::npos) continue;
    if (const auto size = decimal<std::uint64_t>(words.substr(blank + 1))) return size;
  }
  return std::nullopt;
}

std::string day_of_release_date(std::string_view text) {
  if (const auto comma = text.find(','); comma != std::string_view::npos)
    text.remove_prefix(comma + 1);
  text = trimmed(text);
  const auto first = text.find(' ');
  const auto second = text.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos || first > 2) return {};
  const auto month = month_number(text.substr(first + 1, second - first - 1));
  return iso_date(text.substr(second + 1, 4), month, text.substr(0, first)).value_or("");
}

std::optional<bool> is_security_release(const AptRelease& release) {
  for (const std::string_view name :
       {std::string_view(release.suite), std::string_view(release.codename)})
    if (name.ends_with("-security")) return true;
  if (release.label == "Debian-Security") return true;
  for (const std::string_view origin :
       {"Debian", "Ubuntu", "Raspbian", "UbuntuESM", "UbuntuESMApps"})
    if (release.origin == origin) return false;
  return std::nullopt;
}

}  // namespace assay::agent
