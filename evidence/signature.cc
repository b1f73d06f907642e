#include "evidence/signature.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>

#include "evidence/host_id.h"
#include "evidence/limits.h"
#include "evidence/openssl_freed.h"

namespace assay::evidence {

namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;

// The library's own words for its last failure; empties its queue, so that the next user of this
// thread's queue (a TLS connection) does not find our errors in it.
std::unexpected<Error> openssl_failure(Code code, std::string what) {
  if (const unsigned long number = ERR_peek_last_error(); number != 0) {
    if (const char* reason = ERR_reason_error_string(number)) what.append(": ").append(reason);
  }
  ERR_clear_error();
  return fail(code, std::move(what));
}

// Without this OpenSSL would ask for a passphrase on the terminal.
int refuse_passphrase(char*, int, int, void*) {
  return -1;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Result<Bio> reader_of(std::string_view pem, std::string_view what) {
  if (pem.size() > kMaxPemBytes)
    return fail(Code::kTooLarge, std::string(what) + ": more than 16 KiB");
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return openssl_failure(Code::kInternal, "BIO_new_mem_buf");
  return bio;
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Result<Certificate> parse_certificate(std::string_view pem) {
  auto bio = reader_of(pem, "certificate");
  if (!bio) return fail(bio.error());
  Certificate certificate(PEM_read_bio_X509(bio->get(), nullptr, refuse_passphrase, nullptr));
  if (!certificate) return openssl_failure(Code::kInvalidData, "not a certificate in PEM");
  return certificate;
}

bool is_p256(const EVP_PKEY* key) {
  if (key == nullptr || EVP_PKEY_is_a(key, "EC") != 1) return false;
  char group[64] = {};
  std::size_t length = 0;
  const bool has_name = EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1;
  ERR_clear_error();
  return has_name && std::string_view(group, length) == "prime256v1";
}

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

Status read_spiffe_id(std::string_view uri, CertificateFacts& facts) {
  constexpr std::string_view kScheme = "spiffe://";
  constexpr std::string_view kAgent = "/agent/";
  if (!uri.starts_with(kScheme)) return {};
  if (!facts.trust_domain.empty())
    return fail(Code::kInvalidData, "certificate: more than one SPIFFE id");
  const std::string_view rest = uri.substr(kScheme.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  const std::string_view path = rest.substr(slash);
  if (!is_domain(rest.substr(0, slash)))
    return fail(Code::kInvalidData, "certificate: a SPIFFE id without a proper trust domain");
  facts.trust_domain = rest.substr(0, slash);
  if (!path.starts_with(kAgent)) return {};
  if (!is_host_id(path.substr(kAgent.size())))
    return fail(Code::kInvalidData, "certificate: a SPIFFE id without a proper host id");
  facts.host_id = path.substr(kAgent.size());
  return {};
}

Status read_names(X509* certificate, CertificateFacts& facts) {
  int critical = 0;
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
  // -1: there is no such extension. Anything else without names: broken, or there twice.
  if (!names)
    return critical == -1 ? Status()
                          : openssl_failure(Code::kInvalidData,
                                            "certificate: broken subject alternative names");
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                                static_cast<std::size_t>(ASN1_STRING_length(uri)));
    if (auto read = read_spiffe_id(text, facts); !read) return read;
  }
  return {};
}

Result<Seconds> seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
    return openssl_failure(Code::kInvalidData, "certificate: a broken time");
  return Seconds(std::chrono::seconds(timegm(&parts)));
}

Result<std::string> serial_of(const X509* certificate) {
  const BigNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  const std::unique_ptr<char, void (*)(char*)> digits(
      number && BN_is_negative(number.get()) == 0 ? BN_bn2hex(number.get()) : nullptr,
      [](char* text) { OPENSSL_free(text); });
  if (!digits) return openssl_failure(Code::kInvalidData, "certificate: a broken serial number");
  std::string text(digits.get());
  if (text.size() > kMaxSerialDigits)  // RFC 5280 §4.1.2.2: at most 20 octets
    return fail(Code::kInvalidData, "certificate: a serial number of more than 20 bytes");
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace

Result<std::string> new_private_key() {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (!key || !bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1)
    return openssl_failure(Code::kInternal, "making a key");
  return content_of(bio.get());
}

Result<std::string> sign(std::string_view private_key_pem, std::string_view message) {
  auto bio = reader_of(private_key_pem, "private key");
  if (!bio) return fail(bio.error());
  const Key key(PEM_read_bio_PrivateKey(bio->get(), nullptr, refuse_passphrase, nullptr));
  if (!key) return openssl_failure(Code::kInvalidData, "not a private key in unencrypted PEM");
  if (!is_p256(key.get())) return fail(Code::kInvalidData, "private key: not an EC key on P-256");
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(kMaxSignatureBytes, '\0');
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(message), message.size()) != 1)
    return openssl_failure(Code::kInternal, "signing");
  signature.resize(size);
  return signature;
}

