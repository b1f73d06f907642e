// assay-scanner as a child: started, read to its end, never left behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::size_t kMaxScannerInputBytes = 64U << 10U;

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

// What it writes to standard error goes to ours. kNotFound: there is no such program. kTimedOut,
// kTooLarge, kUnavailable (must_end): it was ended. kIo: a signal ended it.
[[nodiscard]] Result<ScannerEnd> run_scanner(const ScannerCall& call);

// The path of assay-scanner: in the folder of the program that runs.
[[nodiscard]] Result<std::string> scanner_program();

}  // namespace assay::agent
