#include "agent/probes/linux/security/security_agents.h"

#include "agent/probes/linux/processes/services.h"
#include "agent/probes/linux/security/clamav_files.h"
#include "agent/probes/linux/security/security_products.h"
#include "agent/probes/linux/software/dpkg_status.h"
#include "agent/probes/linux/text/cells.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::string_view kStatus = "/var/lib/dpkg/status";
constexpr std::string_view kInfo = "/var/lib/dpkg/info/";
constexpr std::string_view kLogs = "/var/log/clamav";
constexpr std::string_view kInImage = "an image is read, so nothing runs";
constexpr std::size_t kMaxStatusBytes = evidence::kMaxTableBytes;
constexpr std::size_t kMaxLogBytes = 16U << 20U;

evidence::Value flag_or_null(std::optional<bool> flag) {
  if (!flag) return evidence::kNull;
  return std::int64_t{*flag ? 1 : 0};
}

void append(std::string& list, std::string_view separator, std::string_view text) {
  if (!list.empty()) list += separator;
  list += text;
}

// One row in the making.
struct Findings {
  std::optional<bool> installed;
  std::optional<bool> running;
  std::optional<bool> enabled;
  std::optional<bool> real_time;
  std::string version;
  std::string signature_version;
  std::string signature_date;
  std::string last_scan;
  std::string sources;
  std::string notes;

  void from(std::string_view source) { append(sources, ", ", source); }
  void note(std::string_view text) { append(notes, "; ", text); }
};

void add_row(const SecurityProduct& product, const Findings& findings, evidence::Table& table) {
  table.add({{"kind", std::string(product.kind)},
             {"name", std::string(product.name)},
             {"version", text_or_null(findings.version)},
             {"installed", flag_or_null(findings.installed)},
             {"running", flag_or_null(findings.running)},
             {"enabled", flag_or_null(findings.enabled)},
             {"real_time", flag_or_null(findings.real_time)},
             {"signature_version", text_or_null(findings.signature_version)},
             {"signature_date", text_or_null(findings.signature_date)},
             {"last_scan", text_or_null(findings.last_scan)},
             {"source", text_or_null(findings.sources)},
             {"note", text_or_null(findings.notes)}});
}

// The look at one product. A failure of the machine (not of permission) fails the whole table.
class Inspection {
 public:
  explicit Inspection(Host& host) : host_(host), services_(host) {}

  Status inspect_clamav(evidence::Table& table);
  Status inspect_other(const SecurityProduct& product, evidence::Table& table);

 private:
  // False when there is no trace of the product, and so no row.
  Result<bool> find(const SecurityProduct& product, Findings& findings);
  Status find_service(const SecurityProduct& product, Findings& findings);
  void find_version(const SecurityProduct& product, Findings& findings);
  void find_signatures(Findings& findings);
  void find_last_scan(Findings& findings);
  std::string database_folder();

  Host& host_;
  Services services_;
};

Result<bool> Inspection::find(const SecurityProduct& product, Findings& findings) {
  bool is_hidden = false;
  for (const auto program : product.programs) {
    const auto status = host_.status(program);
    if (status) {
      findings.installed = true;
      findings.from(program);
    } else if (status.error().code() == Code::kPermissionDenied) {
      is_hidden = true;
    } else if (status.error().code() != Code::kNotFound) {
      return fail(status.error());
    }
  }
  bool has_package = false;
  for (const auto package : product.packages)
    has_package |= host_.status(std::string(kInfo).append(package).append(".list")).has_value();
  if (!findings.installed && !has_package && !is_hidden) return false;
  if (!findings.installed && is_hidden) findings.note("its folder may not be read");
  if (!findings.installed && !is_hidden) findings.installed = false;
  if (has_package) find_version(product, findings);
  if (findings.version.empty()) findings.note("the version is not recorded as a deb package");
  return true;
}

void Inspection::find_version(const SecurityProduct& product, Findings& findings) {
  const auto text = host_.read_file(kStatus, kMaxStatusBytes);
  const auto parsed = text ? parse_dpkg_status(*text, DpkgLayout::kStatus)
                           : Result<DpkgPackages>(fail(text.error()));
  if (!parsed) return findings.note("package version: " + parsed.error().message());
  for (const auto name : product.packages) {
    const auto found = std::ranges::find(parsed->packages, name, &DpkgPackage::name);
    if (found == parsed->packages.end()) continue;
    if (!found->is_installed() && findings.installed.value_or(false)) continue;
    findings.version = found->version;
    findings.from(kStatus);
    return;
  }
}

