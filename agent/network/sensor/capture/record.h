// One frame as a capture holds it.
#pragma once

#include <cstdint>

#include "agent/network/sensor/packet/packet.h"

namespace assay::agent::sensor {

// A frame longer than this is none; libpcap's own limit is 256 KiB.
inline constexpr std::uint32_t kMaxFrameBytes = 256U << 10U;

struct Record {
  Bytes data;  // valid until the next record is asked for
  std::uint32_t wire_bytes = 0;
  std::int64_t seconds = 0;  // since 1970, UTC
  LinkType link = LinkType::kEthernet;
};

}  // namespace assay::agent::sensor
