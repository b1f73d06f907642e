// The two hellos of a TLS handshake, out of the first records of each direction.
#pragma once

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

// The server's name that the client asks for (RFC 6066 §3), as far as the hello is there.
void read_client_hello(Bytes stream, Recognised* found);
// Version and suite. False: the hello is not whole yet.
[[nodiscard]] bool read_server_hello(Bytes stream, Recognised* found);

}  // namespace assay::agent::sensor
