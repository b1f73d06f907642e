#include "collector/identity/token.h"

#include <openssl/rand.h>

#include <algorithm>

#include "evidence/base64.h"
#include "evidence/canonical.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kIdDigits = 12;
constexpr std::size_t kMaxNameBytes = 200;

std::string base64url(std::string_view bytes) {
  auto text = evidence::to_base64(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

Result<NewToken> new_token(const evidence::Digest& ca) {
  const auto random = random_bytes(kSecretBytes);
  if (!random) return fail(random.error());
  NewToken token;
  const auto secret = base64url(*random);
  token.record.hash = hash_of_token(secret);
  token.record.id = token.record.hash.hex().substr(0, kIdDigits);
  token.text = secret + "." + ca.hex();
  return token;
}

// A name stands in records for years, and in the ledger by its bytes: they are shown as they are.
Status check_name(std::string_view name) {
  if (name.empty()) return refuse(Code::kUsage, {"a person has a name", "人員須有姓名"});
  if (name.size() > kMaxNameBytes)
    return refuse(Code::kUsage,
                  {"a person's name has {} bytes at most", "人員姓名最長為 {} 位元組"},
                  kMaxNameBytes);
  for (auto rest = name; !rest.empty();) {
    const auto length = evidence::utf8_length(rest);
    const auto byte = static_cast<unsigned char>(rest.front());
    if (length == 0 || byte < 0x20 || byte == 0x7f)
      return refuse(Code::kUsage, {"a person's name is text in UTF-8 without control characters",
                                   "人員姓名須為 UTF-8 文字，且不得含控制字元"});
    rest.remove_prefix(length);
  }
  return {};
}

}  // namespace

Result<std::string> random_bytes(std::size_t bytes) {
  std::string random(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1)
    return refuse(Code::kIo, {"the system has no random numbers", "系統無法提供亂數"});
  return random;
}

Result<std::string> new_uuid() {
  auto random = random_bytes(16);
  if (!random) return fail(random.error());
  auto& bytes = *random;
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  auto text = evidence::to_hex(bytes);
  for (const std::size_t dash : {20U, 16U, 12U, 8U}) text.insert(dash, 1, '-');
  return text;
}

evidence::Digest hash_of_token(std::string_view secret_or_text) {
  return evidence::sha256(secret_or_text.substr(0, secret_or_text.find('.')));
}

Result<NewToken> new_enrollment_token(const evidence::Digest& ca, evidence::Seconds now,
                                      std::chrono::seconds lifetime) {
  if (lifetime <= std::chrono::seconds(0))
    return refuse(Code::kUsage, {"a token must live for a while", "權杖的有效時間必須大於零"});
  auto token = new_token(ca);
  if (!token) return token;
  token->record.kind = TokenKind::kEnrollment;
  token->record.created = now;
  token->record.expires = now + lifetime;
  return token;
}

Result<NewToken> new_person_token(const evidence::Digest& ca, std::string name, Role role,
                                  evidence::Seconds now,
                                  std::optional<std::chrono::seconds> lifetime) {
  if (auto fit = check_name(name); !fit) return fail(fit.error());
  auto token = new_token(ca);
  if (!token) return token;
  token->record.kind = TokenKind::kPerson;
  token->record.name = std::move(name);
  token->record.role = role;
  token->record.created = now;
  if (lifetime) token->record.expires = now + *lifetime;
  return token;
}

}  // namespace assay::collector
