// Recognises the services of endpoints, many side by side on one thread.
//
// Bounds are those of limits.h. An endpoint is never asked twice at a time on one machine: not
// within a call, where it is asked once, and not beside another process, the audit of TLS among
// them.
#pragma once

#include <vector>

#include "agent/network/services/engine/endpoint_scan.h"

namespace assay::agent::services {

// One result per endpoint, in their order. kIo when the system has no epoll for us; what goes wrong
// with an endpoint is in its result.
[[nodiscard]] Result<std::vector<EndpointResult>> recognise(const std::vector<Endpoint>& endpoints,
                                                            const Options& options,
                                                            const Limits& limits);

}  // namespace assay::agent::services
