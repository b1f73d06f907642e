// Signed notes (C2SP signed-note): a text, and lines in which keys vouch for it. Ed25519 only: by
// a log (type 1), or by a witness with the time at which it looked (type 4, C2SP
// tlog-cosignature). docs/formats/ledger.md shows one.
//
// All functions are pure and may be called from any thread. A note is hostile input: what a caller
// may believe is only what open_note() returns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

// Room for sixteen signatures of the longest kind that there is.
inline constexpr std::size_t kMaxNoteBytes = 128U << 10U;
inline constexpr std::size_t kMaxNoteSignatures = 32;
inline constexpr std::size_t kMaxKeyNameBytes = 256;
inline constexpr std::size_t kMaxVerifierKeyBytes = 512;
inline constexpr std::size_t kEd25519Bytes = 32;  // a public key
inline constexpr std::size_t kEd25519SignatureBytes = 64;

struct NoteSignature {
  std::string name;
  std::string key_id;  // 4 bytes
  std::string bytes;   // what the key made
  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // ends in LF
  std::vector<NoteSignature> signatures;
  bool operator==(const Note&) const = default;
};

// Accepts exactly what to_text() writes: UTF-8 without control characters, at least one signature.
[[nodiscard]] Result<Note> note_from_text(std::string_view bytes);
[[nodiscard]] std::string to_text(const Note& note);
// One line of them, ended by LF.
[[nodiscard]] Result<NoteSignature> note_signature_from(std::string_view line);
[[nodiscard]] std::string to_text(const NoteSignature& signature);

// Whether a key may be called so: UTF-8, not empty, no space, control character or '+'.
[[nodiscard]] bool is_key_name(std::string_view name);

enum class KeyKind : std::uint8_t { kLog = 1, kWitness = 4 };

// The public half, as people pass it on: "name+1a2b3c4d+AXn…".
struct VerifierKey {
  std::string name;
  KeyKind kind = KeyKind::kLog;
  std::string public_key;  // 32 bytes
  bool operator==(const VerifierKey&) const = default;

  [[nodiscard]] std::string id() const;  // the 4 bytes of a signature
};
[[nodiscard]] std::string to_text(const VerifierKey& key);
// kInvalidData; kNotSupported for a kind of key that is none of ours.
[[nodiscard]] Result<VerifierKey> verifier_key_from(std::string_view text);

// Who signed, and for a witness when.
struct VouchedBy {
  VerifierKey key;
  std::optional<Seconds> at;
};
// By the rules of signed-note: lines of keys that are not among `known` are passed over.
// kUnauthenticated when a line of a known key does not hold, or there is none.
[[nodiscard]] Result<std::vector<VouchedBy>> open_note(const Note& note,
                                                       std::span<const VerifierKey> known);

// A new Ed25519 key, PKCS #8 PEM. Write it to a file of mode 0600 or nowhere.
[[nodiscard]] Result<std::string> new_note_key();
// The public half of it. kInvalidData when it is no Ed25519 key or the name is none.
[[nodiscard]] Result<VerifierKey> verifier_key_of(std::string_view private_key_pem,
                                                  std::string_view name, KeyKind kind);
// The line with which the key vouches for `text`; `at` is used by a witness only.
[[nodiscard]] Result<NoteSignature> sign_note(std::string_view private_key_pem,
                                              const VerifierKey& key, std::string_view text,
                                              Seconds at = {});

}  // namespace assay::evidence
