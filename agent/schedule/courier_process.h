// The courier as a child of the agent's process: started, talked to in single
// bytes, started again when it dies, never left behind.
//
// The caller blocks SIGCHLD and calls reap() when it comes. Used by one thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "agent/host/file_descriptor.h"
#include "agent/schedule/scan_clock.h"
#include "evidence/result.h"

namespace assay::agent {

class CourierProcess {
 public:
  static constexpr BootTime kFirstDelay{1'000};
  static constexpr BootTime kLongestDelay{300'000};
  static constexpr BootTime kSteady{60'000};  // who lived that long did not fail at once

  // `arguments` without the program's name; `--control-fd 3` is added.
  CourierProcess(std::string program, std::vector<std::string> arguments);
  CourierProcess(const CourierProcess&) = delete;
  CourierProcess& operator=(const CourierProcess&) = delete;
  ~CourierProcess() { stop(); }

  // Starts it if it is due. kNotFound: there is no such program.
  [[nodiscard]] Status start_if_due(BootTime now);
  // When start_if_due() will have to start it; nullopt while it runs.
  [[nodiscard]] std::optional<BootTime> due() const;
  // Looks whether it has ended.
  void reap(BootTime now);
  // SIGTERM, a few seconds of patience, SIGKILL.
  void stop();

  void tell(char byte) const;
  // What it said since the last call, in no order; empty when nothing.
  [[nodiscard]] std::string heard();
  [[nodiscard]] int control() const { return control_.number(); }

  [[nodiscard]] bool is_running() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::int64_t restarts() const { return restarts_; }
  // How it ended the last time, in words; empty when it never has.
  [[nodiscard]] const std::string& last_end() const { return last_end_; }

 private:
  void ended(int status, BootTime now);

  std::string program_;
  std::vector<std::string> arguments_;
  FileDescriptor control_;
  pid_t pid_ = -1;
  BootTime started_{0};
  BootTime due_{0};
  BootTime delay_ = kFirstDelay;
  std::int64_t restarts_ = 0;
  std::string last_end_;
};

// Runs the program to its end, without a control socket, in our environment; the exit code. kIo
// when a signal ended it.
[[nodiscard]] Result<int> run_courier(const std::string& program,
                                      const std::vector<std::string>& arguments);

}  // namespace assay::agent
