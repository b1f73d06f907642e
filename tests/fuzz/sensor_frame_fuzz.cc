// Any bytes as frames of any kind of link: always a reason or a packet whose payload lies within
// the frame or the datagram it was put together from.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "agent/network/sensor/packet/decoder.h"

using namespace assay::agent::sensor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr LinkType kLinks[] = {LinkType::kNull,     LinkType::kEthernet, LinkType::kRaw,
                                 LinkType::kLinuxSll, LinkType::kLoop,     LinkType::kLinuxSll2};
  Decoder decoder;
  Bytes rest(data, size);
  // The link, then frames behind their length.
  while (rest.size() > 2) {
    const auto link = kLinks[rest[0] % std::size(kLinks)];
    const auto length = std::min<std::size_t>(rest[1], rest.size() - 2);
    const auto frame = rest.subspan(2, length);
    rest = rest.subspan(2 + length);
    Packet packet;
    const auto reason = decoder.decode(frame, static_cast<std::uint32_t>(length), link, &packet);
    if (reason >= Undecoded::kCount || name_of(reason) == "unknown") std::abort();
    if (reason == Undecoded::kNone && packet.packets == 1 && packet.payload.size() > frame.size())
      std::abort();
  }
  if (decoder.fragments().waiting() > kMaxDatagrams) std::abort();
  return 0;
}
