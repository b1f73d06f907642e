// Our failures in gRPC's words.
#pragma once

#include <grpcpp/support/status.h>

#include "evidence/result.h"

namespace assay::collector {

// Of a failure of the disk or of ourselves the caller learns that it should try again, and no more.
[[nodiscard]] grpc::Status to_grpc(const Error& error);

}  // namespace assay::collector
