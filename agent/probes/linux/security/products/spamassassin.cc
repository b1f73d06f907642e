#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/security/products/tool_report.h"

namespace assay::agent {

// The channel's file begins with "# UPDATE version 1922005".
Status inspect_spamassassin(Host& host, PresenceFinder&, Findings& findings) {
  constexpr std::string_view kRules = "/var/lib/spamassassin";
  const auto versions = host.list_directory(kRules, kMaxDirectoryEntries);
  if (!versions) {
    findings.unknown("signature_version", versions.error().message());
    return {};
  }
  for (const auto& version : *versions) {
    const auto path = std::string(kRules) + "/" + version + "/updates_spamassassin_org.cf";
    const auto start = host.read_start(path, 128);
    constexpr std::string_view kMark = "# UPDATE version ";
    if (!start || !start->starts_with(kMark)) continue;
    const auto end = std::min(start->find('\n'), start->size());
    findings.signature_version = start->substr(kMark.size(), end - kMark.size());
    findings.from(path);
  }
  if (findings.signature_version.empty())
    findings.unknown("signature_version",
                     "sa-update has brought none, so those of the package are in use");
  return {};
}

}  // namespace assay::agent
