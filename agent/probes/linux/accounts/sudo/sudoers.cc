#include "agent/probes/linux/accounts/sudo/sudoers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/probes/linux/accounts/sudo/doas_conf.h"
#include "agent/probes/linux/accounts/sudo/sudoers_aliases.h"
#include "agent/probes/linux/accounts/sudo/sudoers_defaults.h"
#include "agent/probes/linux/accounts/sudo/sudoers_files.h"
#include "agent/probes/linux/accounts/sudo/sudoers_rule.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

constexpr std::size_t kMaxRows = 50'000;
constexpr std::size_t kMaxListBytes = 16U << 10U;

struct Line {
  const SudoersPlace& place;
  std::int64_t position;  // among all lines, as sudo reads them
  Result<SudoersStatement> statement;
};

std::string joined(const std::vector<std::string>& names, std::string& note) {
  auto text = fmt::format("{}", fmt::join(names, ", "));
  if (text.size() <= kMaxListBytes) return text;
  text.resize(text.rfind(", ", kMaxListBytes));
  note += note.empty() ? "" : "; ";
  note += fmt::format("a list of {} names is cut", names.size());
  return text + ", …";
}

void add_note(std::string& notes, std::string_view note) {
  if (note.empty() || notes.find(note) != std::string::npos) return;
  if (!notes.empty()) notes += "; ";
  notes += note;
}

// Whether `names` let one become root; what is left out again does not count.
bool has_root(const std::vector<std::string>& names) {
  bool has = false;
  for (const std::string_view name : names) {
    if (name == "ALL" || name == "root" || name == "#0") has = true;
    if (name == "!ALL" || name == "!root" || name == "!#0") has = false;
  }
  return has;
}

class TableOfRights {
 public:
  TableOfRights(const SudoersAliasBook& aliases, const SudoersDefaultsBook& defaults)
      : aliases_(aliases), defaults_(defaults), table_(*evidence::find_table("sudoers")) {}

  Status add(const Line& line) {
    if (line.place.is_include) return add_plain(line, "include");
    if (!line.statement) return add_invalid(line);
    if (const auto* rule = std::get_if<SudoersRule>(&line.statement->content))
      return add_rule(line, *rule);
    return add_plain(line, std::holds_alternative<SudoersDefaults>(line.statement->content)
                               ? "defaults"
                               : "alias");
  }

  [[nodiscard]] evidence::Table take() { return std::move(table_); }

 private:
  // Of the row's columns those that every kind of line has.
  void add_row(const Line& line, std::string_view kind, Value header, Value details,
               std::initializer_list<std::pair<std::string_view, Value>> more) {
    std::vector<Value> row(table_.header().columns.size());
    const auto set = [&](std::string_view name, Value value) {
      for (std::size_t i = 0; i < row.size(); ++i)
        if (table_.header().columns[i].name == name) row[i] = std::move(value);
    };
    set("source", line.place.path);
    set("header", std::move(header));
    set("rule_details", std::move(details));
    set("line", line.place.line);
    set("position", line.position);
    set("kind", std::string(kind));
    for (const auto& [name, value] : more) set(name, value);
    table_.add_row(std::move(row));
  }

  Status add_plain(const Line& line, std::string_view kind) {
    const auto& text = line.place.text;
    const auto header = sudoers_header(text);
    const auto details = line.statement ? line.statement->details
                                        : text.substr(std::min(text.size(), header.size() + 1));
    add_row(line, kind, std::string(header), cut(details),
            {{"note", text_or_null(line.place.note)}});
    return {};
  }

  Status add_invalid(const Line& line) {
    std::string note = "not understood: " + line.statement.error().message();
    add_note(note, line.place.note);
    add_row(line, "invalid", kNull, kNull, {{"note", note}});
    return {};
  }

