#include "agent/probes/linux/hardening/crypto/crypto_policy.h"

#include <array>

#include "agent/probes/linux/hardening/a_system.h"
#include "agent/probes/linux/hardening/crypto/gnutls_conf.h"
#include "agent/probes/linux/hardening/crypto/openssl_policy.h"
#include "agent/probes/linux/system/os_release.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/read_text.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 7> kLibraryFolders = {"/usr/lib/x86_64-linux-gnu",
                                                             "/usr/lib/aarch64-linux-gnu",
                                                             "/usr/lib64",
                                                             "/usr/lib",
                                                             "/lib/x86_64-linux-gnu",
                                                             "/lib64",
                                                             "/lib"};
// Red Hat's place first: where it is, the other is a link or not read.
constexpr std::array<std::string_view, 3> kOpensslFiles = {
    "/etc/pki/tls/openssl.cnf", "/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf"};
constexpr std::array<std::string_view, 2> kGnutlsFiles = {
    "/etc/crypto-policies/back-ends/gnutls.config", "/etc/gnutls/config"};

struct PolicyRow {
  std::string_view component;
  std::string_view setting;
  std::optional<std::string> value;
  std::string_view origin;
  std::string_view source = {};
  std::int64_t line = 0;
  std::string note = {};
};

void add(evidence::Table& table, const PolicyRow& row) {
  table.add({{"component", std::string(row.component)},
             {"setting", std::string(row.setting)},
             {"value", row.value ? evidence::Value(*row.value) : evidence::kNull},
             {"source", text_or_null(row.source)},
             {"line", row.line == 0 ? evidence::Value{} : evidence::Value{row.line}},
             {"origin", std::string(row.origin)},
             {"note", text_or_null(row.note)}});
}

Result<bool> exists(Host& host, const std::string& path) {
  const auto status = host.status(path);
  if (status) return true;
  if (status.error().code() == Code::kNotFound) return false;
  return fail(status.error());
}

Result<bool> has_library(Host& host, std::string_view name) {
  for (const auto folder : kLibraryFolders) {
    const auto found = exists(host, std::string(folder).append("/").append(name));
    if (!found || *found) return found;
  }
  return false;
}

// The first line that is no comment; nothing when there is no such file.
Result<std::optional<std::string>> first_line(Host& host, std::string_view path) {
  const auto text = read_text(host, path);
  if (!text) {
    if (text.error().code() == Code::kNotFound) return std::nullopt;
    return fail(text.error());
  }
  Lines lines(*text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    if (!content.empty() && !content.starts_with('#')) return std::string(content);
  }
  return std::string();
}

Status add_system_policy(Host& host, evidence::Table& table) {
  constexpr std::string_view kState = "/etc/crypto-policies/state/current";
  constexpr std::string_view kConfig = "/etc/crypto-policies/config";
  const auto state = first_line(host, kState);
  if (!state) return fail(state.error());
  const auto config = first_line(host, kConfig);
  if (!config) return fail(config.error());
  PolicyRow row{.component = "system", .setting = "policy", .value = *state, .origin = "absent"};
  if (*state) {
    row.origin = "configured";
    row.source = kState;
    if (*config && **config != **state)
      row.note = std::string(kConfig).append(" asks for ").append(**config) +
                 "; update-crypto-policies has not been run since";
  } else if (*config) {
    row.origin = "configured";
    row.source = kConfig;
    row.note = std::string(kConfig).append(" asks for ").append(**config) +
               "; which policy was applied is not recorded";
  } else {
    row.note = "this system has no policy for all libraries together";
  }
  add(table, row);
  return {};
}

Result<OpensslBuild> openssl_build(Host& host, bool has_three) {
  OpensslBuild build{.major = has_three ? 3 : 1};
  const auto release = read_os_release(host);
  if (!release) {
    if (release.error().code() == Code::kNotFound) return build;
    return fail(release.error());
  }
  const auto id = value_of(*release, "ID");
  const auto like = value_of(*release, "ID_LIKE");
  const bool is_debian = id == "debian" || id == "ubuntu" ||
                         like.find("debian") != std::string_view::npos ||
                         like.find("ubuntu") != std::string_view::npos;
  if (is_debian)
    build.security_level = 2;
  else if (!has_three)
    build.security_level = 1;
  build.level_two_needs_tls12 = id == "ubuntu" || like.find("ubuntu") != std::string_view::npos;
  return build;
}

void add_openssl_value(evidence::Table& table, std::string_view setting,
                       const std::optional<OpensslValue>& value) {
  PolicyRow row{.component = "openssl", .setting = setting, .value = {}, .origin = "default"};
  if (value) {
    row.origin = "configured";
    row.source = value->source;
    row.line = value->line;
    if (value->has_variable)
      row.note = "the value holds a variable, which each program may fill differently";
    else
      row.value = value->text;
  } else {
    row.note = "not configured: the library's own";
  }
  add(table, row);
}

