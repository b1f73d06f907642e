// Getting a certificate, and getting the next one.
#pragma once

#include <string>

#include "agent/courier/channel.h"
#include "agent/courier/enrollment_token.h"
#include "agent/state/state_folder.h"

namespace assay::agent {

// Spends the token and stores the identity. On any failure the identity is what it was before;
// kUnauthenticated: the token, or the collector, is not the right one.
[[nodiscard]] Result<Identity> enroll(const StateFolder& state, const std::string& collector,
                                      const EnrollmentToken& token);

// A new key and certificate for the same host, over a channel with the present ones.
[[nodiscard]] Status renew(const StateFolder& state, const Identity& identity,
                           const std::shared_ptr<grpc::Channel>& channel);

}  // namespace assay::agent
