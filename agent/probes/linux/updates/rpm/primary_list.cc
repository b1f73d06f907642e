#include "agent/probes/linux/updates/rpm/primary_list.h"

namespace assay::agent {

std::string rpm_version_text(std::string_view epoch, std::string_view version,
                             std::string_view release) {
  if (version.empty() || release.empty()) return {};
  std::string text;
  if (epoch.find_first_not_of('0') != std::string_view::npos) text.append(epoch).append(":");
  return text.append(version).append("-").append(release);
}

// metadata / package / name, arch, version
Status PrimaryScanner::begin(std::string_view name, std::size_t depth,
                             const XmlAttributes& attributes) {
  wants_text_ = false;
  if (depth == 0 && name != "metadata")
    return fail(Code::kInvalidData, "this is no list of packages");
  if (depth == 1) package_ = {};
  if (depth != 2) return {};
  if (name == "version")
    package_.version =
        rpm_version_text(attributes["epoch"], attributes["ver"], attributes["rel"]);
  wants_text_ = name == "name" || name == "arch";
  return {};
}

Status PrimaryScanner::end(std::string_view name, std::size_t depth, std::string_view text) {
  if (depth == 2 && name == "name") package_.name = text;
  if (depth == 2 && name == "arch") package_.arch = text;
  if (depth != 1 || name != "package") return {};
  if (package_.name.empty() || package_.arch.empty() || package_.version.empty())
    return fail(Code::kInvalidData, "a package without name, architecture or version");
  if (is_wanted_(package_.name)) show_(package_);
  return {};
}

}  // namespace assay::agent
