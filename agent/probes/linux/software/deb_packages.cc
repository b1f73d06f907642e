#include "agent/probes/linux/software/deb_packages.h"

#include "agent/probes/linux/software/dpkg_status.h"
#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::string_view kAdminDir = "/var/lib/dpkg";
constexpr std::string_view kStatus = "/var/lib/dpkg/status";
constexpr std::string_view kStatusFolder = "/var/lib/dpkg/status.d";
constexpr std::string_view kInfo = "/var/lib/dpkg/info";
constexpr std::size_t kMaxStatusBytes = evidence::kMaxTableBytes;  // 64 MiB

// Columns in the order of the declaration, which spares a look-up by name for each of 10,000 cells.
void append_rows(const std::vector<DpkgPackage>& packages, const DebPurl& purl,
                 evidence::Table& table) {
  for (const auto& package : packages) {
    evidence::Row row;
    row.reserve(12);
    row.emplace_back(std::string(package.name));
    row.push_back(text_or_null(package.version));
    row.push_back(text_or_null(package.source));
    row.push_back(number_or_null(package.installed_bytes));
    row.push_back(text_or_null(package.arch));
    row.push_back(text_or_null(dpkg_revision(package.version)));
    row.push_back(text_or_null(package.status));
    row.push_back(text_or_null(package.maintainer));
    row.push_back(text_or_null(package.section));
    row.push_back(text_or_null(package.priority));
    row.emplace_back(std::string(kAdminDir));
    row.push_back(text_or_null(purl.of(package.name, package.version, package.arch)));
    table.add_row(std::move(row));
  }
}

// A file that was cut exactly between two paragraphs looks whole. dpkg keeps a list of files of
// every package, so a package that has a list and no paragraph tells.
Status check_against_lists(Host& host, const std::vector<DpkgPackage>& packages) {
  const auto names = host.list_directory(kInfo, kMaxDirectoryEntries);
  if (!names) {
    if (names.error().code() == Code::kNotFound) return {};
    return fail(names.error());
  }
  std::set<std::string_view> known;
  for (const auto& package : packages) known.insert(package.name);
  for (const std::string_view name : *names) {
    if (!name.ends_with(".list")) continue;
    const auto package = name.substr(0, std::min(name.find(':'), name.size() - 5));
    if (!known.contains(package))
      return fail(Code::kInvalidData, "the file is cut short: it lacks " + std::string(package) +
                                          ", which " + std::string(kInfo) + " lists");
  }
  return {};
}

std::string reading(std::string_view path) {
  return std::string("reading ").append(path);
}

Status read_status(Host& host, const DebPurl& purl, evidence::Table& table) {
  const auto text = host.read_file(kStatus, kMaxStatusBytes);
  if (!text) return fail(text.error());
  const auto parsed = parse_dpkg_status(*text, DpkgLayout::kStatus);
  if (!parsed) return fail(parsed.error().within(reading(kStatus)));
  if (const auto checked = check_against_lists(host, parsed->packages); !checked)
    return fail(checked.error().within(reading(kStatus)));
  append_rows(parsed->packages, purl, table);
  return {};
}

Status read_status_folder(Host& host, const DebPurl& purl, evidence::Table& table) {
  const auto names = host.list_directory(kStatusFolder, kMaxDirectoryEntries);
  if (!names) return fail(names.error());
  for (const std::string_view name : *names) {
    if (name.ends_with(".md5sums")) continue;  // sums of a package's files, beside its paragraph
    const auto path = std::string(kStatusFolder).append("/").append(name);
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text) return fail(text.error());
    const auto parsed = parse_dpkg_status(*text, DpkgLayout::kStatusFolder);
    if (!parsed) return fail(parsed.error().within(reading(path)));
    append_rows(parsed->packages, purl, table);
  }
  return {};
}

bool is_missing(const Status& status) {
  return !status && status.error().code() == Code::kNotFound;
}

}  // namespace

DebPurl::DebPurl(const OsRelease& release)
    : name_space_(in_small_letters(value_of(release, "ID"))), distro_(distro_qualifier(release)) {}

std::string DebPurl::of(std::string_view name, std::string_view version,
                        std::string_view arch) const {
  if (name_space_.empty() || version.empty()) return {};
  return Purl("deb", name_space_, in_small_letters(name), version)
      .with("arch", arch)
      .with("distro", distro_)
      .take();
}

Result<evidence::Table> collect_deb_packages(Host& host) {
  const auto release = read_os_release(host);
  const DebPurl purl(release ? *release : OsRelease{});
  evidence::Table table(*evidence::find_table("deb_packages"));
  auto whole = read_status(host, purl, table);
  if (!whole && !is_missing(whole)) return fail(std::move(whole.error()));
  auto parts = read_status_folder(host, purl, table);
  if (!parts && !is_missing(parts)) return fail(std::move(parts.error()));
  if (!whole && !parts) return fail(std::move(whole.error()));
  return table;
}

}  // namespace assay::agent
