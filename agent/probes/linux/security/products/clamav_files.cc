#include "agent/probes/linux/security/products/clamav_files.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// "21 Nov 2026 …"
std::optional<std::string> date_of_header(std::string_view text) {
  text = trimmed(text);
  const auto day = text.substr(0, text.find(' '));
  if (day.size() + 9 > text.size()) return std::nullopt;
  return iso_date(text.substr(day.size() + 5, 4), month_number(text.substr(day.size() + 1, 3)),
                  day);
}

}  // namespace

Result<ClamavDatabase> parse_clamav_header(std::string_view start) {
  constexpr std::string_view kMagic = "ClamAV-VDB:";
  if (!start.starts_with(kMagic)) return fail(Code::kInvalidData, "no ClamAV database");
  auto rest = start.substr(kMagic.size(), kClamavHeaderBytes - kMagic.size());
  const auto date = date_of_header(rest.substr(0, rest.find(':')));
  // The version is the first field behind the time, which may itself hold colons, that is a number.
  for (auto colon = rest.find(':'); date && colon != std::string_view::npos;
       colon = rest.find(':')) {
    rest.remove_prefix(colon + 1);
    const auto field = rest.substr(0, rest.find(':'));
    if (decimal<std::uint32_t>(field)) return ClamavDatabase{std::string(field), *date};
  }
  return fail(Code::kInvalidData, "a ClamAV database without date or version");
}

std::optional<std::string> parse_last_scan(std::string_view log) {
  constexpr std::string_view kKey = "End Date:";
  std::optional<std::string> latest;
  Lines lines(log);
  while (const auto line = lines.next()) {
    if (!line->starts_with(kKey)) continue;
    const auto value = trimmed(line->substr(kKey.size()));
    if (value.size() < 10 || value[4] != ':' || value[7] != ':') continue;
    auto date = iso_date(value.substr(0, 4), value.substr(5, 2), value.substr(8, 2));
    if (date && (!latest || *latest < *date)) latest = std::move(date);
  }
  return latest;
}

std::string_view clamav_option(std::string_view settings, std::string_view name) {
  Lines lines(settings);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    if (!line.starts_with(name) || line.size() <= name.size()) continue;
    if (line[name.size()] != ' ' && line[name.size()] != '\t') continue;
    return trimmed(line.substr(name.size()));
  }
  return {};
}

}  // namespace assay::agent
