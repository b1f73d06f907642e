// One element of ASN.1 BER at a time (ITU-T X.690), of definite length.
#pragma once

#include <algorithm>
#include <optional>

#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sensor {

struct BerElement {
  std::uint8_t tag = 0;
  Bytes content;         // as far as it is there
  std::size_t size = 0;  // of the whole element, header included, as it says
  bool is_whole = false;
};

// Nothing when no header is there or it breaks the rules; `*needs_more` tells these apart.
[[nodiscard]] inline std::optional<BerElement> read_ber(Bytes bytes, bool* needs_more = nullptr) {
  const auto short_of = [&](bool is_short) -> std::optional<BerElement> {
    if (needs_more != nullptr) *needs_more = is_short;
    return std::nullopt;
  };
  if (bytes.size() < 2) return short_of(true);
  BerElement made{.tag = bytes[0]};
  std::size_t header = 2;
  std::size_t length = bytes[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7fU;
    if (octets == 0 || octets > 4) return short_of(false);  // indefinite, or absurd
    if (bytes.size() < 2 + octets) return short_of(true);
    length = 0;
    for (std::size_t at = 0; at < octets; ++at) length = length << 8U | bytes[2 + at];
    header += octets;
  }
  made.size = header + length;
  made.is_whole = bytes.size() >= made.size;
  made.content = bytes.subspan(header, std::min(length, bytes.size() - header));
  return made;
}

// The next element of a list, which is taken away; nothing unless it is whole.
[[nodiscard]] inline std::optional<BerElement> take_ber(Bytes* list) {
  const auto element = read_ber(*list);
  if (!element || !element->is_whole) return std::nullopt;
  *list = list->subspan(element->size);
  return element;
}

}  // namespace assay::agent::sensor
