#include "agent/probes/linux/presence/package_versions.h"

#include "agent/probes/linux/software/apk_database.h"
#include "agent/probes/linux/software/apk_installed.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDpkgStatus = "/var/lib/dpkg/status";

}  // namespace

bool PackageVersions::has_list(std::span<const std::string_view> packages) {
  return std::ranges::any_of(packages, [this](std::string_view package) {
    return host_.status(std::string("/var/lib/dpkg/info/").append(package).append(".list"))
        .has_value();
  });
}

Result<std::optional<KnownPackage>> PackageVersions::find_in_dpkg(
    std::span<const std::string_view> packages) {
  if (!has_list(packages)) return std::nullopt;
  if (!dpkg_) {
    auto text = host_.read_file(kDpkgStatus, evidence::kMaxTableBytes);
    if (text) {
      dpkg_text_ = *std::move(text);
      dpkg_.emplace(parse_dpkg_status(dpkg_text_, DpkgLayout::kStatus));
    } else {
      dpkg_.emplace(fail(std::move(text.error())));
    }
  }
  if (!*dpkg_) return fail(dpkg_->error());
  std::optional<KnownPackage> found;
  for (const auto name : packages)
    for (const auto& package : (*dpkg_)->packages) {
      if (package.name != name || (found && !package.is_installed())) continue;
      found = KnownPackage{.version = std::string(package.version),
                           .source = std::string(kDpkgStatus),
                           .is_installed = package.is_installed()};
      if (found->is_installed) return found;
    }
  return found;
}

Result<PackageVersions::Installed> PackageVersions::read_rpm() {
  auto path = rpm_database_path(host_);
  if (!path && path.error().code() == Code::kNotFound) return Installed();
  if (!path) return fail(std::move(path.error()));
  Installed installed{.source = *std::move(path), .versions = {}};
  const auto visited = visit_rpm_packages(host_,
                                          [&](ByteSource& header) -> Status {
                                            auto identity = read_rpm_identity(header);
                                            if (!identity) return fail(std::move(identity.error()));
                                            if (wanted_.contains(identity->name))
                                              installed.versions.insert_or_assign(
                                                  identity->name, identity->full_version());
                                            return {};
                                          },
                                          {.by = RpmSelection::By::kName, .keys = wanted_});
  if (!visited) return fail(visited.error());
  return installed;
}

Result<PackageVersions::Installed> PackageVersions::read_apk() {
  const auto database = read_apk_database(host_);
  if (!database && database.error().code() == Code::kNotFound) return Installed();
  if (!database) return fail(database.error());
  const auto packages = parse_apk_installed(database->text);
  if (!packages) return fail(packages.error());
  Installed installed{.source = std::string(database->path), .versions = {}};
  for (const auto& package : *packages)
    if (const std::string name(package.name); wanted_.contains(name))
      installed.versions.emplace(name, package.version);
  return installed;
}

Result<std::optional<KnownPackage>> PackageVersions::find(
    std::span<const std::string_view> packages) {
  auto known = find_in_dpkg(packages);
  if (!known || *known || wanted_.empty()) return known;
  if (!rpm_) rpm_.emplace(read_rpm());
  if (!apk_) apk_.emplace(read_apk());
  for (const auto* installed : {&*rpm_, &*apk_}) {
    if (!*installed) return fail(installed->error());
    for (const auto name : packages)
      if (const auto at = (*installed)->versions.find(name); at != (*installed)->versions.end())
        return KnownPackage{
            .version = at->second, .source = (*installed)->source, .is_installed = true};
  }
  return std::nullopt;
}

}  // namespace assay::agent
