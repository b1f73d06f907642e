#include "agent/probes/linux/libraries/package_url.h"

#include <algorithm>

#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

// The last part of a name is the package's, what stands before it the namespace.
std::string url_of_path(std::string_view type, std::string_view path, std::string_view version) {
  if (path.empty() || version.empty()) return {};
  const auto slash = path.rfind('/');
  const bool has_namespace = slash != std::string_view::npos;
  return Purl(type, has_namespace ? path.substr(0, slash) : std::string_view(),
              has_namespace ? path.substr(slash + 1) : path, version)
      .take();
}

}  // namespace

std::string pypi_url(std::string_view name, std::string_view version) {
  if (name.empty() || version.empty()) return {};
  auto normal = in_small_letters(name);
  std::ranges::replace(normal, '_', '-');
  return Purl("pypi", {}, normal, version).take();
}

std::string npm_url(std::string_view name, std::string_view version) {
  return url_of_path("npm", in_small_letters(name), version);
}

std::string maven_url(std::string_view group, std::string_view artifact, std::string_view version,
                      std::string_view type) {
  if (group.empty() || artifact.empty() || version.empty()) return {};
  return Purl("maven", group, artifact, version).with("type", type == "jar" ? "" : type).take();
}

std::string golang_url(std::string_view module, std::string_view version) {
  return url_of_path("golang", in_small_letters(module), version);
}

}  // namespace assay::agent
