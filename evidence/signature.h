// ECDSA P-256 with SHA-256 (FIPS 186-5), the signature of a manifest, made with
// the key of the agent's certificate. Keys and certificates are PEM.
//
// All functions are pure, may be called from any thread, never ask for a passphrase and
// read at most kMaxPemBytes; of several certificates in one PEM text they read the first.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

// A new private key, PKCS #8 PEM. Write it to a file of mode 0600 or nowhere.
[[nodiscard]] Result<std::string> new_private_key();

// DER ECDSA-Sig-Value over SHA-256(message). kInvalidData when the key is not P-256.
[[nodiscard]] Result<std::string> sign(std::string_view private_key_pem, std::string_view message);

// kUnauthenticated when the signature is not this key's over this message.
[[nodiscard]] Status verify_signature(std::string_view certificate_pem, std::string_view message,
                                      std::string_view signature);

// The public key of a certificate, read once for many signatures: reading it takes longer than
// verifying with it. Copies share it; safe from any thread.
class VerifyingKey {
 public:
  // kInvalidData when the certificate cannot be read or its key is not P-256.
  [[nodiscard]] static Result<VerifyingKey> of(std::string_view certificate_pem);
  // Of what verify_signature() accepts, exactly the same; `message` is the message's SHA-256.
  [[nodiscard]] Status verify(const Digest& message, std::string_view signature) const;

 private:
  friend class OpenedCertificate;
  explicit VerifyingKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;  // an EVP_PKEY
};

// What Assay needs to know of a certificate.
struct CertificateFacts {
  std::string host_id;       // from the SAN URI spiffe://<domain>/agent/<id>; empty if none
  std::string trust_domain;  // from the same URI
  std::string serial;        // lower-case hexadecimal, whole bytes, at most 40 digits
  Seconds not_before;
  Seconds not_after;
  Digest fingerprint;  // SHA-256 over the DER form
};
// kInvalidData also for two SPIFFE ids, or one whose host id is not [a-z0-9-]{1,40}.
[[nodiscard]] Result<CertificateFacts> read_certificate(std::string_view pem);

// A certificate that was parsed once, for whoever asks it more than one thing: parsing takes longer
// than verifying a signature with its key. Its answers are those of the functions of the same
// names. Copies share it; safe from any thread.
class OpenedCertificate {
 public:
  // kInvalidData when it cannot be read.
  [[nodiscard]] static Result<OpenedCertificate> of(std::string_view pem);
  [[nodiscard]] Result<CertificateFacts> facts() const;      // read_certificate()
  [[nodiscard]] Result<VerifyingKey> verifying_key() const;  // VerifyingKey::of()
  [[nodiscard]] Status verify_issued_by(const OpenedCertificate& issuer, Seconds when) const;

 private:
  explicit OpenedCertificate(std::shared_ptr<void> certificate)
      : certificate_(std::move(certificate)) {}
  std::shared_ptr<void> certificate_;  // an X509
};

// The first certificate in `pem`, alone, in lines of 64 characters (RFC 7468, strict).
[[nodiscard]] Result<std::string> normal_pem(std::string_view pem);

// kUnauthenticated unless `certificate_pem` was issued by `ca_pem` (its key signed it, its basic
// constraints let it issue) and both were valid at `when`. Revocation is not looked at.
[[nodiscard]] Status verify_issued_by(std::string_view certificate_pem, std::string_view ca_pem,
                                      Seconds when);

}  // namespace assay::evidence
