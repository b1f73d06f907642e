// What is particular to single products: where each keeps its state, and what its own tool tells.
// See Inspector. One file of this folder for each maker.
#pragma once

#include "agent/probes/linux/security/findings.h"

namespace assay::agent {

[[nodiscard]] Status inspect_aide(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_bitdefender(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_clamav(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_cortex(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_crowdstrike(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_deep_security(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_defender(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_eset(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_kaspersky(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_modsecurity(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_ossec(Host& host, PresenceFinder& finder, Findings& findings);
// A program without a service of its own, that cron or a timer starts.
[[nodiscard]] Status inspect_periodic(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_sentinelone(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_serverprotect(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_snort(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_sophos(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_sophos_av(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_spamassassin(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_suricata(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_symantec(Host& host, PresenceFinder& finder, Findings& findings);
[[nodiscard]] Status inspect_symantec_agent(Host& host, PresenceFinder& finder, Findings& findings);

}  // namespace assay::agent
