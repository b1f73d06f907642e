#include "agent/probes/linux/accounts/login_rules/mfa.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "agent/probes/linux/accounts/login_rules/mfa_modules.h"
#include "agent/probes/linux/accounts/login_rules/sshd_methods.h"
#include "agent/probes/linux/accounts/password_policy/pam_modules.h"
#include "agent/probes/linux/accounts/password_policy/pam_stack.h"
#include "agent/probes/linux/accounts/password_policy/pam_walk.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

// Services that always have a row when the host has them.
constexpr std::array<std::string_view, 20> kServices = {
    "cockpit", "doas", "gdm-fingerprint", "gdm-password", "gdm-smartcard", "kde",        "lightdm",
    "login",   "lxdm", "polkit-1",        "remote",       "sddm",          "sshd",       "su",
    "su-l",    "sudo", "sudo-i",          "vsftpd",       "xdm",           "xrdp-sesman"};
// Files that other services include.
constexpr std::array<std::string_view, 12> kFragments = {"base-",
                                                         "common-",
                                                         "fingerprint-auth",
                                                         "other",
                                                         "password-auth",
                                                         "postlogin",
                                                         "smartcard-auth",
                                                         "system-auth",
                                                         "system-login",
                                                         "system-local-login",
                                                         "system-remote-login",
                                                         "systemd-user"};

bool is_fragment(std::string_view name) {
  return std::ranges::any_of(kFragments, [&](auto start) { return name.starts_with(start); });
}

struct FactorRow {
  std::string factor = "none";
  std::string module;
  std::string control;
  std::optional<bool> is_required;
  std::optional<Location> where;
  std::vector<std::string> notes;
};

// How the modules of an auth stack answer in one try.
struct Try {
  bool has_factor = false;
  bool knows_password = true;
  std::optional<std::size_t> flipped;  // a module that answers otherwise than it ordinarily does
};

bool is_granted(const PamStack& stack, const PamModules& modules, const Try& attempt) {
  return walk(stack,
              [&](std::size_t i) {
                const auto& entry = stack[i];
                if (!modules.is_installed(entry)) return PamResult::kModuleUnknown;
                if (second_factor_of(entry))
                  return attempt.has_factor ? PamResult::kSuccess : PamResult::kAuthErr;
                switch (role_of(entry)) {
                  case ModuleRole::kDeny: return PamResult::kAuthErr;
                  case ModuleRole::kPermit:
                  case ModuleRole::kLocal: return PamResult::kSuccess;
                  case ModuleRole::kDomain: return PamResult::kUserUnknown;
                  case ModuleRole::kUnix:
                    return attempt.knows_password ? PamResult::kSuccess : PamResult::kAuthErr;
                  case ModuleRole::kLockout:
                    return entry.has_argument("authfail") ? PamResult::kIgnore
                                                          : PamResult::kSuccess;
                  case ModuleRole::kQuality:
                  case ModuleRole::kHistory:
                  case ModuleRole::kOther: break;
                }
                return ordinary_answer(entry, attempt.flipped == i);
              })
      .is_granted;
}

// The module that lets some pass without a second factor, as text; empty when there is none.
std::string exception_in(const PamStack& stack, const PamModules& modules) {
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (stack[i].kind != PamEntry::Kind::kModule || second_factor_of(stack[i]) ||
        role_of(stack[i]) != ModuleRole::kOther)
      continue;
    // Root is asked by nobody when it becomes another: that is no way around.
    if (stack[i].module == "pam_rootok") continue;
    if (is_granted(stack, modules, {.flipped = i}))
      return fmt::format("not for everybody: {} at {} can pass it over", stack[i].module,
                         stack[i].where.text());
  }
  return {};
}

FactorRow row_of(const PamEntry& entry, const SecondFactor& factor, const PamModules& modules,
                 bool is_demanded, const std::string& exception, bool replaces_password) {
  FactorRow row{.factor = std::string(factor.kind),
                .module = entry.module,
                .control = entry.written_control,
                .is_required = is_demanded,
                .where = entry.where,
                .notes = {}};
  if (!factor.note.empty()) row.notes.emplace_back(factor.note);
  if (!modules.is_installed(entry)) {
    row.is_required = false;
    row.notes.emplace_back("the module is not installed");
    return row;
  }
  if (!is_demanded) row.notes.emplace_back("a login without it succeeds");
  if (is_demanded && !exception.empty()) {
    row.is_required = false;
    row.notes.push_back(exception);
  }
  if (is_demanded && !factor.skipped.empty() && entry.has_argument(factor.skipped)) {
    row.is_required = false;
    row.notes.push_back(
        fmt::format("accounts that have not set it up pass without ({})", factor.skipped));
  }
  if (replaces_password) row.notes.emplace_back("it is asked instead of the password");
  return row;
}

