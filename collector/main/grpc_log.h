// gRPC's own lines go into our log, and no more of them than a person reads: each handshake of a
// stranger that fails is one, and strangers must not fill the disk.
#pragma once

namespace assay::collector {

// Once, before gRPC is used.
void bound_grpc_log();

}  // namespace assay::collector
