// What the courier's threads tell its main loop. push() from any thread, the
// rest from the loop's.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "agent/courier/ledger_watch.h"
#include "agent/courier/submission.h"
#include "agent/host/file_descriptor.h"
#include "assay/v1/attendance.pb.h"
#include "evidence/result.h"

namespace assay::agent {

struct Connected {};
struct Disconnected {
  Error why;
  std::chrono::seconds retry_after{0};  // what the collector asked for
};
struct UploadEnded {
  SubmissionReport report;
  LedgerReport ledger;
  std::optional<Error> error;
  std::chrono::seconds retry_after{0};
};
using Event = std::variant<Connected, Disconnected, v1::Instruction, UploadEnded>;

class EventQueue {
 public:
  EventQueue();

  void push(Event event);
  // All since the last call; empties the descriptor too.
  [[nodiscard]] std::vector<Event> take();
  // Readable when there is something to take.
  [[nodiscard]] int descriptor() const { return wake_.number(); }

 private:
  FileDescriptor wake_;
  std::mutex mutex_;
  std::vector<Event> events_;
};

}  // namespace assay::agent
