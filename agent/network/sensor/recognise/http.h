// Later requests of a connection that is known to be HTTP/1.
#pragma once

#include <string_view>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

// Whether a segment of the client begins as a request does. Cheap: asked for every segment.
[[nodiscard]] bool begins_http_request(Bytes payload);
// Secret and Host of the request at the start of `text`; false when its header is not whole.
bool read_http_request(std::string_view text, Recognised* found);

}  // namespace assay::agent::sensor
