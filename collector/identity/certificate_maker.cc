#include "collector/identity/certificate_maker.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "evidence/openssl_freed.h"

namespace assay::collector {
namespace {

using evidence::Freed;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr std::size_t kMaxPem = 16U << 10U;
constexpr int kSerialBytes = 16;

std::unexpected<Error> failure(Code code, std::string what) {
  ERR_clear_error();
  return fail(code, std::move(what));
}

int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* /*data*/) {
  return -1;
}

Bio reader(std::string_view pem) {
  return pem.size() > kMaxPem ? nullptr
                              : Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Result<std::string> public_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key) != 1)
    return failure(Code::kInternal, "writing a public key");
  return content_of(bio.get());
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t length = 0;
  return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
         std::string_view(group.data(), length) == "prime256v1";
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, kSerialBytes> bytes{};
  if (RAND_bytes(bytes.data(), kSerialBytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7fU) | 0x40U);  // positive, never short
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
      BN_bin2bn(bytes.data(), kSerialBytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_times(X509* certificate, const CertificateWish& wish) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate),
                       wish.not_before.time_since_epoch().count()) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate),
                       wish.not_after.time_since_epoch().count()) != nullptr;
}

bool set_subject(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_extensions(X509* certificate, X509* issuer, const CertificateWish& wish) {
  const bool is_ca = wish.use == CertificateUse::kAuthority;
  const auto add = [&](int kind, const std::string& value) {
    return add_extension(certificate, issuer, kind, value);
  };
  bool is_done =
      add(NID_basic_constraints, is_ca ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE") &&
      add(NID_key_usage, is_ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature") &&
      add(NID_subject_key_identifier, "hash") && add(NID_authority_key_identifier, "keyid:always");
  if (!is_ca) {
    is_done = is_done && add(NID_ext_key_usage,
                             wish.use == CertificateUse::kAgent ? "clientAuth" : "serverAuth");
  }
  std::string names;
  for (const auto& name : wish.alternative_names) names += (names.empty() ? "" : ",") + name;
  return is_done && (names.empty() || add(NID_subject_alt_name, names));
}

}  // namespace

Result<std::string> make_certificate(const CertificateWish& wish,
                                     std::string_view subject_public_key_pem,
                                     std::string_view issuer_pem, std::string_view issuer_key_pem) {
  const Bio key_bio = reader(subject_public_key_pem);
  const Bio issuer_key_bio = reader(issuer_key_pem);
  const Key key(key_bio ? PEM_read_bio_PUBKEY(key_bio.get(), nullptr, refuse_passphrase, nullptr)
                        : nullptr);
  const Key issuer_key(issuer_key_bio ? PEM_read_bio_PrivateKey(issuer_key_bio.get(), nullptr,
                                                                refuse_passphrase, nullptr)
                                      : nullptr);
  const Certificate made(X509_new());
  if (!key || !issuer_key || !made)
    return failure(Code::kInvalidData, "a certificate needs two keys in PEM");
  Certificate issuer;
  if (!issuer_pem.empty()) {
    const Bio bio = reader(issuer_pem);
    issuer.reset(bio ? PEM_read_bio_X509(bio.get(), nullptr, refuse_passphrase, nullptr) : nullptr);
    if (!issuer) return failure(Code::kInvalidData, "the issuer is no certificate in PEM");
  }
  X509* signer = issuer ? issuer.get() : made.get();
  const bool is_made = X509_set_version(made.get(), X509_VERSION_3) == 1 &&
                       set_serial(made.get()) && set_times(made.get(), wish) &&
                       set_subject(made.get(), wish.common_name) &&
                       X509_set_pubkey(made.get(), key.get()) == 1 &&
                       X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1 &&
                       add_extensions(made.get(), signer, wish) &&
                       X509_sign(made.get(), issuer_key.get(), EVP_sha256()) > 0;
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!is_made || !bio || PEM_write_bio_X509(bio.get(), made.get()) != 1)
    return failure(Code::kInvalidData, "making the certificate of " + wish.common_name);
  return content_of(bio.get());
}

Result<std::string> public_key_of(std::string_view private_key_pem) {
  const Bio bio = reader(private_key_pem);
  const Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, nullptr)
                    : nullptr);
  if (!key) return failure(Code::kInvalidData, "not a private key in unencrypted PEM");
  return public_pem(key.get());
}

Result<std::string> public_key_of_request(std::string_view request_pem) {
  if (request_pem.size() > kMaxPem)
    return fail(Code::kTooLarge, "a signing request of more than 16 KiB");
  const Bio bio = reader(request_pem);
  const Request request(bio ? PEM_read_bio_X509_REQ(bio.get(), nullptr, refuse_passphrase, nullptr)
                            : nullptr);
  if (!request) return failure(Code::kInvalidData, "not a signing request (PKCS #10) in PEM");
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (!is_p256(key)) return failure(Code::kInvalidData, "the key of the request is not on P-256");
  if (X509_REQ_verify(request.get(), key) != 1)
    return failure(Code::kInvalidData, "the request is not signed by its own key");
  return public_pem(key);
}

}  // namespace assay::collector
