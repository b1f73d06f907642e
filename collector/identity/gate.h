// Who is calling, and whether it still may. Asked on every call: a revoked certificate is refused
// at the next message it sends.
//
// Safe from any thread; waits for the store.
#pragma once

#include <string>
#include <string_view>

#include "collector/identity/authority.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Caller {
  std::string host_id;
  std::string serial;
  std::string certificate;  // PEM
  evidence::Seconds not_after;
};

class Gate {
 public:
  // Both must outlive the Gate.
  Gate(Store& store, const Authority& authority) : store_(store), authority_(authority) {}

  // `certificate` is what the TLS layer verified; empty when the caller showed none.
  // kUnauthenticated: none, not ours, not valid now, or never recorded (then an event is).
  // kRefused: revoked (an event is recorded).
  [[nodiscard]] Result<Caller> admit(std::string_view certificate, evidence::Seconds now);
  // Whether who was admitted before, on the same connection, still may. The same failures.
  [[nodiscard]] Status check_again(const Caller& caller, evidence::Seconds now);

 private:
  Status check_record(const std::string& host_id, const std::string& serial, evidence::Seconds now);

  Store& store_;
  const Authority& authority_;
};

}  // namespace assay::collector
