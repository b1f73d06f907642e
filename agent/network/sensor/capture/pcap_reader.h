// The classic pcap file format (draft-ietf-opsawg-pcap): a header of 24 bytes, then records.
#pragma once

#include <optional>

#include "agent/network/sensor/capture/byte_source.h"
#include "agent/network/sensor/capture/record.h"

namespace assay::agent::sensor {

enum class Next {
  kRecord,
  kEnd,     // the file ended where a record ends
  kBroken,  // in the middle of one, or what follows is none
};

// The same link type under the numbers that some systems write for it.
[[nodiscard]] LinkType link_type_of(std::uint32_t number);

class PcapReader {
 public:
  // Takes the header; nothing when there is none.
  [[nodiscard]] static std::optional<PcapReader> begin(ByteSource& source);

  [[nodiscard]] Next next(ByteSource& source, Record* record);
  [[nodiscard]] const char* problem() const { return problem_; }

 private:
  [[nodiscard]] std::uint32_t word(const std::uint8_t* at) const {
    return is_network_order_ ? be32(at) : __builtin_bswap32(be32(at));
  }
  Next broken(const char* problem) {
    problem_ = problem;
    return Next::kBroken;
  }

  bool is_network_order_ = false;
  LinkType link_ = LinkType::kEthernet;
  const char* problem_ = "";
};

}  // namespace assay::agent::sensor
