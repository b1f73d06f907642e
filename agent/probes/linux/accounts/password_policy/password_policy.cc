#include "agent/probes/linux/accounts/password_policy/password_policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/ageing_rows.h"
#include "agent/probes/linux/accounts/password_policy/login_rows.h"
#include "agent/probes/linux/accounts/password_policy/no_pam_rows.h"
#include "agent/probes/linux/accounts/password_policy/quality_rows.h"
#include "agent/probes/linux/accounts/password_policy/storage_rows.h"

namespace assay::agent {
namespace {

// The order of the rows.
constexpr std::array<std::string_view, 22> kSettings = {"minlen",
                                                        "minclass",
                                                        "dcredit",
                                                        "ucredit",
                                                        "lcredit",
                                                        "ocredit",
                                                        "classes_required",
                                                        "remember",
                                                        "max_days",
                                                        "min_days",
                                                        "warn_age",
                                                        "inactive_days",
                                                        "lockout_deny",
                                                        "lockout_unlock_time",
                                                        "lockout_fail_interval",
                                                        "hash",
                                                        "nullok",
                                                        "enforce_root",
                                                        "dictcheck",
                                                        "usercheck",
                                                        "difok",
                                                        "maxrepeat"};

// Where passwords are changed and where people log in; the fragments that other services
// include stand in when a host has none of the services.
constexpr std::array<std::string_view, 5> kChangeServices = {
    "passwd", "common-password", "system-auth", "base-password", "other"};
constexpr std::array<std::string_view, 2> kLoginServices = {"login", "sshd"};
constexpr std::array<std::string_view, 4> kLoginFragments = {"common-auth", "system-auth",
                                                             "base-auth", "other"};

// The first of `services` that the host has; "other" when it has none.
template <std::size_t N>
Result<std::string> first_service(PamReader& reader,
                                  const std::array<std::string_view, N>& services) {
  for (const auto service : services) {
    const auto has = reader.has_service(service);
    if (!has) return fail(has.error());
    if (*has) return std::string(service);
  }
  return std::string(services.back());
}

Result<LoginStack> login_stack(PamReader& reader, const std::string& service,
                               const PamModules& modules) {
  auto auth = reader.stack(service, PamType::kAuth);
  if (!auth) return fail(auth.error());
  // The fragment for auth of Debian, SUSE and Alpine has its counterpart for account in another
  // file.
  const auto account = reader.stack(service == "common-auth" ? "common-account"
                                    : service == "base-auth" ? "base-account"
                                                             : service,
                                    PamType::kAccount);
  if (!account) return fail(account.error());
  return examine_login_stack(service, std::move(*auth), *account, modules);
}

Result<std::vector<LoginStack>> login_stacks(PamReader& reader, const PamModules& modules) {
  std::vector<std::string> services;
  for (const auto service : kLoginServices) {
    const auto has = reader.has_service(service);
    if (!has) return fail(has.error());
    if (*has) services.emplace_back(service);
  }
  if (services.empty()) {
    auto fragment = first_service(reader, kLoginFragments);
    if (!fragment) return fail(fragment.error());
    services.push_back(std::move(*fragment));
  }
  std::vector<LoginStack> stacks;
  for (const auto& service : services) {
    auto stack = login_stack(reader, service, modules);
    if (!stack) return fail(stack.error());
    stacks.push_back(std::move(*stack));
  }
  return stacks;
}

Status add_password_rows(Host& host, PamReader& reader, const PamModules& modules,
                         std::vector<PolicyRow>& rows) {
  const auto service = first_service(reader, kChangeServices);
  if (!service) return fail(service.error());
  auto entries = reader.stack(*service, PamType::kPassword);
  if (!entries) return fail(entries.error());
  const auto stack = examine_password_stack(*service, std::move(*entries), modules);
  auto quality = quality_rows(host, stack);
  if (!quality) return fail(quality.error());
  auto hash = hash_row(host, stack);
  if (!hash) return fail(hash.error());
  auto remember = remember_row(host, stack, modules);
  if (!remember) return fail(remember.error());
  quality->push_back(std::move(*hash));
  quality->push_back(std::move(*remember));
  for (auto& row : *quality) rows.push_back(std::move(row.note(domain_note(stack.entries))));
  return {};
}

Status add_ageing_rows(Host& host, const ExpiryCheck& check, std::vector<PolicyRow>& rows) {
  const auto defs = read_login_defs(host);
  if (!defs) return fail(defs.error());
  std::ranges::move(ageing_rows(*defs, check), std::back_inserter(rows));
  return {};
}

Status add_login_rows(Host& host, PamReader& reader, const PamModules& modules,
                      std::vector<PolicyRow>& rows) {
  const auto services = login_stacks(reader, modules);
  if (!services) return fail(services.error());
  auto login = login_rows(host, *services, modules);
  if (!login) return fail(login.error());
  std::ranges::move(*login, std::back_inserter(rows));
  ExpiryCheck check{.is_everywhere = true, .why_unknown = {}};
  for (const auto& service : *services) {
    check.is_everywhere = check.is_everywhere && service.checks_expiry;
    if (!service.why_unknown.empty()) check.why_unknown = service.why_unknown;
  }
  return add_ageing_rows(host, check, rows);
}

Status add_length_note(Host& host, std::vector<PolicyRow>& rows) {
  const auto defs = read_login_defs(host);
  if (!defs) return fail(defs.error());
  for (auto& row : rows) {
    if (row.setting != "minlen" || !defs->min_len) continue;
    row.note(fmt::format("PASS_MIN_LEN at {} has no effect under PAM", defs->min_len->text()));
  }
  return {};
}

void add_row(evidence::Table& table, const PolicyRow& row) {
  using evidence::kNull;
  using evidence::Value;
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Value(kNull) : Value(text);
  };
  table.add({{"setting", Value(row.setting)},
             {"value", row.value ? Value(*row.value) : Value(kNull)},
             {"text", row.text ? Value(*row.text) : Value(kNull)},
             {"enforced", row.is_enforced ? Value(std::int64_t{*row.is_enforced}) : Value(kNull)},
             {"origin", text_or_null(row.origin)},
             {"source", row.where ? Value(row.where->path) : Value(kNull)},
             {"line", row.where ? Value(row.where->line) : Value(kNull)},
             {"note", text_or_null(fmt::format("{}", fmt::join(row.notes, "; ")))}});
}

Status add_rows_without_pam(Host& host, std::vector<PolicyRow>& rows) {
  auto password = password_rows_without_pam(host);
  if (!password) return fail(password.error());
  rows = std::move(*password);
  std::ranges::move(login_rows_without_pam(host), std::back_inserter(rows));
  return add_ageing_rows(host, {}, rows);
}

// On a host that has PAM a program may still be one that does not ask it.
Status add_rows(Host& host, PamReader& reader, std::vector<PolicyRow>& rows) {
  const auto modules = PamModules::find(host);
  if (!modules) return fail(modules.error());
  if (is_busybox(host, "passwd")) {
    auto password = password_rows_without_pam(host);
    if (!password) return fail(password.error());
    rows = std::move(*password);
  } else {
    if (auto done = add_password_rows(host, reader, *modules, rows); !done) return done;
    if (auto done = add_length_note(host, rows); !done) return done;
  }
  if (!is_busybox(host, "login")) return add_login_rows(host, reader, *modules, rows);
  std::ranges::move(login_rows_without_pam(host), std::back_inserter(rows));
  return add_ageing_rows(host, {}, rows);
}

}  // namespace

Result<evidence::Table> collect_password_policy(Host& host) {
  const auto* spec = evidence::find_table("password_policy");
  if (spec == nullptr) return fail(Code::kInternal, "table password_policy is not declared");
  PamReader reader(host);
  std::vector<PolicyRow> rows;
  const auto opened = reader.open();
  if (!opened && opened.error().code() != Code::kNotFound) return fail(opened.error());
  const auto done = opened ? add_rows(host, reader, rows) : add_rows_without_pam(host, rows);
  // Neither PAM nor programs that do without: what there is not of PAM says more.
  if (!done && !opened && done.error().code() == Code::kNotFound) return fail(opened.error());
  if (!done) return fail(done.error());
  evidence::Table table(*spec);
  for (const auto setting : kSettings) {
    const auto found = std::ranges::find(rows, setting, &PolicyRow::setting);
    if (found == rows.end()) {
      return fail(Code::kInternal, fmt::format("no row for {} was worked out", setting));
    }
    add_row(table, *found);
  }
  return table;
}

}  // namespace assay::agent
