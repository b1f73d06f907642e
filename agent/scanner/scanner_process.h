// assay-scanner as a child: started, read to its end, never left behind.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/host/file_descriptor.h"
#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::size_t kMaxScannerInputBytes = 512U << 10U;

struct ScannerCall {
  std::string program;                 // beside this one
  std::vector<std::string> arguments;  // without the program's name
  std::string_view input;              // its standard input; at most kMaxScannerInputBytes
  // Zero: until it ends by itself, as one that a person watches.
  std::chrono::milliseconds time_limit{0};
  // Whether this process has to end itself; asked again and again. May be empty.
  std::function<bool()> must_end;
};

struct ScannerEnd {
  std::string output;  // at most kMaxScannedBytes
  int code = 0;        // what it ended with; it has said on standard error why it is not 0
  std::chrono::microseconds cpu{0};
  std::uint64_t peak_bytes = 0;  // of memory
};

// One that runs while this process does something else. Movable; whoever lets go of it ends it at
// once.
class RunningScanner {
 public:
  // kNotFound: there is no such program. `time_limit` and `must_end` of the call are finish()'s.
  [[nodiscard]] static Result<RunningScanner> start(const ScannerCall& call);
  RunningScanner(RunningScanner&& other) noexcept
      : child_(std::exchange(other.child_, -1)), output_(std::move(other.output_)) {}
  RunningScanner& operator=(RunningScanner&& other) noexcept;
  ~RunningScanner();

  [[nodiscard]] bool has_ended() const;
  // SIGTERM: it tells what it has so far.
  void ask_to_end() const;
  // Reads its answer to the end. Errors as run_scanner()'s; in any case it is gone afterwards.
  [[nodiscard]] Result<ScannerEnd> finish(std::chrono::milliseconds time_limit,
                                          const std::function<bool()>& must_end = {}) &&;

 private:
  RunningScanner(pid_t child, FileDescriptor output) : child_(child), output_(std::move(output)) {}

  pid_t child_ = -1;
  FileDescriptor output_;
};

// Starts it and waits for its end. What it writes to standard error goes to ours. kNotFound: there
// is no such program. kTimedOut, kTooLarge, kUnavailable (must_end): it was ended. kIo: a signal
// ended it.
[[nodiscard]] Result<ScannerEnd> run_scanner(const ScannerCall& call);

// The path of assay-scanner: in the folder of the program that runs.
[[nodiscard]] Result<std::string> scanner_program();

}  // namespace assay::agent
