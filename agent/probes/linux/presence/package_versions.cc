#include "agent/probes/linux/presence/package_versions.h"

#include "evidence/limits.h"

namespace assay::agent {

bool PackageVersions::has_trace(std::span<const std::string_view> packages) {
  return std::ranges::any_of(packages, [this](std::string_view package) {
    return host_.status(std::string("/var/lib/dpkg/info/").append(package).append(".list"))
        .has_value();
  });
}

void PackageVersions::load() {
  if (parsed_) return;
  auto text = host_.read_file(kSource, evidence::kMaxTableBytes);
  if (!text) {
    parsed_.emplace(fail(std::move(text.error())));
    return;
  }
  text_ = *std::move(text);
  parsed_.emplace(parse_dpkg_status(text_, DpkgLayout::kStatus));
}

Result<std::string> PackageVersions::version_of(std::span<const std::string_view> packages,
                                                bool only_installed) {
  load();
  if (!*parsed_) return fail(parsed_->error());
  for (const auto name : packages)
    for (const auto& package : (*parsed_)->packages)
      if (package.name == name && (package.is_installed() || !only_installed))
        return std::string(package.version);
  return std::string();
}

}  // namespace assay::agent
