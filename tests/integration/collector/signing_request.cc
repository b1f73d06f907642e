#include "tests/integration/collector/signing_request.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace assay::collector {
namespace {

std::string taken_from(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

std::string signing_request(const std::string& private_key) {
  BIO* in = BIO_new_mem_buf(private_key.data(), static_cast<int>(private_key.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  X509_REQ* request = X509_REQ_new();
  X509_REQ_set_pubkey(request, key);
  X509_REQ_sign(request, key, EVP_sha256());
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509_REQ(out, request);
  BIO_free(in);
  X509_REQ_free(request);
  EVP_PKEY_free(key);
  return taken_from(out);
}

std::string new_key_on(const char* curve) {
  EVP_PKEY* key = EVP_EC_gen(curve);
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  EVP_PKEY_free(key);
  return taken_from(out);
}

}  // namespace assay::collector
