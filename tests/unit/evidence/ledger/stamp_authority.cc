#include "tests/unit/evidence/ledger/stamp_authority.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <memory>

namespace assay::evidence {

namespace {

template <typename Object>
using Owned = std::unique_ptr<Object, void (*)(Object*)>;

Owned<BIO> reader_of(const std::string& bytes) {
  return {BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())),
          [](BIO* bio) { BIO_free_all(bio); }};
}

int tell_time(TS_RESP_CTX*, void* data, long* seconds, long* micros) {
  *seconds = static_cast<long>(static_cast<const Seconds*>(data)->time_since_epoch().count());
  *micros = 0;
  return 1;
}

ASN1_INTEGER* tell_serial(TS_RESP_CTX*, void*) {
  ASN1_INTEGER* serial = ASN1_INTEGER_new();
  ASN1_INTEGER_set(serial, 0x2A);
  return serial;
}

}  // namespace

StampAuthority::StampAuthority(const Wish& wish)
    : ca_(make_certificate({.is_ca = true,
                            .authority = wish.name,
                            .not_before = wish.not_before,
                            .not_after = wish.not_after + std::chrono::days(3650)},
                           nullptr)),
      signer_(make_certificate({.authority = wish.name,
                                .extended_use = wish.extended_use,
                                .not_before = wish.not_before,
                                .not_after = wish.not_after},
                               &ca_)) {}

std::string StampAuthority::reply(const std::string& query, Seconds at) const {
  const Owned<X509> certificate(
      PEM_read_bio_X509(reader_of(signer_.certificate).get(), nullptr, nullptr, nullptr),
      X509_free);
  const Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(reader_of(signer_.key).get(), nullptr, nullptr, nullptr),
      EVP_PKEY_free);
  const Owned<ASN1_OBJECT> policy(OBJ_txt2obj("1.2.3.4.1", 1), ASN1_OBJECT_free);
  const Owned<TS_RESP_CTX> context(TS_RESP_CTX_new(), TS_RESP_CTX_free);
  TS_RESP_CTX_set_signer_cert(context.get(), certificate.get());
  TS_RESP_CTX_set_signer_key(context.get(), key.get());
  TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256());
  TS_RESP_CTX_set_def_policy(context.get(), policy.get());
  TS_RESP_CTX_add_md(context.get(), EVP_sha256());
  TS_RESP_CTX_add_md(context.get(), EVP_sha512());
  TS_RESP_CTX_set_serial_cb(context.get(), tell_serial, nullptr);
  TS_RESP_CTX_set_time_cb(context.get(), tell_time, &at);
  const Owned<TS_RESP> made(TS_RESP_create_response(context.get(), reader_of(query).get()),
                            TS_RESP_free);
  ERR_clear_error();
  unsigned char* bytes = nullptr;
  const int size = i2d_TS_RESP(made.get(), &bytes);
  std::string reply(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return reply;
}

}  // namespace assay::evidence
