// The first bytes of both directions of a TCP connection, in order, within fixed memory; and what
// follows of one that is read on.
//
// Segments may come out of order, twice, or overlap: each byte is kept as it was first seen. What
// lies beyond kHalfBytes is not looked at before room is made for it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "agent/network/sensor/packet/bytes.h"
#include "agent/network/sensor/recognise/command_reader.h"

namespace assay::agent::sensor {

inline constexpr std::size_t kHalfBytes = 8U << 10U;  // of one direction

class StreamHalf {
 public:
  void reset() {
    begin_ = 0;
    range_count_ = 0;
    has_begin_ = is_from_start_ = is_lost_ = false;
  }
  // `sequence`: of the first byte of data.
  void start_at(std::uint32_t sequence, bool is_from_start);
  // True when bytes() has grown.
  bool add(std::uint32_t sequence, Bytes data);
  // How many bytes from `sequence` on are known already or have room; 0: they lie beyond.
  [[nodiscard]] std::size_t room_at(std::uint32_t sequence) const;
  // The first `count` of bytes() are no longer needed: as many more have room.
  void drop(std::size_t count);

  [[nodiscard]] Bytes bytes() const {
    return {bytes_.data(), range_count_ != 0 && ranges_[0].begin == 0 ? ranges_[0].end : 0U};
  }
  [[nodiscard]] bool has_begun() const { return has_begin_; }
  // The SYN was seen: bytes() begins where the connection does.
  [[nodiscard]] bool is_from_start() const { return is_from_start_; }
  [[nodiscard]] bool is_full() const { return bytes().size() == kHalfBytes; }
  // There were more holes than are kept: what is missing will not be waited for.
  [[nodiscard]] bool is_lost() const { return is_lost_; }

 private:
  static constexpr std::size_t kMaxRanges = 8;
  struct Range {
    std::uint16_t begin;
    std::uint16_t end;
  };
  void keep(std::size_t begin, Bytes data);

  std::uint32_t begin_ = 0;
  std::uint32_t range_count_ = 0;
  bool has_begin_ = false;
  bool is_from_start_ = false;
  bool is_lost_ = false;
  std::array<Range, kMaxRanges + 1> ranges_;  // sorted, apart
  std::array<std::uint8_t, kHalfBytes> bytes_;
};

struct Stream {
  std::array<StreamHalf, 2> halves;  // by Side of the sender
  // Recognisers that have not said no; [1]: with client and server changed over.
  std::array<std::uint32_t, 2> candidates{};
  std::uint32_t flow = 0;  // its index in the flow table
  std::uint32_t older = 0;
  std::uint32_t newer = 0;
  bool is_read_on = false;  // by `reader`, the client's side alone
  std::optional<bool> offers_tls;
  CommandReader reader;
};

// A fixed number of streams. When all are in use the one unused for longest is taken away.
class StreamPool {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit StreamPool(std::size_t capacity);

  struct Taken {
    std::uint32_t index;
    std::uint32_t evicted_flow;  // that has lost its stream; kNone: no one
  };
  [[nodiscard]] Taken take(std::uint32_t flow);
  // Whether take() would evict nobody.
  [[nodiscard]] bool has_free() const { return !free_.empty() || used_ < capacity_; }
  [[nodiscard]] Stream& at(std::uint32_t index) { return streams_[index]; }
  void use(std::uint32_t index);  // it is the newest now
  void release(std::uint32_t index);
  [[nodiscard]] std::uint64_t evictions() const { return evictions_; }

 private:
  void unlink(std::uint32_t index);
  void link_newest(std::uint32_t index);

  std::size_t capacity_;
  std::unique_ptr<Stream[]> streams_;
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 0;  // streams beyond were never touched
  std::uint32_t oldest_ = kNone;
  std::uint32_t newest_ = kNone;
  std::uint64_t evictions_ = 0;
};

}  // namespace assay::agent::sensor
