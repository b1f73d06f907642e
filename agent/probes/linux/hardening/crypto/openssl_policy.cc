#include "agent/probes/linux/hardening/crypto/openssl_policy.h"

#include <array>

#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 4> kVersions = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

// 0 for TLSv1 and all that is older, which no build has any more.
std::optional<std::size_t> rank(std::string_view version) {
  const auto small = in_small_letters(version);
  if (small == "none" || small == "sslv3" || small == "tlsv1" || small == "tlsv1.0") return 0;
  if (small == "tlsv1.1") return 1;
  if (small == "tlsv1.2") return 2;
  if (small == "tlsv1.3") return 3;
  return std::nullopt;
}

std::size_t rank_of_level(std::int64_t level, const OpensslBuild& build) {
  constexpr std::size_t kTls10 = 0;
  constexpr std::size_t kTls11 = 1;
  constexpr std::size_t kTls12 = 2;
  if (build.major >= 3) return level >= 1 ? kTls12 : kTls10;
  if (level >= 4 || (level >= 2 && build.level_two_needs_tls12)) return kTls12;
  return level == 3 ? kTls11 : kTls10;
}

std::string_view target_of(const OpensslConf& conf, const std::string& section,
                           std::string_view name) {
  const auto* value = conf.find(section, name);
  return value == nullptr || value->has_variable ? std::string_view() : value->text;
}

std::optional<std::int64_t> level_in(std::string_view ciphers) {
  constexpr std::string_view kMark = "@SECLEVEL=";
  const auto at = ciphers.rfind(kMark);
  if (at == std::string_view::npos || at + kMark.size() >= ciphers.size()) return std::nullopt;
  const char digit = ciphers[at + kMark.size()];
  if (digit < '0' || digit > '5') return std::nullopt;
  return digit - '0';
}

void take(OpensslPolicy& policy, std::string_view name, const OpensslValue& value) {
  if (const auto dot = name.find('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  const auto command = in_small_letters(name);
  const bool is_dtls = in_small_letters(value.text).starts_with("dtls");
  const auto later = [&](std::optional<OpensslValue>& old) {
    // Lines are kept by name; of two names for one command the later line counts.
    if (!old || old->source != value.source || old->line < value.line) old = value;
  };
  if (command == "minprotocol") {
    later(is_dtls ? policy.dtls_min_protocol : policy.min_protocol);
  } else if (command == "maxprotocol") {
    if (!is_dtls) later(policy.max_protocol);
  } else if (command == "cipherstring") {
    later(policy.cipher_string);
  } else if (command == "ciphersuites") {
    later(policy.ciphersuites);
  } else if (command == "options") {
    later(policy.options);
  } else if (command == "protocol") {
    later(policy.protocol);
  }
}

}  // namespace

OpensslPolicy openssl_policy(const OpensslConf& conf) {
  OpensslPolicy policy;
  const std::string modules(target_of(conf, "default", "openssl_conf"));
  const std::string ssl(target_of(conf, modules, "ssl_conf"));
  const std::string defaults(target_of(conf, ssl, "system_default"));
  const auto* commands = defaults.empty() ? nullptr : conf.section(defaults);
  if (commands == nullptr) return policy;
  for (const auto& [name, value] : *commands) take(policy, name, value);
  if (policy.cipher_string) policy.security_level = level_in(policy.cipher_string->text);
  return policy;
}

std::optional<std::string> oldest_tls(const OpensslPolicy& policy, const OpensslBuild& build) {
  if (policy.protocol) return std::nullopt;
  std::size_t oldest = 0;
  if (policy.min_protocol) {
    const auto configured = rank(policy.min_protocol->text);
    if (!configured) return std::nullopt;
    oldest = *configured;
  }
  const auto level = policy.security_level ? policy.security_level : build.security_level;
  // Without the level: every build of OpenSSL 3 has at least 1.
  if (!level && build.major < 3 && oldest < 2) return std::nullopt;
  oldest = std::max(oldest, rank_of_level(level.value_or(1), build));
  return std::string(kVersions[oldest]);
}

}  // namespace assay::agent