std::vector<FactorRow> factors_of(const PamStack& stack, const PamModules& modules) {
  std::vector<FactorRow> rows;
  const bool works = is_granted(stack, modules, {.has_factor = true});
  const bool is_demanded = !is_granted(stack, modules, {});
  const bool replaces = is_granted(stack, modules, {.has_factor = true, .knows_password = false});
  std::string exception;
  const bool has_factor = std::ranges::any_of(
      stack, [](const PamEntry& entry) { return bool(second_factor_of(entry)); });
  if (has_factor && is_demanded) exception = exception_in(stack, modules);
  for (const auto& entry : stack) {
    const auto factor = second_factor_of(entry);
    if (!factor) continue;
    rows.push_back(row_of(entry, *factor, modules, is_demanded, exception, replaces));
    if (works) continue;
    rows.back().is_required.reset();
    rows.back().notes.emplace_back("it could not be worked out how this stack grants a login");
  }
  return rows;
}

// What sshd's own settings add, and take away: a login by key never asks PAM.
void add_sshd(const SshdMethods& methods, std::vector<FactorRow>& rows) {
  const auto around = way_around_pam(methods);
  for (auto& row : rows) {
    if (around.empty()) continue;
    row.is_required = false;
    row.notes.push_back(fmt::format("not asked for by every way of logging in: {}", around));
  }
  if (methods.line)
    rows.push_back({.factor = "sshd_methods",
                    .module = {},
                    .control = methods.line->value,
                    .is_required = asks_twice(methods.ways),
                    .where = Location{methods.line->path, methods.line->line},
                    .notes = {}});
  for (const auto& word : methods.matched)
    rows.push_back({.factor = "sshd_methods",
                    .module = {},
                    .control = word.value,
                    .is_required = {},
                    .where = Location{word.path, word.line},
                    .notes = {fmt::format("only where Match {} holds", word.match)}});
  if (methods.verify_keys)
    rows.push_back({.factor = "fido",
                    .module = {},
                    .control = methods.verify_keys->value,
                    .is_required = {},
                    .where = Location{methods.verify_keys->path, methods.verify_keys->line},
                    .notes = {"for FIDO keys; whether other kinds of keys are refused is in "
                              "PubkeyAcceptedAlgorithms"}});
}

class TableOfFactors {
 public:
  TableOfFactors() : table_(*evidence::find_table("mfa")) {}

  void add(const std::string& service, std::vector<FactorRow> rows, const std::string& why_none) {
    if (rows.empty()) {
      rows.emplace_back().is_required = false;
      if (!why_none.empty()) rows[0].notes.push_back(why_none);
    }
    for (const auto& row : rows) {
      std::string note;
      for (const auto& part : row.notes) note += (note.empty() ? "" : "; ") + part;
      table_.add({{"service", service},
                  {"factor", row.factor},
                  {"module", text_or_null(row.module)},
                  {"control", text_or_null(row.control)},
                  {"required", row.is_required ? Value(std::int64_t{*row.is_required}) : kNull},
                  {"source", row.where ? Value(row.where->path) : Value(kNull)},
                  {"line", row.where ? Value(row.where->line) : Value(kNull)},
                  {"note", text_or_null(note)}});
    }
  }
  [[nodiscard]] evidence::Table take() { return std::move(table_); }

 private:
  evidence::Table table_;
};

// Without PAM the programs know passwords only.
evidence::Table without_pam(const std::optional<SshdMethods>& sshd) {
  TableOfFactors table;
  const std::string why = "this machine has no PAM: only the password is asked for";
  table.add("login", {}, why);
  table.add("su", {}, why);
  if (sshd) {
    std::vector<FactorRow> rows;
    add_sshd(*sshd, rows);
    table.add("sshd", std::move(rows), "this machine has no PAM");
  }
  return table.take();
}

}  // namespace

Result<evidence::Table> collect_mfa(Host& host) {
  const auto sshd = read_sshd_methods(host);
  if (!sshd) return fail(sshd.error());
  PamReader reader(host);
  if (const auto opened = reader.open(); !opened) {
    if (opened.error().code() == Code::kNotFound) return without_pam(*sshd);
    return fail(opened.error());
  }
  const auto modules = PamModules::find(host);
  if (!modules) return fail(modules.error());
  auto services = reader.services();
  if (!services) return fail(services.error());
  if (*sshd && std::ranges::find(*services, "sshd") == services->end())
    services->emplace_back("sshd");
  TableOfFactors table;
  for (const auto& service : *services) {
    if (is_fragment(service)) continue;
    const auto stack = reader.stack(service, PamType::kAuth);
    if (!stack) return fail(stack.error());
    auto rows = factors_of(*stack, *modules);
    if (service == "sshd" && *sshd) add_sshd(**sshd, rows);
    if (rows.empty() && std::ranges::find(kServices, service) == kServices.end()) continue;
    table.add(service, std::move(rows), {});
  }
  return table.take();
}

}  // namespace assay::agent