Status verify_signature(std::string_view certificate_pem, std::string_view message,
                        std::string_view signature) {
  const auto key = VerifyingKey::of(certificate_pem);
  if (!key) return fail(key.error());
  return key->verify(sha256(message), signature);
}

Result<VerifyingKey> VerifyingKey::of(std::string_view certificate_pem) {
  const auto certificate = OpenedCertificate::of(certificate_pem);
  if (!certificate) return fail(certificate.error());
  return certificate->verifying_key();
}

Status VerifyingKey::verify(const Digest& message, std::string_view signature) const {
  if (signature.size() > kMaxSignatureBytes)
    return fail(Code::kUnauthenticated, "a signature of more than 72 bytes");
  const KeyContext context(EVP_PKEY_CTX_new(static_cast<EVP_PKEY*>(key_.get()), nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1)
    return openssl_failure(Code::kInternal, "verifying");
  // OpenSSL also refuses here what is not DER, and bytes behind it.
  if (EVP_PKEY_verify(context.get(), bytes_of(signature), signature.size(), message.bytes.data(),
                      message.bytes.size()) == 1)
    return {};
  return openssl_failure(Code::kUnauthenticated,
                         "the signature is not that key's over these bytes");
}

Result<OpenedCertificate> OpenedCertificate::of(std::string_view pem) {
  auto certificate = parse_certificate(pem);
  if (!certificate) return fail(certificate.error());
  return OpenedCertificate(std::shared_ptr<void>(
      certificate->release(), [](void* last) { X509_free(static_cast<X509*>(last)); }));
}

Result<VerifyingKey> OpenedCertificate::verifying_key() const {
  EVP_PKEY* key = X509_get0_pubkey(static_cast<X509*>(certificate_.get()));
  if (!is_p256(key)) return fail(Code::kInvalidData, "certificate: not an EC key on P-256");
  EVP_PKEY_up_ref(key);
  return VerifyingKey(
      std::shared_ptr<void>(key, [](void* last) { EVP_PKEY_free(static_cast<EVP_PKEY*>(last)); }));
}

Result<CertificateFacts> OpenedCertificate::facts() const {
  auto* certificate = static_cast<X509*>(certificate_.get());
  CertificateFacts facts;
  if (auto names = read_names(certificate, facts); !names) return fail(names.error());
  auto serial = serial_of(certificate);
  const auto not_before = seconds_of(X509_get0_notBefore(certificate));
  const auto not_after = seconds_of(X509_get0_notAfter(certificate));
  if (!serial) return fail(serial.error());
  if (!not_before) return fail(not_before.error());
  if (!not_after) return fail(not_after.error());
  facts.serial = std::move(*serial);
  facts.not_before = *not_before;
  facts.not_after = *not_after;
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), facts.fingerprint.bytes.data(), &size) != 1)
    return openssl_failure(Code::kInternal, "certificate: fingerprint");
  return facts;
}

Result<CertificateFacts> read_certificate(std::string_view pem) {
  const auto certificate = OpenedCertificate::of(pem);
  if (!certificate) return fail(certificate.error());
  return certificate->facts();
}

Result<std::string> normal_pem(std::string_view pem) {
  auto certificate = parse_certificate(pem);
  if (!certificate) return fail(certificate.error());
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate->get()) != 1)
    return openssl_failure(Code::kInternal, "certificate: writing PEM");
  return content_of(bio.get());
}

Status verify_issued_by(std::string_view certificate_pem, std::string_view ca_pem, Seconds when) {
  const auto certificate = OpenedCertificate::of(certificate_pem);
  if (!certificate) return fail(certificate.error());
  const auto ca = OpenedCertificate::of(ca_pem);
  if (!ca) return fail(ca.error().within("CA"));
  return certificate->verify_issued_by(*ca, when);
}

Status OpenedCertificate::verify_issued_by(const OpenedCertificate& issuer, Seconds when) const {
  auto* certificate = static_cast<X509*>(certificate_.get());
  auto* ca = static_cast<X509*>(issuer.certificate_.get());
  // 1: basicConstraints says so. OpenSSL has larger numbers for what old certificates imply.
  if (X509_check_ca(ca) != 1)
    return fail(Code::kUnauthenticated, "the CA's certificate may not issue certificates");
  // A trust anchor would otherwise be a chain of its own.
  if (X509_cmp(certificate, ca) == 0)
    return fail(Code::kUnauthenticated, "the certificate is the CA's own");
  const Store store(X509_STORE_new());
  const StoreContext context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_add_cert(store.get(), ca) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), certificate, nullptr) != 1)
    return openssl_failure(Code::kInternal, "verifying a certificate");
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(when.time_since_epoch().count()));
  // The CA's own signature is checked too: an altered CA certificate is found.
  X509_VERIFY_PARAM_set_flags(parameters,
                              X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
  if (X509_verify_cert(context.get()) == 1) return {};
  const std::string reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
  ERR_clear_error();
  return fail(Code::kUnauthenticated,
              "not a certificate of this CA at " + to_timestamp(when) + ": " + reason);
}

}  // namespace assay::evidence
