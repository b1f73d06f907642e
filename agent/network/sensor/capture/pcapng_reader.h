// The pcapng file format (draft-ietf-opsawg-pcapng): sections of blocks, several interfaces.
// Blocks that bear no frames are passed over, whatever is in them.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/network/sensor/capture/pcap_reader.h"

namespace assay::agent::sensor {

class PcapngReader {
 public:
  static constexpr std::size_t kMaxInterfaces = 4096;

  [[nodiscard]] static bool is_at_start(ByteSource& source);

  [[nodiscard]] Next next(ByteSource& source, Record* record);
  [[nodiscard]] const char* problem() const { return problem_; }
  // What the statistics of the interfaces say.
  [[nodiscard]] std::uint64_t lost_by_capture() const;

 private:
  struct Interface {
    LinkType link = LinkType::kEthernet;
    std::uint32_t snap_length = 0;  // 0: no limit
    std::uint64_t units_per_second = 1'000'000;
    std::int64_t offset_seconds = 0;
    std::uint64_t lost = 0;
  };

  [[nodiscard]] std::uint16_t half(const std::uint8_t* at) const {
    return is_network_order_ ? be16(at) : __builtin_bswap16(be16(at));
  }
  [[nodiscard]] std::uint32_t word(const std::uint8_t* at) const {
    return is_network_order_ ? be32(at) : __builtin_bswap32(be32(at));
  }
  Next broken(const char* problem) {
    problem_ = problem;
    return Next::kBroken;
  }
  // Each takes the block's body, without lengths. False: the block breaks the file's rules.
  bool read_interface(Bytes body);
  void read_statistics(Bytes body);
  bool read_packet(std::uint32_t type, Bytes body, Record* record);
  bool begin_section(ByteSource& source);
  template <typename Visit>
  void each_option(Bytes options, const Visit& visit) const;

  bool is_network_order_ = false;
  std::vector<Interface> interfaces_;
  std::uint64_t lost_before_ = 0;  // in the sections before
  const char* problem_ = "";
};

}  // namespace assay::agent::sensor
