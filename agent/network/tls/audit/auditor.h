// Audits endpoints, many side by side on one thread.
//
// Bounds are those of limits.h: connections of an endpoint at a time, new ones of a host per
// second, a deadline for each connection and each endpoint. An endpoint is never audited twice at a
// time on one machine: not within a call, where it is audited once, and not beside another process.
#pragma once

#include <vector>

#include "agent/network/tls/audit/endpoint_audit.h"

namespace assay::agent::tls {

// One result per different target, in their order. kIo when the system has no epoll for us; what
// goes wrong with a target is in its result.
[[nodiscard]] Result<std::vector<EndpointResult>> audit(const std::vector<Target>& targets,
                                                        const AuditLimits& limits);

}  // namespace assay::agent::tls
