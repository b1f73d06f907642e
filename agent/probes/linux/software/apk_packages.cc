#include "agent/probes/linux/software/apk_packages.h"

#include "agent/probes/linux/software/apk_installed.h"
#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/system/os_release.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 2> kDatabases = {"/lib/apk/db/installed",
                                                        "/usr/lib/apk/db/installed"};
constexpr std::size_t kMaxDatabaseBytes = 64U << 20U;

void append_rows(const std::vector<ApkPackage>& packages, const OsRelease& release,
                 std::string_view database, evidence::Table& table) {
  const auto name_space = in_small_letters(value_of(release, "ID"));
  const auto distro = distro_qualifier(release);
  for (const auto& package : packages) {
    evidence::Row row;
    row.reserve(13);
    row.emplace_back(std::string(package.name));
    row.emplace_back(std::string(package.version));
    row.push_back(text_or_null(package.origin));
    row.push_back(number_or_null(package.installed_bytes));
    row.push_back(text_or_null(package.arch));
    row.push_back(text_or_null(package.license));
    row.push_back(text_or_null(package.maintainer));
    row.push_back(text_or_null(package.checksum));
    row.push_back(text_or_null(package.repository_tag));
    row.push_back(number_or_null(package.build_time));
    row.emplace_back(std::int64_t{package.is_broken});
    row.emplace_back(std::string(database));
    row.push_back(name_space.empty()
                      ? evidence::Value(evidence::kNull)
                      : Purl("apk", name_space, in_small_letters(package.name), package.version)
                            .with("arch", package.arch)
                            .with("distro", distro)
                            .take());
    table.add_row(std::move(row));
  }
}

}  // namespace

Result<evidence::Table> collect_apk_packages(Host& host) {
  const auto release = read_os_release(host);
  for (const auto database : kDatabases) {
    const auto text = host.read_file(database, kMaxDatabaseBytes);
    if (!text && text.error().code() == Code::kNotFound) continue;
    if (!text) return fail(text.error());
    const auto packages = parse_apk_installed(*text);
    if (!packages) return fail(packages.error().within("reading " + std::string(database)));
    evidence::Table table(*evidence::find_table("apk_packages"));
    append_rows(*packages, release ? *release : OsRelease{}, database, table);
    return table;
  }
  return fail(Code::kNotFound, "no apk database is on this system");
}

}  // namespace assay::agent
