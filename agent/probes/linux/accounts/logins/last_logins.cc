#include "agent/probes/linux/accounts/logins/last_logins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "agent/probes/linux/accounts/account_files.h"
#include "agent/probes/linux/accounts/logins/login_databases.h"
#include "agent/probes/linux/accounts/logins/login_files.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

std::string note_for(const LoginHistory& history, bool is_seen, bool is_local) {
  std::vector<std::string> notes;
  if (!is_local) notes.emplace_back("no account of /etc/passwd: of a directory, or removed");
  if (!is_seen && history.sources().empty()) {
    notes.emplace_back(
        "this machine notes no logins: whether the account was ever used is not known");
  } else if (!is_seen) {
    notes.push_back(fmt::format("no login is noted in {}", fmt::join(history.sources(), ", ")));
    if (!history.since()) notes.emplace_back("when these notes begin is not known");
  }
  for (const auto& note : history.notes()) notes.push_back(note);
  return fmt::format("{}", fmt::join(notes, "; "));
}

void add_row(evidence::Table& table, const LoginHistory& history, Value uid,
             const std::string& name) {
  const auto found = history.logins().find(name);
  const auto* login = found == history.logins().end() ? nullptr : &found->second;
  const bool is_local = uid != Value(kNull);
  table.add({{"uid", std::move(uid)},
             {"username", name},
             {"time", login == nullptr ? Value(kNull) : Value(login->time)},
             {"tty", login == nullptr ? Value(kNull) : text_or_null(login->tty)},
             {"host", login == nullptr ? Value(kNull) : text_or_null(login->host)},
             {"source", login == nullptr ? Value(kNull) : Value(login->source)},
             {"recorded_since", number_or_null(history.since())},
             {"note", text_or_null(note_for(history, login != nullptr, is_local))}});
}

}  // namespace

Result<evidence::Table> collect_last_logins(Host& host) {
  const auto accounts = read_passwd(host);
  if (!accounts) return fail(accounts.error());
  LoginHistory history;
  const auto layout = read_wtmp_files(host, history);
  if (!layout) return fail(layout.error());
  if (auto done = read_lastlog(host, *accounts, *layout, history); !done) return fail(done.error());
  if (auto done = read_login_databases(host, history); !done) return fail(done.error());

  evidence::Table table(*evidence::find_table("last_logins"));
  std::set<std::string_view> local;
  for (const auto& account : *accounts) {
    local.insert(account.name);
    add_row(table, history, std::int64_t{account.uid}, account.name);
  }
  for (const auto& [name, login] : history.logins())
    if (!local.contains(name)) add_row(table, history, kNull, name);
  return table;
}

}  // namespace assay::agent
