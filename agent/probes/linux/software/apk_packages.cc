#include "agent/probes/linux/software/apk_packages.h"

#include "agent/probes/linux/software/apk_database.h"
#include "agent/probes/linux/software/apk_installed.h"
#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/system/os_release.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

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
  const auto database = read_apk_database(host);
  if (!database) return fail(database.error());
  const auto packages = parse_apk_installed(database->text);
  if (!packages) return fail(packages.error().within("reading " + std::string(database->path)));
  evidence::Table table(*evidence::find_table("apk_packages"));
  append_rows(*packages, release ? *release : OsRelease{}, database->path, table);
  return table;
}

}  // namespace assay::agent
