#include "agent/probes/linux/system/os_version.h"

#include "agent/probes/linux/system/architecture.h"
#include "agent/probes/linux/system/os_release.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

struct Version {
  std::optional<std::int64_t> major;
  std::optional<std::int64_t> minor;
  std::optional<std::int64_t> patch;
};

Version version_from(std::string_view text) {
  Version version;
  for (auto* part : {&version.major, &version.minor, &version.patch}) {
    const auto dot = text.find('.');
    *part = decimal(text.substr(0, dot));
    if (!*part || dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return version;
}

// Debian's os-release has no point release; debian_version has: "12.11".
Result<Version> debian_version(Host& host, Version known) {
  const auto text = host.read_file("/etc/debian_version", kMaxConfigBytes);
  if (!text) {
    if (text.error().code() == Code::kNotFound) return known;
    return fail(text.error());
  }
  const auto found = version_from(trimmed(*text));
  return found.major && found.major == known.major ? found : known;
}

}  // namespace

Result<evidence::Table> collect_os_version(Host& host) {
  const auto release = read_os_release(host);
  if (!release) return fail(release.error());
  const auto value = [&](std::string_view key) { return value_of(*release, key); };

  Version version = version_from(value("VERSION_ID"));
  if (value("ID") == "debian" && version.major && !version.minor) {
    const auto better = debian_version(host, version);
    if (!better) return fail(better.error());
    version = *better;
  }
  evidence::Table table(*evidence::find_table("os_version"));
  table.add(
      {{"name", text_or_null(value("NAME"))},
       {"version", text_or_null(value(release->contains("VERSION") ? "VERSION" : "VERSION_ID"))},
       {"major", number_or_null(version.major)},
       {"minor", number_or_null(version.minor)},
       {"patch", number_or_null(version.patch)},
       {"build", text_or_null(value("BUILD_ID"))},
       {"platform", text_or_null(value("ID").empty() ? "linux" : value("ID"))},
       {"platform_like", text_or_null(value("ID_LIKE"))},
       {"codename", text_or_null(value("VERSION_CODENAME"))},
       {"arch", text_or_null(architecture(host))},
       {"extra", text_or_null(value("VARIANT"))},
       {"support_end", text_or_null(value("SUPPORT_END"))}});
  return table;
}

}  // namespace assay::agent
