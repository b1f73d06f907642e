#include "agent/network/tls/suites/cipher_suite.h"

#include <algorithm>
#include <array>
#include <vector>

#include "agent/network/tls/suites/suite_lists.h"

namespace assay::agent::tls {

namespace {

const CipherSuite* find_in(std::span<const CipherSuite> suites, std::uint32_t code) {
  const auto found = std::ranges::lower_bound(suites, code, {}, &CipherSuite::code);
  return found != suites.end() && found->code == code ? &*found : nullptr;
}

}  // namespace

std::span<const CipherSuite> all_suites() {
  static const std::vector<CipherSuite> kAll = [] {
    std::vector<CipherSuite> all;
    for (const auto part : {classic_suites(), elliptic_suites()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return kAll;
}

const CipherSuite* find_suite(std::uint32_t code) {
  return find_in(all_suites(), code);
}

const CipherSuite* find_ssl2_suite(std::uint32_t code) {
  return find_in(ssl2_suites(), code);
}

bool is_for_tls13(const CipherSuite& suite) {
  return suite.key_exchange == KeyExchange::kTls13;
}

CipherFacts facts_of(BulkCipher cipher) {
  using enum BulkCipher;
  switch (cipher) {
    case kNull: return {"NULL", 0, false};
    case kRc4With40: return {"RC4", 40, false};
    case kRc4With56: return {"RC4", 56, false};
    case kRc4: return {"RC4", 128, false};
    case kRc2With40: return {"RC2-CBC", 40, false};
    case kRc2With56: return {"RC2-CBC", 56, false};
    case kRc2: return {"RC2-CBC", 128, false};
    case kDesWith40: return {"DES-CBC", 40, false};
    case kDes: return {"DES-CBC", 56, false};
    case kTripleDes: return {"3DES-CBC", 112, false};  // meet in the middle: NIST SP 800-57
    case kIdea: return {"IDEA-CBC", 128, false};
    case kSkipjack: return {"SKIPJACK-CBC", 80, false};
    case kSeed: return {"SEED-CBC", 128, false};
    case kGost28147: return {"GOST28147-CNT", 256, false};
    case kMagma: return {"MAGMA", 256, false};
    case kKuznyechik: return {"KUZNYECHIK", 256, false};
    case kSm4Gcm: return {"SM4-GCM", 128, true};
    case kSm4Ccm: return {"SM4-CCM", 128, true};
    case kAes128Cbc: return {"AES-CBC", 128, false};
    case kAes128Gcm: return {"AES-GCM", 128, true};
    case kAes128Ccm: return {"AES-CCM", 128, true};
    case kAes128Ccm8: return {"AES-CCM-8", 128, true};
    case kAes256Cbc: return {"AES-CBC", 256, false};
    case kAes256Gcm: return {"AES-GCM", 256, true};
    case kAes256Ccm: return {"AES-CCM", 256, true};
    case kAes256Ccm8: return {"AES-CCM-8", 256, true};
    case kCamellia128Cbc: return {"CAMELLIA-CBC", 128, false};
    case kCamellia128Gcm: return {"CAMELLIA-GCM", 128, true};
    case kCamellia256Cbc: return {"CAMELLIA-CBC", 256, false};
    case kCamellia256Gcm: return {"CAMELLIA-GCM", 256, true};
    case kAria128Cbc: return {"ARIA-CBC", 128, false};
    case kAria128Gcm: return {"ARIA-GCM", 128, true};
    case kAria256Cbc: return {"ARIA-CBC", 256, false};
    case kAria256Gcm: return {"ARIA-GCM", 256, true};
    case kChaCha20: return {"CHACHA20-POLY1305", 256, true};
    case kAegis128: return {"AEGIS-128L", 128, true};
    case kAegis256: return {"AEGIS-256", 256, true};
  }
  return {};
}

std::string_view name_of(KeyExchange key_exchange) {
  using enum KeyExchange;
  switch (key_exchange) {
    case kNoKeyExchange: return "none";
    case kRsa: return "rsa";
    case kDh: return "dh";
    case kDhe: return "dhe";
    case kEcdh: return "ecdh";
    case kEcdhe: return "ecdhe";
    case kEcmqv: return "ecmqv";
    case kPsk: return "psk";
    case kSrp: return "srp";
    case kKerberos: return "kerberos";
    case kKea: return "kea";
    case kGost: return "gost";
    case kCecpq1: return "cecpq1";
    case kTls13: return "tls13";
  }
  return "none";
}

std::string_view name_of(Authentication authentication) {
  using enum Authentication;
  switch (authentication) {
    case kByNobody: return "anonymous";
    case kByRsa: return "rsa";
    case kByDss: return "dss";
    case kByEcdsa: return "ecdsa";
    case kByPsk: return "psk";
    case kByPassword: return "password";
    case kByKerberos: return "kerberos";
    case kByGost: return "gost";
    case kByCertificate: return "certificate";
  }
  return "anonymous";
}

bool has_forward_secrecy(const CipherSuite& suite) {
  using enum KeyExchange;
  switch (suite.key_exchange) {
    case kDhe:
    case kEcdhe:
    case kEcmqv:
    case kCecpq1:
    case kSrp:
    case kTls13: return suite.cipher != BulkCipher::kNull;
    default: return false;
  }
}

std::optional<Weakness> weakness_of(const CipherSuite& suite) {
  struct Verdict {
    bool applies;
    bool is_broken;
    std::string_view reason;
    std::string_view basis;
  };
  using enum BulkCipher;
  const auto cipher = suite.cipher;
  const auto bits = facts_of(cipher).bits;
  const bool is_rc4 = cipher == kRc4 || cipher == kRc4With40 || cipher == kRc4With56;
  const bool is_rc2 = cipher == kRc2 || cipher == kRc2With40 || cipher == kRc2With56;
  const bool is_des = cipher == kDes || cipher == kDesWith40;
  const std::array kVerdicts{
      Verdict{cipher == kNull, true, "no encryption", "RFC 9325 4.1"},
      Verdict{suite.authentication == Authentication::kByNobody, true, "nobody is authenticated",
              "RFC 9325 4.1"},
      Verdict{suite.code > 0xFFFF, true, "SSLv2", "RFC 6176"},
      Verdict{bits == 40 || suite.name.contains("EXPORT"), true, "export key", "RFC 9325 4.1"},
      Verdict{is_rc4, true, "RC4", "RFC 7465"},
      Verdict{is_rc2, true, "RC2", "RFC 4346 A.5"},
      Verdict{is_des, true, "DES", "RFC 5469"},
      Verdict{cipher == kTripleDes, true, "3DES: blocks of 64 bits", "NIST SP 800-131A Rev. 2"},
      Verdict{cipher == kSkipjack, true, "Skipjack: key of 80 bits", "NIST SP 800-131A Rev. 2"},
      Verdict{suite.name.ends_with("_MD5"), true, "MD5", "RFC 6151"},
      Verdict{cipher == kIdea, false, "IDEA: blocks of 64 bits", "RFC 5469"},
      Verdict{cipher == kGost28147 || cipher == kMagma, false, "blocks of 64 bits", "RFC 9325 4.1"},
      Verdict{!has_forward_secrecy(suite) && suite.code <= 0xFFFF, false, "no forward secrecy",
              "RFC 9325 4.1"}};
  std::optional<Weakness> out;
  for (const auto& verdict : kVerdicts) {
    if (!verdict.applies) continue;
    if (!out) out.emplace();
    out->is_broken = out->is_broken || verdict.is_broken;
    if (!out->reason.empty()) out->reason += "; ";
    out->reason += verdict.reason;
    if (out->basis.contains(verdict.basis)) continue;
    if (!out->basis.empty()) out->basis += "; ";
    out->basis += verdict.basis;
  }
  return out;
}

}  // namespace assay::agent::tls
