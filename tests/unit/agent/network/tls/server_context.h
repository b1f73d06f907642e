// A server of OpenSSL's in this process, with a self-signed P-256 certificate.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "evidence/openssl_freed.h"

namespace assay::agent::tls {

using ServerContext = std::unique_ptr<SSL_CTX, evidence::Freed<SSL_CTX_free>>;

inline ServerContext server_context() {
  ServerContext context(SSL_CTX_new(TLS_server_method()));
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  SSL_CTX_use_certificate(context.get(), certificate);
  SSL_CTX_use_PrivateKey(context.get(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

}  // namespace assay::agent::tls
