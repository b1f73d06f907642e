// Whole elements of ASN.1 BER (ITU-T X.690) out of bytes that came: the reader of the sensor, on
// text.
#pragma once

#include <optional>
#include <string_view>

#include "agent/network/sensor/recognise/ber.h"

namespace assay::agent::services {

struct Element {
  std::uint8_t tag = 0;
  std::string_view content;
};

// The next element of a list, which is taken away; nothing unless it is whole.
[[nodiscard]] inline std::optional<Element> take_element(std::string_view& list) {
  auto bytes = sensor::bytes_of(list);
  const auto element = sensor::take_ber(&bytes);
  if (!element) return std::nullopt;
  list = sensor::text_of(bytes);
  return Element{element->tag, sensor::text_of(element->content)};
}

}  // namespace assay::agent::services
