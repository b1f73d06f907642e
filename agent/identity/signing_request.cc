#include "agent/identity/signing_request.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "evidence/limits.h"
#include "evidence/signature.h"

namespace assay::agent {

namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Request = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;

constexpr std::size_t kMaxCommonName = 64;  // RFC 5280, ub-common-name

int refuse_passphrase(char*, int, int, void*) {
  return -1;
}

std::unexpected<Error> failure(std::string_view what) {
  ERR_clear_error();
  return fail(Code::kInternal, std::string(what));
}

Key key_from(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
  return {PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, nullptr), EVP_PKEY_free};
}

// The common name has to be UTF-8, and may not be empty.
std::string common_name(std::string_view host_name) {
  std::string out;
  for (const char c : host_name.substr(0, kMaxCommonName))
    out.push_back(c > ' ' && c < 127 ? c : '-');
  return out.empty() ? "agent" : out;
}

}  // namespace

Result<SigningRequest> new_signing_request(std::string_view host_name) {
  auto pem = evidence::new_private_key();
  if (!pem) return fail(pem.error());
  const auto key = key_from(*pem);
  const Request request(X509_REQ_new(), X509_REQ_free);
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free_all);
  if (!key || !request || !bio) return failure("making a signing request");
  const auto name = common_name(host_name);
  if (X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(name.data()),
                                 static_cast<int>(name.size()), -1, 0) != 1 ||
      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.get()) != 1 ||
      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) <= 0 ||
      PEM_write_bio_X509_REQ(bio.get(), request.get()) != 1)
    return failure("making a signing request");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return SigningRequest{std::move(*pem), std::string(data, static_cast<std::size_t>(size))};
}

Status check_key_fits(std::string_view key_pem, std::string_view certificate_pem) {
  constexpr std::string_view kProof = "the certificate is for this key";
  const auto signature = evidence::sign(key_pem, kProof);
  if (!signature) return fail(signature.error());
  const auto verified = evidence::verify_signature(certificate_pem, kProof, *signature);
  if (verified) return {};
  return fail(Code::kInvalidData,
              "the certificate is for another key: " + verified.error().message());
}

}  // namespace assay::agent
