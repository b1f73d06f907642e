#include "agent/probes/linux/security/products/clamav_files.h"
#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kLogs = "/var/log/clamav";
constexpr std::size_t kMaxLogBytes = 16U << 20U;

std::string database_folder(Host& host) {
  for (const auto* path : {"/etc/clamav/clamd.conf", "/etc/clamav/freshclam.conf",
                           "/etc/clamd.d/scan.conf", "/etc/freshclam.conf"})
    if (const auto settings = host.read_file(path, kMaxConfigBytes))
      if (const auto folder = clamav_option(*settings, "DatabaseDirectory"); !folder.empty())
        return std::string(folder);
  return "/var/lib/clamav";
}

void find_signatures(Host& host, Findings& findings) {
  const auto folder = database_folder(host);
  std::string best_path;
  for (const std::string_view name : {"/daily.cld", "/daily.cvd"}) {
    const auto path = folder + std::string(name);
    const auto start = host.read_start(path, kClamavHeaderBytes);
    if (!start && start.error().code() == Code::kNotFound) continue;
    auto header = start ? parse_clamav_header(*start) : Result<ClamavDatabase>(fail(start.error()));
    if (!header) {
      findings.unknown(kSignatures, path + ": " + header.error().message());
      continue;
    }
    if (decimal(header->version) <= decimal(findings.signature_version)) continue;
    findings.signature_version = std::move(header->version);
    findings.signature_date = std::move(header->date);
    best_path = path;
  }
  if (!best_path.empty()) return findings.from(best_path);
  findings.unknown(kSignatures, "there is no readable daily database in " + folder);
}

void find_last_scan(Host& host, Findings& findings) {
  const auto names = host.list_directory(kLogs, kMaxDirectoryEntries);
  if (!names) return findings.unknown("last_scan", names.error().message());
  std::string best_path;
  std::string note;  // of the best, or else of the latest that is none
  std::string latest_other;
  for (const std::string_view name : *names) {
    if (!name.ends_with(".log")) continue;
    const auto path = std::string(kLogs).append("/").append(name);
    const auto log = host.read_file(path, kMaxLogBytes);
    if (!log) {
      findings.unknown("last_scan", log.error().message());
      continue;
    }
    const auto scans = parse_scan_log(*log);
    if (scans.full && scans.full->day > findings.last_scan) {
      findings.last_scan = scans.full->day;
      best_path = path;
      note = scans.full->note;
    } else if (best_path.empty() && scans.other && scans.other->day > latest_other) {
      latest_other = scans.other->day;
      note = "that of " + latest_other + " in " + path +
             " is not taken for a full one: " + scans.other->note;
    }
  }
  if (best_path.empty() && latest_other.empty())
    note = "no log in " + std::string(kLogs) + " holds the summary of one";
  if (!best_path.empty()) findings.from(best_path);
  if (!note.empty()) findings.unknown("last_scan", note);
}

}  // namespace

Status inspect_clamav(Host& host, PresenceFinder& finder, Findings& findings) {
  constexpr std::array<std::string_view, 1> kOnAccessUnits = {"clamav-clamonacc.service"};
  constexpr std::array<std::string_view, 1> kOnAccessProcesses = {"clamonacc"};
  const auto real_time = finder.services().is_running(kOnAccessUnits, kOnAccessProcesses);
  if (!real_time) return fail(real_time.error());
  findings.real_time = *real_time;
  if (!*real_time) findings.unknown("real_time", "whether clamonacc runs is not known");
  findings.unknown("management_server", "it has none");
  find_signatures(host, findings);
  find_last_scan(host, findings);
  return {};
}

}  // namespace assay::agent
