// Frames of an interface as they pass, through libpcap.
//
// open() needs the right to capture (root, or CAP_NET_RAW); give it up after that: all else works
// without. Not for several threads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/network/sensor/capture/record.h"
#include "evidence/result.h"

namespace assay::agent::sensor {

struct LiveOptions {
  std::string interface;  // "any": all of them
  bool is_promiscuous = false;
  std::size_t buffer_bytes = 16U << 20U;  // of the kernel
};

struct LiveCounts {
  std::uint64_t lost = 0;  // frames that the kernel or the card dropped
};

class LiveCapture {
 public:
  // kPermissionDenied, kNotFound (no such interface), kNotSupported (a link type that is not
  // decoded).
  [[nodiscard]] static Result<LiveCapture> open(const LiveOptions& options);
  LiveCapture(LiveCapture&&) noexcept;
  LiveCapture& operator=(LiveCapture&&) noexcept;
  ~LiveCapture();

  // An expression of pcap-filter(7), carried out by the kernel. kUsage when it is none.
  [[nodiscard]] Status set_filter(const std::string& expression);

  using Take = std::function<void(const Record&)>;
  // Hands over every frame until the time is over or `stop` is set. kUnavailable when the interface
  // went away; what was taken before counts.
  [[nodiscard]] Status run(std::chrono::seconds time, const std::atomic<bool>& stop,
                           const Take& take);
  [[nodiscard]] LiveCounts counts() const;

 private:
  struct Handle;
  explicit LiveCapture(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace assay::agent::sensor
