// The resident agent: scans on schedule, keeps the courier alive, carries out its
// verdicts, says what it does, and sleeps in between without waking up.
//
// One thread, which owns the process's signals (SIGTERM, SIGINT, SIGHUP, SIGCHLD)
// from the constructor on; no other thread may be running.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/host/file_descriptor.h"
#include "agent/schedule/courier_process.h"
#include "agent/schedule/resident_status.h"
#include "agent/schedule/scan_clock.h"
#include "agent/state/state_folder.h"

namespace assay::agent {

struct ResidentOptions {
  StateFolder state;
  // assay-courier, usually in the folder of this program. Empty: there is none, nothing is sent.
  std::string courier;
  // `run --state …`, and `--collector …` where it is to be another than the enrolled one.
  std::vector<std::string> courier_arguments;
};

// What the agent does when it is time. Each is called from run()'s thread.
struct ResidentActions {
  // Scans, signs and spools. After an error it is tried again sooner than by the schedule.
  // `is_asked`: the collector has asked for it.
  std::function<Result<ScanOutcome>(bool is_asked)> scan;
  // Spool::settle().
  std::function<Status()> settle;
  std::function<SpoolCounts()> counts;
  // Reads all settings anew: at the start, after SIGHUP, and when the collector has changed
  // some. After an error the old ones stay in force.
  std::function<Result<ScanTiming>()> timing;
};

class Resident {
 public:
  Resident(ResidentOptions options, ResidentActions actions);

  // Until SIGTERM or SIGINT. An error only if it could not begin.
  [[nodiscard]] Status run();
  // One scan, one upload, to the end of both. The first error of the two.
  [[nodiscard]] Status run_once();

 private:
  [[nodiscard]] Status begin();
  void act_on_time();
  void scan();
  void settle();
  void reload();
  void hear_signals();
  void hear_courier();
  void sleep();
  void note(const Error& error);
  void publish();

  ResidentOptions options_;
  ResidentActions actions_;
  FileDescriptor signals_;
  FileDescriptor timer_;
  std::optional<CourierProcess> courier_;
  std::optional<ScanClock> clock_;
  // A courier that chatters is heard once a second.
  BootTime deaf_until_{0};
  bool is_stopping_ = false;
  bool is_asked_ = false;  // for a scan, and none has succeeded since
  ResidentStatus status_;
  std::string published_;
};

// Of CLOCK_BOOTTIME.
[[nodiscard]] BootTime boot_time();

}  // namespace assay::agent