void add_openssl_results(evidence::Table& table, const OpensslPolicy& policy,
                         const OpensslBuild& build) {
  PolicyRow level{
      .component = "openssl", .setting = "security_level", .value = {}, .origin = "default"};
  if (policy.security_level) {
    level.origin = "configured";
    level.source = policy.cipher_string->source;
    level.line = policy.cipher_string->line;
    level.value = std::to_string(*policy.security_level);
  } else if (build.security_level) {
    level.value = std::to_string(*build.security_level);
  } else {
    level.note = "not configured, and the level built into this library is not known";
  }
  add(table, level);

  PolicyRow oldest{.component = "openssl",
                   .setting = "oldest_protocol",
                   .value = oldest_tls(policy, build),
                   .origin = "default"};
  if (policy.min_protocol) {
    oldest.origin = "configured";
    oldest.source = policy.min_protocol->source;
    oldest.line = policy.min_protocol->line;
  }
  if (!oldest.value)
    oldest.note = policy.protocol ? "the command Protocol is used, which is not worked out"
                                  : "the configured version is not one that is known";
  add(table, oldest);
}

Status add_openssl(Host& host, evidence::Table& table) {
  const auto three = has_library(host, "libssl.so.3");
  if (!three) return fail(three.error());
  const auto one = has_library(host, "libssl.so.1.1");
  if (!one) return fail(one.error());
  if (!*three && !*one) {
    add(table, {.component = "openssl",
                .setting = "oldest_protocol",
                .value = {},
                .origin = "absent",
                .note = "no libssl.so.3 or libssl.so.1.1 in the usual folders"});
    return {};
  }
  OpensslConf conf;
  for (const auto path : kOpensslFiles) {
    auto read = read_openssl_conf(host, path);
    if (read) {
      conf = *std::move(read);
      break;
    }
    if (read.error().code() != Code::kNotFound) return fail(read.error());
  }
  const auto build = openssl_build(host, *three);
  if (!build) return fail(build.error());
  const auto policy = openssl_policy(conf);
  add_openssl_value(table, "min_protocol", policy.min_protocol);
  add_openssl_value(table, "max_protocol", policy.max_protocol);
  add_openssl_value(table, "dtls_min_protocol", policy.dtls_min_protocol);
  add_openssl_value(table, "cipher_string", policy.cipher_string);
  add_openssl_value(table, "ciphersuites", policy.ciphersuites);
  add_openssl_value(table, "options", policy.options);
  if (policy.protocol) add_openssl_value(table, "protocol", policy.protocol);
  add_openssl_results(table, policy, *build);
  return {};
}

Status add_gnutls(Host& host, evidence::Table& table) {
  const auto is_there = has_library(host, "libgnutls.so.30");
  if (!is_there) return fail(is_there.error());
  std::map<std::string, GnutlsValue, std::less<>> values;
  std::string_view source;
  for (const auto path : kGnutlsFiles) {
    const auto text = read_text(host, path);
    if (text) {
      values = parse_gnutls_conf(*text);
      source = path;
      break;
    }
    if (text.error().code() != Code::kNotFound) return fail(text.error());
  }
  for (const auto& [key, value] : values)
    add(table, {.component = "gnutls",
                .setting = key,
                .value = value.text,
                .origin = "configured",
                .source = source,
                .line = value.line});
  if (values.empty())
    add(table, {.component = "gnutls",
                .setting = "default-priority-string",
                .value = {},
                .origin = *is_there ? "default" : "absent",
                .note = *is_there ? "not configured: the library's own"
                                  : "no libgnutls.so.30 in the usual folders"});
  return {};
}

// "none [integrity] confidentiality": the word in brackets.
std::optional<std::string> chosen_word(std::string_view text) {
  const auto begin = text.find('[');
  const auto end = text.find(']');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return std::nullopt;
  return std::string(text.substr(begin + 1, end - begin - 1));
}

Status add_kernel(Host& host, evidence::Table& table) {
  constexpr std::string_view kFips = "/proc/sys/crypto/fips_enabled";
  constexpr std::string_view kLockdown = "/sys/kernel/security/lockdown";
  constexpr const char* kNotRunning = "needs the running machine, and an image is read";
  PolicyRow fips{.component = "kernel", .setting = "fips_mode", .value = {}, .origin = "default"};
  PolicyRow lockdown{
      .component = "kernel", .setting = "lockdown", .value = {}, .origin = "default"};
  if (!host.is_live()) {
    fips.note = lockdown.note = kNotRunning;
  } else {
    const auto enabled = first_line(host, kFips);
    if (!enabled) return fail(enabled.error());
    fips.value = enabled->value_or("0");
    if (*enabled)
      fips.source = kFips;
    else
      fips.note = "this kernel was built without FIPS mode";
    const auto mode = first_line(host, kLockdown);
    if (!mode) return fail(mode.error());
    if (*mode) {
      lockdown.value = chosen_word(**mode);
      lockdown.source = kLockdown;
    } else {
      lockdown.note =
          "the kernel shows no lockdown state: built without it, or securityfs is not "
          "mounted";
    }
  }
  add(table, fips);
  add(table, lockdown);
  return {};
}

}  // namespace

Result<evidence::Table> collect_crypto_policy(Host& host) {
  if (auto there = check_there_is_a_system(host); !there) return fail(there.error());
  evidence::Table table(*evidence::find_table("crypto_policy"));
  for (const auto part : {add_system_policy, add_openssl, add_gnutls, add_kernel})
    if (auto done = part(host, table); !done) return fail(done.error());
  return table;
}

}  // namespace assay::agent
