// The key with which the collector signs its ledger's checkpoints: Ed25519, beside the CA's keys.
//
//   <folder>/ledger.key    PKCS #8 PEM, mode 0600
//   <folder>/ledger.vkey   its public half, to be given to auditors: assay-ledger/<CA>+<id>+<key>
//
// The name of the key is the name of the log, and holds the SHA-256 fingerprint of the CA: whoever
// trusts the key knows which CA the log's hosts have their certificates from. Collectors that share
// a store share this key, as they share the CA.
#pragma once

#include <string>

#include "evidence/digest.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::collector {

class LedgerKey {
 public:
  // Makes a key in `folder` when there is none. kRefused when the key can be read by others,
  // kInvalidData when the two files do not belong together.
  [[nodiscard]] static Result<LedgerKey> open_or_create(const std::string& folder,
                                                        const evidence::Digest& ca);
  // kNotFound.
  [[nodiscard]] static Result<LedgerKey> open(const std::string& folder);

  [[nodiscard]] const evidence::VerifierKey& verifier() const { return verifier_; }
  // The text as a signed note.
  [[nodiscard]] Result<std::string> sign(const std::string& text) const;

 private:
  LedgerKey(std::string pem, evidence::VerifierKey verifier)
      : pem_(std::move(pem)), verifier_(std::move(verifier)) {}

  std::string pem_;
  evidence::VerifierKey verifier_;
};

// The public half alone, as the file has it: for who only checks. kNotFound.
[[nodiscard]] Result<evidence::VerifierKey> read_ledger_verifier(const std::string& folder);

}  // namespace assay::collector
