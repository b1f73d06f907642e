#include "agent/probes/linux/hardening/files/secret_files.h"

#include <algorithm>
#include <array>
#include <string>

namespace assay::agent {
namespace {

using enum SecretKind;

// In a folder of a certain name: the name alone says nothing.
constexpr auto kCredentialPaths = std::to_array<std::string_view>(
    {"/.aws/credentials", "/.azure/accessTokens.json", "/.azure/msal_token_cache.json",
     "/.config/gcloud/access_tokens.db", "/.config/gcloud/application_default_credentials.json",
     "/.config/gcloud/credentials.db", "/.config/gh/hosts.yml", "/.docker/config.json",
     "/.kube/config", "/.config/containers/auth.json", "/.terraform.d/credentials.tfrc.json"});
constexpr auto kCredentialNames = std::to_array<std::string_view>(
    {".git-credentials", ".htpasswd", ".my.cnf", ".netrc", ".pgpass", ".pypirc", ".s3cfg",
     ".smbcredentials", ".vault-token"});
constexpr auto kSshNames = std::to_array<std::string_view>(
    {"id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_rsa", "identity"});

template <std::size_t Size>
bool is_one_of(std::string_view name, const std::array<std::string_view, Size>& names) {
  return std::ranges::find(names, name) != names.end();
}

// The last letters of all names and endings below.
constexpr bool may_end(char c) {
  return std::string_view("ymxsekbca9ngfdbl2").find(c) != std::string_view::npos;
}

SecretKind by_ending(std::string_view name) {
  if (name.size() < 5) return kNone;
  const auto end = name.substr(name.size() - 4);
  if (end == ".pem" || end == ".key" || end == ".ppk") return kPrivateKey;
  if (end == "_key" && name.starts_with("ssh_host_")) return kSshHostKey;
  if (end == ".p12" || end == ".pfx" || end == ".jks" || end == "kdbx" || end == "tore")
    return end != "tore" || name.ends_with(".keystore") || name.ends_with(".truststore") ? kKeyStore
                                                                                         : kNone;
  if (end == "ytab" && name.ends_with("keytab")) return kKeytab;
  return kNone;
}

// The cipher's name stands behind the mark "openssh-key-v1\0", as a length of four bytes and text;
// in base64, 16 characters for the mark and 4 bytes on: "none" gives AAAABG5vbmU.
std::optional<bool> is_encrypted_openssh(std::string_view body) {
  std::string text;
  for (const char c : body.substr(0, 256))
    if (c != '\n' && c != '\r') text += c;
  constexpr std::string_view kMark = "b3BlbnNzaC1rZXktdjEA";
  if (!text.starts_with(kMark)) return std::nullopt;
  return !text.substr(kMark.size()).starts_with("AAAABG5vbmU");
}

}  // namespace

SecretKind secret_kind(std::string_view name, std::string_view path) {
  if (name.size() < 5 || !may_end(name.back())) return kNone;
  if (const auto kind = by_ending(name); kind != kNone) return kind;
  if (name.front() == 'i') return is_one_of(name, kSshNames) ? kPrivateKey : kNone;
  if (name.front() == '.') return is_one_of(name, kCredentialNames) ? kCredentials : kNone;
  if (std::string_view("camh").find(name.front()) == std::string_view::npos) return kNone;
  return std::ranges::any_of(kCredentialPaths,
                             [&](std::string_view end) { return path.ends_with(end); })
             ? kCredentials
             : kNone;
}

std::optional<PrivateKeyFacts> private_key_facts(std::string_view start) {
  if (start.starts_with("PuTTY-User-Key-File-")) {
    const auto at = start.find("\nEncryption: ");
    if (at == std::string_view::npos) return PrivateKeyFacts{};
    return PrivateKeyFacts{!start.substr(at + 13).starts_with("none")};
  }
  constexpr std::string_view kEnd = "PRIVATE KEY-----";
  constexpr std::string_view kBegin = "-----BEGIN ";
  for (auto at = start.find(kBegin); at != std::string_view::npos;
       at = start.find(kBegin, at + kBegin.size())) {
    const auto line_end = std::min(start.find('\n', at), start.size());
    auto line = start.substr(at, line_end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.ends_with(kEnd)) continue;
    const auto body = start.substr(std::min(line_end + 1, start.size()));
    if (line.find("ENCRYPTED") != std::string_view::npos) return PrivateKeyFacts{true};
    if (line.find("OPENSSH") != std::string_view::npos)
      return PrivateKeyFacts{is_encrypted_openssh(body)};
    return PrivateKeyFacts{body.substr(0, 64).find("4,ENCRYPTED") != std::string_view::npos};
  }
  return std::nullopt;
}

bool is_key_store(std::string_view start) {
  using namespace std::string_view_literals;
  return start.starts_with("\xfe\xed\xfe\xed"sv) || start.starts_with("\xce\xce\xce\xce"sv) ||
         start.starts_with("\x03\xd9\xa2\x9a"sv) || start.starts_with("\x30\x82"sv) ||
         start.starts_with("\x30\x83"sv) || start.starts_with("\x30\x80"sv);
}

}  // namespace assay::agent
