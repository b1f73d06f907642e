// Connections to the collector: TLS 1.3, one trusted CA, bounded messages, keepalive.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "agent/identity/identity.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::agent {

// Before enrollment: the CA is known, we are not.
[[nodiscard]] std::shared_ptr<grpc::Channel> open_channel(const std::string& address,
                                                          const std::string& ca);
[[nodiscard]] std::shared_ptr<grpc::Channel> open_channel(const std::string& address,
                                                          const Identity& identity);

// The failure as one of our codes, with what the collector said.
[[nodiscard]] Error error_of(const grpc::Status& status);
// For how long the collector asked us to stay away (submission.proto): at most an hour, whatever
// it says; zero when it asked for nothing. Once the call has ended.
[[nodiscard]] std::chrono::seconds retry_after_of(const grpc::ClientContext& context);
// What it means for the person who looks after the machine.
[[nodiscard]] Text meaning_of(Code code);

}  // namespace assay::agent
