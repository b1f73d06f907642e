#include "collector/ingest/grpc_status.h"

namespace assay::collector {

grpc::Status to_grpc(const Error& error) {
  switch (error.code()) {
    case Code::kUnauthenticated: return {grpc::StatusCode::UNAUTHENTICATED, error.message()};
    case Code::kRefused: return {grpc::StatusCode::PERMISSION_DENIED, error.message()};
    case Code::kInvalidData:
    case Code::kUsage: return {grpc::StatusCode::INVALID_ARGUMENT, error.message()};
    case Code::kTooLarge: return {grpc::StatusCode::RESOURCE_EXHAUSTED, error.message()};
    case Code::kNoSpace:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED, "the collector's disk is full"};
    case Code::kInternal: return {grpc::StatusCode::INTERNAL, "a fault in the collector"};
    default: return {grpc::StatusCode::UNAVAILABLE, "the collector's store is away"};
  }
}

}  // namespace assay::collector
