// assay-scanner as a child: started, read to its end, never left behind.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct ScannerCall {
  std::string program;                 // beside this one
  std::vector<std::string> arguments;  // without the program's name
  std::string_view input;              // its standard input; at most 512 KiB
  // Zero: until it ends by itself, as one that a person watches.
  std::chrono::milliseconds time_limit{0};
};

struct ScannerEnd {
  std::string output;  // at most kMaxScannedBytes
  int code = 0;        // what it ended with; it has said on standard error why it is not 0
};

// What it writes to standard error goes to ours. kNotFound: there is no such program. kTimedOut,
// kTooLarge: it was ended. kIo: a signal ended it.
[[nodiscard]] Result<ScannerEnd> run_scanner(const ScannerCall& call);

// The path of assay-scanner: in the folder of the program that runs.
[[nodiscard]] Result<std::string> scanner_program();

}  // namespace assay::agent