  Status add_rule(const Line& line, const SudoersRule& rule) {
    const auto users = aliases_.expand(SudoersAliasKind::kUser, rule.users);
    const auto details = cut(line.statement->details);
    for (const auto& grant : rule.grants) {
      const auto hosts = aliases_.expand(SudoersAliasKind::kHost, grant.hosts);
      for (const auto& group : grant.groups) {
        std::string note = line.place.note;
        add_note(note, users.note);
        add_note(note, hosts.note);
        const auto row = right_of(group, note);
        for (const auto& who : users.names) {
          if (table_.rows().size() >= kMaxRows)
            return fail(Code::kTooLarge, fmt::format("more than {} rights in sudoers", kMaxRows));
          add_right(line, details, who, joined(hosts.names, note), row, note);
        }
      }
    }
    return {};
  }

  struct Right {
    Value runas_users, runas_groups;
    std::int64_t as_root = 0;
    std::int64_t all_commands = 0;
    std::string tags;
    std::string commands;
    std::optional<bool> asks;  // by its own tag
  };

  Right right_of(const SudoersCommands& group, std::string& note) {
    Right right;
    const auto runas = aliases_.expand(SudoersAliasKind::kRunas, group.runas_users);
    const auto commands = aliases_.expand(SudoersAliasKind::kCommand, group.commands);
    add_note(note, runas.note);
    add_note(note, commands.note);
    const auto& default_runas = defaults_.default_runas();
    if (!group.has_runas) {
      right.runas_users = default_runas;
      right.as_root = has_root({default_runas}) ? 1 : 0;
    } else {
      right.runas_users = text_or_null(joined(runas.names, note));
      right.as_root = has_root(runas.names) ? 1 : 0;
      if (runas.names.empty()) add_note(note, "runs as the caller");
    }
    right.runas_groups = text_or_null(joined(group.runas_groups, note));
    right.all_commands = std::ranges::find(commands.names, "ALL") != commands.names.end() ? 1 : 0;
    const bool has_exclusion =
        std::ranges::any_of(commands.names, [](const auto& name) { return name.starts_with('!'); });
    if (right.all_commands == 1 && has_exclusion)
      add_note(note, "commands that are left out can be run by another name");
    right.tags = fmt::format("{}", fmt::join(group.tags, " "));
    right.commands = joined(commands.names, note);
    for (const auto& tag : group.tags) {
      if (tag == "PASSWD") right.asks = true;
      if (tag == "NOPASSWD") right.asks = false;
    }
    return right;
  }

  void add_right(const Line& line, const Value& details, const std::string& who,
                 const std::string& hosts, const Right& right, std::string note) {
    const bool is_left_out = who.starts_with('!');
    if (is_left_out) add_note(note, "left out of this rule");
    SudoersDefaultsBook::Password password;
    if (right.asks == false) {
      password.whose = "none";
    } else if (!is_left_out) {
      password = defaults_.password_of(who);
      // The rule's own PASSWD counts more than !authenticate.
      if (right.asks == true && password.whose.value_or("none") == "none")
        password = {.whose = "own", .note = {}};
    }
    if (is_left_out) password = {};
    add_note(note, password.note);
    add_row(line, "rule", line.statement->header, details,
            {{"who", who},
             {"hosts", hosts},
             {"runas_users", right.runas_users},
             {"runas_groups", right.runas_groups},
             {"as_root", is_left_out ? 0 : right.as_root},
             {"all_commands", is_left_out ? 0 : right.all_commands},
             {"password", password.whose ? Value(*password.whose) : Value(kNull)},
             {"tags", text_or_null(right.tags)},
             {"commands", right.commands},
             {"note", text_or_null(note)}});
  }

  static Value cut(std::string text) {
    if (text.size() > kMaxListBytes) {
      text.resize(kMaxListBytes);
      text += "…";
    }
    return text_or_null(text);
  }

  const SudoersAliasBook& aliases_;
  const SudoersDefaultsBook& defaults_;
  evidence::Table table_;
};

