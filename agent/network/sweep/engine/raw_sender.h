// Sends packets that were made by hand. open() needs root or CAP_NET_RAW; sending does not.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "agent/host/file_descriptor.h"
#include "agent/network/sweep/engine/endpoint.h"
#include "agent/network/sweep/wire/segment.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

class RawSender {
 public:
  // How many packets leave with one call.
  static constexpr std::size_t kBatch = 128;

  // kPermissionDenied without the right.
  [[nodiscard]] static Result<RawSender> open();

  // Packets of one kind of address, put in by add() until is_full(). Not copied: an Endpoint must
  // stay until flush(). `tag` comes back when the packet could not leave.
  [[nodiscard]] bool is_full() const { return count_ == kBatch; }
  void add(const SynTemplate& syn, std::uint16_t port, std::uint32_t sequence, const Endpoint& to,
           std::size_t tag);
  // Sends all of them; `refused(tag, errno)` for each that the kernel did not take.
  using Refused = std::function<void(std::size_t tag, int number)>;
  void flush(const Refused& refused);

 private:
  RawSender(FileDescriptor v4, FileDescriptor v6) : v4_(std::move(v4)), v6_(std::move(v6)) {}

  FileDescriptor v4_;
  FileDescriptor v6_;
  std::size_t count_ = 0;
  bool is_v4_ = true;
  struct Waiting {
    std::array<std::uint8_t, kMaxSynBytes> bytes;
    std::size_t size;
    const Endpoint* to;
    std::size_t tag;
  };
  std::array<Waiting, kBatch> waiting_{};
};

}  // namespace assay::agent::sweep
