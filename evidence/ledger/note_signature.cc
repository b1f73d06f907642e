// Ed25519 (RFC 8032) over notes.
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <memory>

#include "evidence/ledger/note.h"
#include "evidence/limits.h"
#include "evidence/openssl_freed.h"

namespace assay::evidence {

namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr std::size_t kTimeBytes = 8;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Never asks for a passphrase on a terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* /*data*/) {
  return 0;
}

Result<Key> read_private_key(std::string_view pem) {
  if (pem.size() > kMaxPemBytes) return fail(Code::kTooLarge, "a key over 16 KiB");
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr)
                 : nullptr);
  if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    return fail(Code::kInvalidData, "not an Ed25519 private key in PEM");
  return key;
}

// What a key of this kind signs for `text`.
std::string message_of(KeyKind kind, std::string_view text, std::int64_t time) {
  if (kind == KeyKind::kLog) return std::string(text);
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

std::string big_endian(std::int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>((number >> shift) & 0xff));
  return bytes;
}

bool verifies(const VerifierKey& key, std::string_view message, std::string_view signature) {
  const Key raw(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data_of(key.public_key),
                                            key.public_key.size()));
  const Context context(EVP_MD_CTX_new());
  return raw && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, raw.get()) == 1 &&
         EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message),
                          message.size()) == 1;
}

// Who vouches with this line, when it holds.
std::optional<VouchedBy> checked(const NoteSignature& line, const VerifierKey& key,
                                 std::string_view text) {
  std::string_view signature = line.bytes;
  VouchedBy vouched{key, std::nullopt};
  std::int64_t time = 0;
  if (key.kind == KeyKind::kWitness) {
    if (signature.size() < kTimeBytes) return std::nullopt;
    for (const char c : signature.substr(0, kTimeBytes)) {
      if (time > (INT64_MAX >> 8)) return std::nullopt;
      time = (time << 8) | static_cast<unsigned char>(c);
    }
    signature.remove_prefix(kTimeBytes);
    vouched.at = Seconds(std::chrono::seconds(time));
  }
  if (signature.size() != kEd25519SignatureBytes) return std::nullopt;
  if (!verifies(key, message_of(key.kind, text, time), signature)) return std::nullopt;
  return vouched;
}

}  // namespace

Result<std::vector<VouchedBy>> open_note(const Note& note, std::span<const VerifierKey> known) {
  std::vector<VouchedBy> vouched;
  for (const auto& line : note.signatures) {
    const auto key = std::ranges::find_if(known, [&](const VerifierKey& candidate) {
      return candidate.name == line.name && candidate.id() == line.key_id;
    });
    if (key == known.end()) continue;
    auto good = checked(line, *key, note.text);
    if (!good)
      return fail(Code::kUnauthenticated, "note: the signature of " + line.name + " is wrong");
    vouched.push_back(std::move(*good));
  }
  if (vouched.empty())
    return fail(Code::kUnauthenticated, "note: not signed by a key that is known here");
  return vouched;
}

Result<std::string> new_note_key() {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const Memory memory(BIO_new(BIO_s_secmem()));
  if (!key || !memory ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1)
    return fail(Code::kInternal, "making an Ed25519 key");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Result<VerifierKey> verifier_key_of(std::string_view private_key_pem, std::string_view name,
                                    KeyKind kind) {
  if (!is_key_name(name)) return fail(Code::kInvalidData, "a name that no key may have");
  const auto key = read_private_key(private_key_pem);
  if (!key) return fail(key.error());
  std::string bytes(kEd25519Bytes, '\0');
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key->get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                  &size) != 1 ||
      size != kEd25519Bytes)
    return fail(Code::kInternal, "reading an Ed25519 key");
  return VerifierKey{std::string(name), kind, std::move(bytes)};
}

Result<NoteSignature> sign_note(std::string_view private_key_pem, const VerifierKey& key,
                                std::string_view text, Seconds at) {
  const auto private_key = read_private_key(private_key_pem);
  if (!private_key) return fail(private_key.error());
  const auto time = at.time_since_epoch().count();
  if (key.kind == KeyKind::kWitness && time < 0)
    return fail(Code::kInvalidData, "a witness that looked before 1970");
  const std::string message = message_of(key.kind, text, time);
  std::string signature(kEd25519SignatureBytes, '\0');
  std::size_t size = signature.size();
  const Context context(EVP_MD_CTX_new());
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, private_key->get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     data_of(message), message.size()) != 1 ||
      size != kEd25519SignatureBytes)
    return fail(Code::kInternal, "signing a note");
  NoteSignature line{key.name, key.id(), {}};
  if (key.kind == KeyKind::kWitness) line.bytes = big_endian(time);
  line.bytes += signature;
  // A key that is not its own would sign what nobody can check.
  if (!checked(line, key, text))
    return fail(Code::kInvalidData, "the private key is not that of " + key.name);
  return line;
}

}  // namespace assay::evidence
