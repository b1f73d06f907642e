#include "collector/identity/authority.h"

#include <arpa/inet.h>

#include <array>
#include <filesystem>

#include "collector/identity/certificate_maker.h"
#include "collector/identity/key_file.h"
#include "evidence/refusal.h"
#include "evidence/signature.h"

namespace assay::collector {
namespace {

// A certificate is good a little before it was made: other machines' clocks differ.
constexpr std::chrono::minutes kClockAllowance{60};

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

bool is_dns_name(const std::string& name) {
  return !name.empty() && name.size() <= 253 &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
             "*") == std::string::npos;
}

Result<std::vector<std::string>> alternative_names(const std::vector<std::string>& names) {
  std::vector<std::string> written;
  for (const auto& name : names) {
    if (is_address(name))
      written.push_back("IP:" + name);
    else if (is_dns_name(name))
      written.push_back("DNS:" + name);
    else
      return refuse(Code::kUsage, {"not a host name or address: {}", "不是主機名稱或位址：{}"},
                    name);
  }
  if (written.empty())
    return refuse(Code::kUsage, {"the collector needs a name", "收集伺服器須有名稱"});
  return written;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

Result<KeyPair> make_server(const std::vector<std::string>& names, const KeyPair& ca,
                            evidence::Seconds now) {
  auto written = alternative_names(names);
  if (!written) return fail(written.error());
  auto key = evidence::new_private_key();
  if (!key) return fail(key.error());
  const auto public_key = public_key_of(*key);
  if (!public_key) return fail(public_key.error());
  const CertificateWish wish{CertificateUse::kServer, "Assay collector", std::move(*written),
                             now - kClockAllowance, now + kServerLifetime};
  auto certificate = make_certificate(wish, *public_key, ca.certificate, ca.key);
  if (!certificate) return fail(certificate.error());
  return KeyPair{std::move(*key), std::move(*certificate)};
}

// The pair in the folder, if it is there, of this CA, and young enough.
std::optional<KeyPair> usable_server(const std::string& folder, const KeyPair& ca,
                                     const std::string& names, evidence::Seconds now) {
  auto key = read_key_file(folder + "/server.key");
  auto certificate = read_key_file(folder + "/server.pem");
  const auto made_for = read_key_file(folder + "/server.names");
  if (!key || !certificate || !made_for || *made_for != names) return std::nullopt;
  const auto facts = evidence::read_certificate(*certificate);
  if (!facts || facts->not_after < now + kServerLifetime * 2 / 3) return std::nullopt;
  if (!evidence::verify_issued_by(*certificate, ca.certificate, now)) return std::nullopt;
  return KeyPair{std::move(*key), std::move(*certificate)};
}

}  // namespace

Result<Authority> Authority::create(const std::string& folder,
                                    const std::vector<std::string>& names, evidence::Seconds now) {
  if (auto sound = alternative_names(names); !sound) return fail(sound.error());
  std::error_code error;
  if (std::filesystem::exists(folder + "/ca.key", error))
    return refuse(Code::kConflict, {"{} has a certificate authority already", "{} 已有憑證機構"},
                  folder);
  if (auto made = make_key_folder(folder); !made) return fail(made.error());
  auto key = evidence::new_private_key();
  if (!key) return fail(key.error());
  const auto public_key = public_key_of(*key);
  if (!public_key) return fail(public_key.error());
  const CertificateWish wish{CertificateUse::kAuthority,
                             "Assay collector CA",
                             {},
                             now - kClockAllowance,
                             now + kCaLifetime};
  const auto certificate = make_certificate(wish, *public_key, {}, *key);
  if (!certificate) return fail(certificate.error());
  std::string lines;
  for (const auto& name : names) lines += name + "\n";
  if (auto done = write_key_file(folder + "/names", lines); !done) return fail(done.error());
  if (auto done = write_key_file(folder + "/ca.pem", *certificate); !done)
    return fail(done.error());
  // The key last: without it the folder is not an authority yet.
  if (auto done = write_key_file(folder + "/ca.key", *key); !done) return fail(done.error());
  return open(folder);
}

Result<Authority> Authority::open(const std::string& folder) {
  auto key = read_key_file(folder + "/ca.key");
  if (!key) return fail(key.error());
  auto certificate = read_key_file(folder + "/ca.pem");
  if (!certificate) return fail(certificate.error());
  const auto facts = evidence::read_certificate(*certificate);
  if (!facts) return fail(facts.error().within(folder + "/ca.pem"));
  return Authority(folder, {std::move(*key), std::move(*certificate)}, facts->fingerprint);
}

Result<KeyPair> Authority::server(evidence::Seconds now) const {
  const auto names = read_key_file(folder_ + "/names");
  if (!names) return fail(names.error());
  if (auto pair = usable_server(folder_, ca_, *names, now)) return std::move(*pair);
  auto pair = make_server(lines_of(*names), ca_, now);
  if (!pair) return pair;
  // The names last: a half-written pair is made anew.
  const std::pair<const char*, const std::string*> files[] = {
      {"/server.key", &pair->key}, {"/server.pem", &pair->certificate}, {"/server.names", &*names}};
  for (const auto& [name, content] : files) {
    if (auto done = write_key_file(folder_ + name, *content); !done) return fail(done.error());
  }
  return pair;
}

Result<std::string> Authority::issue_agent(std::string_view signing_request,
                                           std::string_view host_id, evidence::Seconds now) const {
  const auto key = public_key_of_request(signing_request);
  if (!key) return fail(key.error());
  const std::string id(host_id);
  const CertificateWish wish{CertificateUse::kAgent,
                             id,
                             {"URI:spiffe://" + std::string(kTrustDomain) + "/agent/" + id},
                             now - kClockAllowance,
                             now + kAgentLifetime};
  return make_certificate(wish, *key, ca_.certificate, ca_.key);
}

}  // namespace assay::collector
