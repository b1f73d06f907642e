#include "collector/ledger/ledger_key.h"

#include "collector/identity/key_file.h"
#include "evidence/ledger/origin.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

std::string key_file(const std::string& folder) {
  return folder + "/ledger.key";
}

std::string verifier_file(const std::string& folder) {
  return folder + "/ledger.vkey";
}

Status create(const std::string& folder, const evidence::Digest& ca) {
  const auto pem = evidence::new_note_key();
  if (!pem) return fail(pem.error());
  const auto verifier =
      evidence::verifier_key_of(*pem, evidence::ledger_origin(ca), evidence::KeyKind::kLog);
  if (!verifier) return fail(verifier.error());
  // The key last: without it there is no key yet, and both are made anew.
  auto done = write_key_file(verifier_file(folder), evidence::to_text(*verifier) + "\n");
  if (done) done = write_key_file(key_file(folder), *pem);
  return done;
}

}  // namespace

Result<evidence::VerifierKey> read_ledger_verifier(const std::string& folder) {
  const auto text = read_key_file(verifier_file(folder));
  if (!text) return fail(text.error());
  auto verifier = evidence::verifier_key_from(*text);
  if (!verifier) return fail(verifier.error().within(verifier_file(folder)));
  return verifier;
}

Result<LedgerKey> LedgerKey::open(const std::string& folder) {
  auto pem = read_key_file(key_file(folder));
  if (!pem) return fail(pem.error());
  const auto written = read_ledger_verifier(folder);
  if (!written) return fail(written.error());
  auto verifier = evidence::verifier_key_of(*pem, written->name, evidence::KeyKind::kLog);
  if (!verifier) return fail(verifier.error().within(key_file(folder)));
  if (*verifier != *written)
    return refuse(Code::kInvalidData,
                  {"{} and ledger.vkey do not belong together", "{} 與 ledger.vkey 並非一對"},
                  key_file(folder));
  return LedgerKey(std::move(*pem), std::move(*verifier));
}

Result<LedgerKey> LedgerKey::open_or_create(const std::string& folder, const evidence::Digest& ca) {
  auto key = open(folder);
  if (key || key.error().code() != Code::kNotFound) return key;
  const auto pem = read_key_file(key_file(folder));
  // A private key without its public half is not thrown away: it has signed.
  if (pem || pem.error().code() != Code::kNotFound) return key;
  if (auto made = create(folder, ca); !made) return fail(made.error());
  return open(folder);
}

Result<std::string> LedgerKey::sign(const std::string& text) const {
  auto line = evidence::sign_note(pem_, verifier_, text);
  if (!line) return fail(line.error());
  return evidence::to_text(evidence::Note{text, {std::move(*line)}});
}

}  // namespace assay::collector
