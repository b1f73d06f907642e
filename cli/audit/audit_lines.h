// What an audit has found so far, as lines of its report. Used by one thread at a time.
#pragma once

#include <cstddef>

#include "evidence/bundle.h"

namespace assay::cli {

// Of what is bad, so much is told one by one.
inline constexpr std::size_t kMaxBadLines = 50;

// Whether it is the connection or the log-in that failed, which says nothing of the evidence.
[[nodiscard]] bool is_of_the_way(const Error& error);

class AuditLines {
 public:
  void add(evidence::Verification::Outcome outcome, Text subject, Text detail);
  void add_bad(Text subject, Text detail);
  // All that was bad, told or not.
  [[nodiscard]] std::size_t bad() const { return bad_; }
  // Closed by a line for what was bad and not told.
  [[nodiscard]] std::vector<evidence::Verification> take();

 private:
  std::vector<evidence::Verification> lines_;
  std::size_t bad_ = 0;
};

}  // namespace assay::cli
