// Answers to our packets, taken from all interfaces by libpcap before the machine's own packet
// filter sees them. open() needs root or CAP_NET_RAW; reading does not.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "agent/network/sweep/wire/answer.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

class AnswerCapture {
 public:
  // The kernel hands over what comes in for this TCP port of ours, and ICMP errors; nothing else.
  // kPermissionDenied without the right.
  [[nodiscard]] static Result<AnswerCapture> open(std::uint16_t our_port);
  AnswerCapture(AnswerCapture&&) noexcept;
  AnswerCapture& operator=(AnswerCapture&&) noexcept;
  ~AnswerCapture();

  using Take = std::function<void(const Answer&)>;
  // What is there now. kIo when the capture broke.
  [[nodiscard]] Status drain(const Take& take);
  // Until something is there, or the time is over.
  void wait(std::chrono::milliseconds time);

 private:
  struct Handle;
  explicit AnswerCapture(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace assay::agent::sweep