Status Inspection::find_service(const SecurityProduct& product, Findings& findings) {
  const auto enabled = services_.is_enabled(product.units);
  if (!enabled) return fail(enabled.error());
  findings.enabled = *enabled;
  if (!*enabled) findings.note("no service of it is known to the system");
  const auto running = services_.is_running(product.units, product.processes);
  if (!running) return fail(running.error());
  findings.running = *running;
  if (!*running)
    findings.note(host_.is_live() ? "processes of others are hidden" : std::string(kInImage));
  return {};
}

Status Inspection::inspect_other(const SecurityProduct& product, evidence::Table& table) {
  Findings findings;
  const auto found = find(product, findings);
  if (!found) return fail(found.error());
  if (!*found) return {};
  if (auto service = find_service(product, findings); !service) return service;
  findings.note("real-time protection, signatures and last scan are known to the product only");
  add_row(product, findings, table);
  return {};
}

std::string Inspection::database_folder() {
  for (const auto* path : {"/etc/clamav/clamd.conf", "/etc/clamav/freshclam.conf",
                           "/etc/clamd.d/scan.conf", "/etc/freshclam.conf"})
    if (const auto settings = host_.read_file(path, kMaxConfigBytes))
      if (const auto folder = clamav_option(*settings, "DatabaseDirectory"); !folder.empty())
        return std::string(folder);
  return "/var/lib/clamav";
}

void Inspection::find_signatures(Findings& findings) {
  const auto folder = database_folder();
  std::string best_path;
  for (const std::string_view name : {"/daily.cld", "/daily.cvd"}) {
    const auto path = folder + std::string(name);
    const auto start = host_.read_start(path, kClamavHeaderBytes);
    if (!start && start.error().code() == Code::kNotFound) continue;
    auto header = start ? parse_clamav_header(*start) : Result<ClamavDatabase>(fail(start.error()));
    if (!header) {
      findings.note("signatures: " + path + ": " + header.error().message());
      continue;
    }
    if (decimal(header->version) <= decimal(findings.signature_version)) continue;
    findings.signature_version = std::move(header->version);
    findings.signature_date = std::move(header->date);
    best_path = path;
  }
  if (!best_path.empty()) return findings.from(best_path);
  findings.note("signatures: there is no readable daily database in " + folder);
}

void Inspection::find_last_scan(Findings& findings) {
  const auto names = host_.list_directory(kLogs, kMaxDirectoryEntries);
  if (!names) return findings.note("last scan: " + names.error().message());
  std::string best_path;
  for (const std::string_view name : *names) {
    if (!name.ends_with(".log")) continue;
    const auto path = std::string(kLogs).append("/").append(name);
    const auto log = host_.read_file(path, kMaxLogBytes);
    if (!log) {
      findings.note("last scan: " + log.error().message());
      continue;
    }
    const auto day = parse_last_scan(*log);
    if (!day || *day <= findings.last_scan) continue;
    findings.last_scan = *day;
    best_path = path;
  }
  if (!best_path.empty()) return findings.from(best_path);
  findings.note("last scan: no log in " + std::string(kLogs) + " holds the summary of one");
}

Status Inspection::inspect_clamav(evidence::Table& table) {
  constexpr std::array<std::string_view, 1> kOnAccessUnits = {"clamav-clamonacc.service"};
  constexpr std::array<std::string_view, 1> kOnAccessProcesses = {"clamonacc"};
  Findings findings;
  const auto found = find(clamav(), findings);
  if (!found) return fail(found.error());
  if (!*found) return {};
  if (auto service = find_service(clamav(), findings); !service) return service;
  const auto real_time = services_.is_running(kOnAccessUnits, kOnAccessProcesses);
  if (!real_time) return fail(real_time.error());
  findings.real_time = *real_time;
  find_signatures(findings);
  find_last_scan(findings);
  add_row(clamav(), findings, table);
  return {};
}

}  // namespace

Result<evidence::Table> collect_security_agents(Host& host) {
  evidence::Table table(*evidence::find_table("security_agents"));
  Inspection inspection(host);
  if (auto done = inspection.inspect_clamav(table); !done) return fail(std::move(done.error()));
  for (const auto& product : other_products())
    if (auto done = inspection.inspect_other(product, table); !done)
      return fail(std::move(done.error()));
  return table;
}

}  // namespace assay::agent
