// A key that signs notes: of a witness, unless said otherwise.
#pragma once

#include <string>

#include "evidence/ledger/note.h"

namespace assay::evidence {

struct NoteSigner {
  explicit NoteSigner(const std::string& name, KeyKind kind = KeyKind::kWitness)
      : key(verifier_key_of(pem, name, kind).value()) {}

  // Over the text of a note.
  [[nodiscard]] std::string line(const std::string& text, Seconds at = {}) const {
    return to_text(sign_note(pem, key, text, at).value());
  }
  // Over the text of the checkpoint in a note.
  [[nodiscard]] std::string line_over(const std::string& note, Seconds at) const {
    return line(note_from_text(note)->text, at);
  }

  std::string pem = new_note_key().value();
  VerifierKey key;
};

}  // namespace assay::evidence