std::string doas_details(const DoasRule& rule) {
  auto text = fmt::format("{}", fmt::join(rule.options, " "));
  text += (text.empty() ? "" : " ") + rule.who;
  if (!rule.target.empty()) text += " as " + rule.target;
  if (!rule.command.empty()) text += " cmd " + rule.command;
  return rule.has_arguments ? text + " …" : text;
}

void add_doas_rule(evidence::Table& table, const std::string& path, std::int64_t position,
                   const DoasRule& rule) {
  if (rule.who.empty()) {
    table.add({{"source", path},
               {"line", rule.line},
               {"position", position},
               {"kind", "invalid"},
               {"note", "not understood: no rule of doas"}});
    return;
  }
  const bool asks = std::ranges::find(rule.options, "nopass") == rule.options.end();
  const bool is_root = rule.target.empty() || rule.target == "root";
  table.add({{"source", path},
             {"header", rule.is_permit ? "permit" : "deny"},
             {"rule_details", doas_details(rule)},
             {"line", rule.line},
             {"position", position},
             {"kind", "rule"},
             {"who", rule.is_permit ? rule.who : "!" + rule.who},
             {"hosts", "ALL"},
             {"runas_users", rule.target.empty() ? "ALL" : rule.target},
             {"as_root", std::int64_t{rule.is_permit && is_root}},
             {"all_commands", std::int64_t{rule.is_permit && rule.command.empty()}},
             {"password", !rule.is_permit ? Value(kNull) : Value(asks ? "own" : "none")},
             {"tags", text_or_null(fmt::format("{}", fmt::join(rule.options, " ")))},
             {"commands", rule.command.empty() ? "ALL"
                          : rule.has_arguments ? rule.command + " …"
                                               : rule.command},
             {"note", text_or_null(rule.is_permit ? "" : "left out of doas")}});
}

// doas.conf, and the files of doas.d as Alpine's doas reads them.
Status add_doas(Host& host, evidence::Table& table) {
  std::vector<std::string> paths = {"/etc/doas.conf"};
  const auto names = host.list_directory("/etc/doas.d", kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  if (names)
    for (const auto& name : *names)
      if (name.ends_with(".conf")) paths.push_back("/etc/doas.d/" + name);
  std::int64_t position = 0;
  for (const auto& path : paths) {
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) continue;
    if (!text) return fail(text.error());
    const auto rules = parse_doas(*text);
    if (!rules) return fail(rules.error().within("reading " + path));
    for (const auto& rule : *rules) {
      if (table.rows().size() >= kMaxRows)
        return fail(Code::kTooLarge, fmt::format("more than {} rights at {}", kMaxRows, path));
      add_doas_rule(table, path, ++position, rule);
    }
  }
  return {};
}

}  // namespace

Result<evidence::Table> collect_sudoers(Host& host) {
  const auto places = read_sudoers(host);
  if (!places) return fail(places.error());
  std::vector<Line> lines;
  SudoersAliasBook aliases;
  for (const auto& place : *places) {
    lines.push_back({place, static_cast<std::int64_t>(lines.size()) + 1,
                     parse_sudoers_line(place.is_include ? "" : place.text)});
    if (!lines.back().statement) continue;
    if (const auto* found = std::get_if<SudoersAliases>(&lines.back().statement->content))
      for (const auto& alias : *found) aliases.add(alias);
  }
  SudoersDefaultsBook defaults;
  for (const auto& line : lines) {
    if (!line.statement) continue;
    if (const auto* found = std::get_if<SudoersDefaults>(&line.statement->content))
      defaults.add(*found, aliases, fmt::format("{}:{}", line.place.path, line.place.line));
  }
  TableOfRights table(aliases, defaults);
  for (const auto& line : lines)
    if (auto done = table.add(line); !done) return fail(done.error());
  auto all = table.take();
  if (auto done = add_doas(host, all); !done) return fail(done.error());
  return all;
}

}  // namespace assay::agent
