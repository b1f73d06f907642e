#include "agent/probes/linux/accounts/password_policy/unix_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/probes/linux/accounts/password_policy/login_defs.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 8> kAlgorithms = {
    "md5", "bigcrypt", "sha256", "sha512", "blowfish", "des", "gost_yescrypt", "yescrypt"};

// pam_unix compares the beginning only: "sha512x" is sha512 to it.
std::string algorithm_from(std::string_view word, bool ignores_case) {
  for (const auto name : kAlgorithms) {
    const auto beginning = word.substr(0, name.size());
    if (ignores_case ? equals_ignoring_case(beginning, name) : beginning == name) {
      return std::string(name);
    }
  }
  return {};
}

}  // namespace

Result<UnixHash> unix_hash(Host& host, const PamEntry& setter) {
  UnixHash hash{.algorithm = "des"};
  const auto defs = read_login_defs(host);
  if (!defs) return fail(defs.error());
  if (const auto& method = defs->encrypt_method) {
    const auto name = algorithm_from(method->value, true);
    if (!name.empty()) hash = {.algorithm = name, .where = method->where};
  }
  for (const auto& argument : setter.arguments) {
    const auto name = algorithm_from(argument, false);
    if (name.empty()) continue;
    const bool overrides =
        hash.where && hash.where->path != setter.where.path && hash.algorithm != name;
    if (overrides) {
      hash.note = fmt::format("ENCRYPT_METHOD at {} ({}) does not count, the PAM line wins",
                              hash.where->text(), hash.algorithm);
    }
    hash.algorithm = name;
    hash.where = setter.where;
  }
  return hash;
}

bool accepts_empty_password(const PamEntry& entry) {
  return std::ranges::any_of(
      entry.arguments, [](const std::string& argument) { return argument.starts_with("nullok"); });
}

}  // namespace assay::agent
