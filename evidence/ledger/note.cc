#include "evidence/ledger/note.h"

#include <algorithm>
#include <array>

#include "evidence/base64.h"
#include "evidence/canonical.h"
#include "evidence/digest.h"

namespace assay::evidence {

namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t kKeyIdBytes = 4;

std::unexpected<Error> bad(std::string_view why) {
  return fail(Code::kInvalidData, "note: " + std::string(why));
}

// UTF-8 without control characters but `allowed`.
bool is_text(std::string_view bytes, bool may_have_lines) {
  while (!bytes.empty()) {
    const auto length = utf8_length(bytes);
    if (length == 0) return false;
    const auto first = static_cast<unsigned char>(bytes.front());
    if (first < 0x20 && !(may_have_lines && first == '\n')) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

// Unicode's White_Space beyond ASCII's control characters.
constexpr std::array<std::string_view, 20> kSpaces = {" ",
                                                      "\xc2\x85",
                                                      "\xc2\xa0",
                                                      "\xe1\x9a\x80",
                                                      "\xe2\x80\x80",
                                                      "\xe2\x80\x81",
                                                      "\xe2\x80\x82",
                                                      "\xe2\x80\x83",
                                                      "\xe2\x80\x84",
                                                      "\xe2\x80\x85",
                                                      "\xe2\x80\x86",
                                                      "\xe2\x80\x87",
                                                      "\xe2\x80\x88",
                                                      "\xe2\x80\x89",
                                                      "\xe2\x80\x8a",
                                                      "\xe2\x80\xa8",
                                                      "\xe2\x80\xa9",
                                                      "\xe2\x80\xaf",
                                                      "\xe2\x81\x9f",
                                                      "\xe3\x80\x80"};

Result<NoteSignature> signature_from(std::string_view line) {
  if (!line.starts_with(kDash)) return bad("a line behind the text that is no signature");
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return bad("a signature without a key's name");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  if (!is_key_name(signature.name)) return bad("a key's name that no key may have");
  auto bytes = from_base64(line.substr(space + 1));
  if (!bytes) return bad("a signature that is not base64");
  if (bytes->size() <= kKeyIdBytes) return bad("a signature without content");
  signature.key_id = bytes->substr(0, kKeyIdBytes);
  signature.bytes = bytes->substr(kKeyIdBytes);
  return signature;
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxKeyNameBytes && is_text(name, false) &&
         name.find('+') == std::string_view::npos &&
         std::ranges::none_of(kSpaces, [&](std::string_view space) {
           return name.find(space) != std::string_view::npos;
         });
}

Result<Note> note_from_text(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) return fail(Code::kTooLarge, "note: over 128 KiB");
  if (!is_text(bytes, true)) return bad("not UTF-8, or with control characters");
  if (!bytes.ends_with('\n')) return bad("its last line does not end");
  const auto blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos) return bad("no empty line before the signatures");
  Note note;
  note.text = bytes.substr(0, blank + 1);
  for (auto rest = bytes.substr(blank + 2); !rest.empty();) {
    if (note.signatures.size() == kMaxNoteSignatures)
      return fail(Code::kTooLarge, "note: more than 32 signatures");
    const auto end = rest.find('\n');
    auto signature = signature_from(rest.substr(0, end));
    if (!signature) return fail(signature.error());
    note.signatures.push_back(std::move(*signature));
    rest.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) return bad("nobody signed it");
  return note;
}

std::string to_text(const Note& note) {
  std::string text = note.text + "\n";
  for (const auto& signature : note.signatures) text += to_text(signature);
  return text;
}

Result<NoteSignature> note_signature_from(std::string_view line) {
  if (line.size() > kMaxNoteBytes) return fail(Code::kTooLarge, "note: over 128 KiB");
  if (!line.ends_with('\n') || !is_text(line.substr(0, line.size() - 1), false))
    return bad("a signature that is not one line");
  return signature_from(line.substr(0, line.size() - 1));
}

std::string to_text(const NoteSignature& signature) {
  return std::string(kDash)
      .append(signature.name)
      .append(" ")
      .append(to_base64(signature.key_id + signature.bytes))
      .append("\n");
}

std::string VerifierKey::id() const {
  return sha256(name + "\n" + static_cast<char>(kind) + public_key).raw().substr(0, kKeyIdBytes);
}

std::string to_text(const VerifierKey& key) {
  return key.name + "+" + to_hex(key.id()) + "+" +
         to_base64(static_cast<char>(key.kind) + key.public_key);
}

Result<VerifierKey> verifier_key_from(std::string_view text) {
  const auto bad_key = [](const char* why) {
    return fail(Code::kInvalidData, std::string("verifier key: ") + why);
  };
  if (text.ends_with('\n')) text.remove_suffix(1);  // as a file has it
  if (text.size() > kMaxVerifierKeyBytes) return bad_key("too long");
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad_key("it is name+id+key");
  const auto material = from_base64(text.substr(second + 1));
  if (!material) return bad_key("the key is not base64");
  VerifierKey key;
  key.name = text.substr(0, first);
  if (!is_key_name(key.name)) return bad_key("a name that no key may have");
  const char kind = material->empty() ? '\0' : material->front();
  if (kind != static_cast<char>(KeyKind::kLog) && kind != static_cast<char>(KeyKind::kWitness))
    return fail(Code::kNotSupported, "verifier key: not Ed25519 of a log or a witness");
  key.kind = static_cast<KeyKind>(kind);
  key.public_key = material->substr(1);
  if (key.public_key.size() != kEd25519Bytes) return bad_key("an Ed25519 key has 32 bytes");
  if (text.substr(first + 1, second - first - 1) != to_hex(key.id()))
    return bad_key("its id is not that of the key: a character was mistyped");
  return key;
}

}  // namespace assay::evidence
