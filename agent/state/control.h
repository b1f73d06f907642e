// All that the two processes of the agent ever say to each other: single bytes on
// a socket pair. There is no byte for a command, a path or a query, and none may be added.
#pragma once

namespace assay::agent {

// From the courier (no rights) to the agent (root).
inline constexpr char kScanNow = 's';               // the collector asks for a scan
inline constexpr char kConfigurationChanged = 'c';  // courier/settings.json is new
inline constexpr char kVerdicts = 'v';              // there are verdicts to carry out

// From the agent to the courier.
inline constexpr char kSnapshotSpooled = 'n';  // something new waits in the spool

}  // namespace assay::agent
