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

constexpr std::string_view kEndDate = "End Date:";
constexpr std::string_view kDirectories = "Scanned directories:";
// A system has more folders than the first; what somebody keeps at one place, seldom the second.
constexpr std::int64_t kFewFolders = 500;
constexpr std::int64_t kManyFolders = 5000;
// What holds no files of this machine's own.
constexpr std::array<std::string_view, 9> kMayBeLeftOut = {
    "/cdrom", "/dev", "/lost+found", "/media", "/mnt", "/proc", "/run", "/snap", "/sys"};

// "2026:11:21 03:12:01"
std::optional<std::string> day_of(std::string_view time) {
  if (time.size() < 10 || time[4] != ':' || time[7] != ':') return std::nullopt;
  return iso_date(time.substr(0, 4), time.substr(5, 2), time.substr(8, 2));
}

// What the log says of one scan, up to the end of its summary.
class ScanBlock {
 public:
  void add(std::string_view line) {
    if (line.starts_with(kDirectories))
      folders_ = decimal(trimmed(line.substr(kDirectories.size())));
    if (!line.starts_with('/')) return;
    const auto colon = line.rfind(": ");
    if (colon == std::string_view::npos) return;
    const auto path = line.substr(0, colon);
    const auto state = line.substr(colon + 2);
    if (path == "/" && state == "OK") is_root_clean_ = true;
    if (state != "Symbolic link" && state != "Excluded" && state != "Empty file") return;
    tells_of_paths_ = true;
    if (path.find('/', 1) != std::string_view::npos) return;
    is_root_read_ = true;
    if (state == "Excluded" && left_out_.empty() &&
        std::ranges::find(kMayBeLeftOut, path) == kMayBeLeftOut.end())
      left_out_ = path;
  }

  [[nodiscard]] bool is_full() const { return is_root_clean_ || why_not().empty(); }

  [[nodiscard]] std::string note() const {
    if (!is_full()) return why_not();
    if (is_root_clean_ || is_root_read_) return {};
    return "taken for a full one by its " + std::to_string(*folders_) +
           " folders: its log does not tell what was scanned";
  }

 private:
  [[nodiscard]] std::string why_not() const {
    if (!folders_) return "its log does not tell what was scanned";
    const auto count = std::to_string(*folders_);
    if (!left_out_.empty()) return "it left out " + left_out_.substr(0, 200);
    if (is_root_read_) return *folders_ < kFewFolders ? "of " + count + " folders only" : "";
    if (tells_of_paths_) return "of " + count + " folders, and not of /";
    return *folders_ < kManyFolders ? "of " + count + " folders only" : "";
  }

  std::optional<std::int64_t> folders_;
  bool is_root_clean_ = false;   // clamdscan was given "/"
  bool is_root_read_ = false;    // clamscan went through the entries of "/"
  bool tells_of_paths_ = false;  // it was not told to be silent of all but what is infected
  std::string left_out_;
};

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

ClamavScans parse_scan_log(std::string_view log) {
  ClamavScans scans;
  ScanBlock block;
  Lines lines(log);
  while (const auto line = lines.next()) {
    if (line->starts_with(kEndDate)) {
      if (auto day = day_of(trimmed(line->substr(kEndDate.size())))) {
        auto& latest = block.is_full() ? scans.full : scans.other;
        if (!latest || latest->day <= *day) latest = {*std::move(day), block.note()};
      }
      block = ScanBlock();
    } else if (line->starts_with("--------------------") && !line->contains("SUMMARY")) {
      block = ScanBlock();  // the one before has no summary
    } else {
      block.add(*line);
    }
  }
  return scans;
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
