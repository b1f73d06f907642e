// How the collector proves itself to agents, and asks them who they are: TLS 1.3 and nothing
// older (docs/decisions/0020-tls-1.3-only.md). A client certificate is asked for and, if given,
// must be one of the CA's.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "collector/identity/authority.h"
#include "evidence/result.h"

namespace grpc {
class ServerContextBase;
}

namespace assay::collector {

[[nodiscard]] Result<std::shared_ptr<grpc::ServerCredentials>> tls_credentials(
    const KeyPair& server, const std::string& ca_certificate);

// The certificate that the peer proved to have the key of, PEM; empty when it showed none.
[[nodiscard]] std::string peer_certificate(const grpc::ServerContextBase& context);

}  // namespace assay::collector
