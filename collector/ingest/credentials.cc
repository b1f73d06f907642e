#include "collector/ingest/credentials.h"

#include <grpc/grpc_security.h>
#include <grpcpp/server_context.h>

// gRPC 1.51 has this setter in its core library and no way to it from its headers. Should another
// version take it away, the link fails and nobody gets TLS 1.2 unseen. (decision 0020)
class grpc_ssl_server_credentials {
 public:
  void set_min_tls_version(grpc_tls_version version);
};

namespace assay::collector {
namespace {

// What grpc::SslServerCredentials() is, for credentials made by the C core.
class CoreCredentials final : public grpc::ServerCredentials {
 public:
  explicit CoreCredentials(grpc_server_credentials* core) : core_(core) {}
  ~CoreCredentials() override { grpc_server_credentials_release(core_); }
  CoreCredentials(const CoreCredentials&) = delete;
  CoreCredentials& operator=(const CoreCredentials&) = delete;

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), core_);
  }

  grpc_server_credentials* core_;
};

// gRPC counts its users: while one of these lives, the core may be called.
class Library : private grpc::GrpcLibraryCodegen {};

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> tls_credentials(
    const KeyPair& server, const std::string& ca_certificate) {
  const Library library;
  grpc_ssl_pem_key_cert_pair pair{server.key.c_str(), server.certificate.c_str()};
  grpc_server_credentials* core = grpc_ssl_server_credentials_create_ex(
      ca_certificate.c_str(), &pair, 1, GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY, nullptr);
  if (core == nullptr) return fail(Code::kInternal, "the collector's certificate cannot be used");
  reinterpret_cast<grpc_ssl_server_credentials*>(core)->set_min_tls_version(
      grpc_tls_version::TLS1_3);
  return std::make_shared<CoreCredentials>(core);
}

std::string peer_certificate(const grpc::ServerContextBase& context) {
  const auto peer = context.auth_context();
  if (!peer) return {};
  const auto found = peer->FindPropertyValues("x509_pem_cert");
  return found.empty() ? std::string() : std::string(found.front().data(), found.front().size());
}

}  // namespace assay::collector
