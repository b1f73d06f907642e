// A scanner that stays: between two scans it remembers what every probe read, and
// runs again only those that would see something else. "Has anything changed?"
// costs a few microseconds per file. Used by one thread at a time.
#pragma once

#include <map>
#include <string>

#include "agent/host/recording_host.h"
#include "agent/scan/scan.h"

namespace assay::agent {

class ResidentScanner {
 public:
  explicit ResidentScanner(Host& host) : host_(host) {}

  // Same answer as scan() with keep_frames, but the rows are not kept.
  [[nodiscard]] Scan scan();

  // How many probes the last scan() really ran.
  [[nodiscard]] std::int64_t probes_run() const { return probes_run_; }

 private:
  struct Remembered {
    Trace trace;
    ScannedTable table;
  };
  Host& host_;
  std::map<std::string, Remembered> remembered_;
  std::int64_t probes_run_ = 0;
};

}  // namespace assay::agent
