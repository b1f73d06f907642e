// Runs the cases of test files through the same evaluation that scans and the collector use.
#pragma once

#include <string>
#include <vector>

#include "checks/engine/content.h"
#include "checks/testing/test_file.h"
#include "evidence/result.h"

namespace assay::checks::testing {

struct Failure {
  std::string file;
  int line = 0;
  std::string what;                           // may have several lines
  [[nodiscard]] std::string to_text() const;  // "file:line: what"
};

// What the check says of the case, whatever the case expects; none when it cannot be judged.
[[nodiscard]] SharedResult result_of(const Case& one, const Content& content);

// What went otherwise than expected; empty when all was as expected.
[[nodiscard]] std::vector<Failure> run(const Case& one, const Content& content);

struct Summary {
  std::int64_t passed = 0;
  std::int64_t failed = 0;  // a file that cannot be read counts as one
  std::vector<Failure> failures;
  std::vector<std::string> tested;  // ids of the checks that a case named, sorted
  std::vector<Case> cases;          // all that could be read
};

// Every *.test file in the folders, or the files themselves, in the order of their names.
// kNotFound or kPermissionDenied when a folder cannot be read; kInvalidData when it has no test.
[[nodiscard]] Result<Summary> run_all(const std::vector<std::string>& paths,
                                      const Content& content);

}  // namespace assay::checks::testing
