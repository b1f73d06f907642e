#include "tests/unit/evidence/authority.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace assay::evidence {

namespace {

template <typename Write>
std::string pem_of(const Write& write) {
  const std::unique_ptr<BIO, void (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free_all);
  write(bio.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

EVP_PKEY* key_from(const std::string& pem) {
  const std::unique_ptr<BIO, void (*)(BIO*)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
  return PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void name(X509_NAME* subject, const char* text) {
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
}

}  // namespace

KeyAndCertificate make_certificate(const CertificateWish& wish, const KeyAndCertificate* issuer) {
  using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", wish.group.c_str()), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> made(X509_new(), X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(made.get()), wish.serial);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), wish.not_before.time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(made.get()), wish.not_after.time_since_epoch().count());
  X509_set_pubkey(made.get(), key.get());
  name(X509_get_subject_name(made.get()), issuer == nullptr ? wish.authority.c_str() : "agent");
  name(X509_get_issuer_name(made.get()), wish.authority.c_str());
  extend(made.get(), NID_basic_constraints, wish.is_ca ? "critical,CA:TRUE" : "CA:FALSE");
  if (!wish.extended_use.empty()) extend(made.get(), NID_ext_key_usage, wish.extended_use);
  std::string names;
  if (!wish.uri.empty()) names = "URI:" + wish.uri;
  if (!wish.second_uri.empty()) names += ",URI:" + wish.second_uri;
  if (!names.empty()) extend(made.get(), NID_subject_alt_name, names);
  const Key signer(issuer == nullptr ? nullptr : key_from(issuer->key), EVP_PKEY_free);
  X509_sign(made.get(), signer ? signer.get() : key.get(), EVP_sha256());
  return {pem_of([&](BIO* bio) {
            PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          }),
          pem_of([&](BIO* bio) { PEM_write_bio_X509(bio, made.get()); })};
}

KeyAndCertificate make_authority() {
  return make_certificate({.uri = "spiffe://assay.test", .is_ca = true}, nullptr);
}

KeyAndCertificate make_agent(const KeyAndCertificate& authority, const std::string& host_id) {
  return make_certificate({.uri = "spiffe://assay.test/agent/" + host_id}, &authority);
}

}  // namespace assay::evidence
