#include "agent/scan/resident_scanner.h"

#include "agent/probes/probe.h"

namespace assay::agent {

Scan ResidentScanner::scan() {
  Scan out;
  probes_run_ = 0;
  host_.start_scan();
  out.started = host_.now();
  for (const auto& probe : all_probes()) {
    const std::string name(probe.table);
    auto known = remembered_.find(name);
    // A table that could not be collected is tried again: the reason may have gone.
    const bool holds = known != remembered_.end() && known->second.table.is_ok() &&
                       unchanged(known->second.trace, host_);
    if (!holds) {
      ++probes_run_;
      RecordingHost recording(host_);
      auto table = collect(recording, name, true);
      table.rows.reset();
      known =
          remembered_.insert_or_assign(name, Remembered{recording.take(), std::move(table)}).first;
    }
    out.tables.push_back(known->second.table);
    if (holds) out.tables.back().milliseconds = 0;
  }
  out.ended = host_.now();
  return out;
}

}  // namespace assay::agent
