#include "agent/probes/linux/updates/rpm/advisories.h"

#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/rpm/primary_list.h"

namespace assay::agent {
namespace {

// Of the elements' names: updates / update / pkglist / collection / package.
constexpr std::size_t kUpdate = 1;
constexpr std::size_t kId = 2;
constexpr std::size_t kCollection = 3;
constexpr std::size_t kPackage = 4;

}  // namespace

Status AdvisoryScanner::begin(std::string_view name, std::size_t depth,
                              const XmlAttributes& attributes) {
  wants_text_ = false;
  if (depth == 0 && name != "updates")
    return fail(Code::kInvalidData, "this is no list of advisories");
  if (depth == kUpdate) {
    package_ = {};
    package_.is_security = attributes["type"] == "security";
  }
  if (depth == kId) wants_text_ = name == "id";
  if (depth == kCollection) package_.module.clear();
  if (depth == kPackage && name == "module")
    package_.module = std::string(attributes["name"]).append(":").append(attributes["stream"]);
  if (depth == kPackage && name == "package") {
    package_.name = attributes["name"];
    package_.arch = attributes["arch"];
    package_.version =
        rpm_version_text(attributes["epoch"], attributes["version"], attributes["release"]);
  }
  return {};
}

Status AdvisoryScanner::end(std::string_view name, std::size_t depth, std::string_view text) {
  if (depth == kId && name == "id") package_.advisory = trimmed(text);
  if (depth != kPackage || name != "package") return {};
  // Some lists name a package without its version: nothing can be told of that.
  if (!package_.name.empty() && !package_.version.empty() && is_wanted_(package_.name))
    show_(package_);
  return {};
}

}  // namespace assay::agent
