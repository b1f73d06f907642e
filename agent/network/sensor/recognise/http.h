// Requests of a connection that is known to be HTTP/1.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

// Whether a segment of the client begins as a request does. Cheap: asked for every segment.
[[nodiscard]] bool begins_http_request(Bytes payload);
// Secret and Host of the request at the start of `text`, and how long its head is; nothing when
// that is not whole.
std::optional<std::size_t> read_http_request(std::string_view text, Recognised* found);
// The same of one line of the head.
void read_http_field(std::string_view line, Recognised* found);

}  // namespace assay::agent::sensor
