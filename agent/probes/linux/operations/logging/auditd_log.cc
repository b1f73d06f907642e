#include "agent/probes/linux/operations/logging/log_parts.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

constexpr std::string_view kAuditd = "auditd";
constexpr std::string_view kFile = "/etc/audit/auditd.conf";
constexpr std::string_view kRules = "/etc/audit/rules.d/*.rules";
constexpr std::array<std::string_view, 10> kSettings = {
    "max_log_file_action", "num_logs",          "max_log_file",
    "space_left",          "space_left_action", "admin_space_left_action",
    "disk_full_action",    "disk_error_action", "log_group",
    "write_logs"};

// The file of settings has no sections: what parse_sections() finds stands in the section "".
const SectionEntry* entry_of(const std::vector<SectionEntry>& entries, std::string_view key) {
  return last_entry_ignoring_case(entries, "", key);
}

// How long a record is kept: the daemon counts bytes, so nobody knows in days.
void add_retention(const std::vector<SectionEntry>& entries, const std::string& target,
                   LogRows& rows) {
  const auto* action = entry_of(entries, "max_log_file_action");
  LogRow row{.component = kAuditd, .setting = "retention_days", .target = target};
  row.place.source = kFile;
  if (action != nullptr) row.place.line = action->line;
  const auto mode = action == nullptr ? "rotate" : action->value;
  if (equals_ignoring_case(mode, "keep_logs"))
    row.text = "unlimited";
  else if (equals_ignoring_case(mode, "rotate"))
    row.note = "it rotates by size: the days depend on how much is recorded";
  else
    row.note = "max_log_file_action " + std::string(mode.substr(0, 64)) +
               ": the daemon itself rotates nothing";
  rows.add(row);
}

Status add_settings(Host& host, LogFiles& files, LogRows& rows) {
  const auto text = read_settings(host, kFile);
  if (!text) return fail(text.error());
  if (!*text) return {};
  const auto entries = parse_sections(**text);
  if (!entries) return fail(entries.error().within("reading " + std::string(kFile)));
  for (const auto key : kSettings)
    if (const auto* entry = entry_of(*entries, key))
      rows.add({.component = kAuditd,
                .setting = key,
                .value = decimal(entry->value),
                .text = std::string(entry->value.substr(0, 256)),
                .place = {std::string(kFile), entry->line}});
  const auto* file = entry_of(*entries, "log_file");
  const std::string log(file == nullptr ? "/var/log/audit/audit.log" : file->value);
  add_retention(*entries, log, rows);
  const Place place{std::string(kFile), file == nullptr ? std::nullopt : std::optional(file->line)};
  if (auto done = files.add(kAuditd, log.substr(0, log.rfind('/')), place); !done) return done;
  return files.add(kAuditd, log, place);
}

// Rules that watch or record; -D, -b, -f, -e and the like set how.
void count_rules(std::string_view text, std::int64_t& rules, bool& is_immutable) {
  Lines lines(text);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    if (line.starts_with("-w ") || line.starts_with("-a ") || line.starts_with("-A ")) ++rules;
    if (line.starts_with("-e")) is_immutable = trimmed(line.substr(2)) == "2";
  }
}

Status add_rules(Host& host, LogRows& rows) {
  const auto files = matching_files(host, kRules);
  if (!files) return fail(files.error());
  std::int64_t rules = 0;
  bool is_immutable = false;
  for (const auto& path : *files) {
    const auto text = read_settings(host, path);
    if (!text) return fail(text.error());
    if (*text) count_rules(**text, rules, is_immutable);
  }
  constexpr std::string_view kNote = "as written; what the kernel has loaded is not looked at";
  const Place place{std::string(kRules), {}};
  rows.add({.component = kAuditd,
            .setting = "rules",
            .value = rules,
            .place = place,
            .note = std::string(kNote)});
  rows.add({.component = kAuditd,
            .setting = "rules_immutable",
            .value = is_immutable ? 1 : 0,
            .place = place,
            .note = std::string(kNote)});
  return {};
}

// The plugin that sends records to another machine: its settings and those of the target.
Status add_remote(Host& host, LogRows& rows) {
  for (const std::string_view folder : {"/etc/audit/", "/etc/audisp/"}) {
    const auto plugin_path = std::string(folder) + "plugins.d/au-remote.conf";
    const auto plugin = read_settings(host, plugin_path);
    if (!plugin) return fail(plugin.error());
    if (!*plugin) continue;
    const auto settings = parse_sections(**plugin);
    if (!settings) return fail(settings.error().within("reading " + plugin_path));
    const auto* active = entry_of(*settings, "active");
    if (active == nullptr || !truth_of(active->value).value_or(false)) continue;
    const auto path = std::string(folder) + "audisp-remote.conf";
    const auto text = read_settings(host, path);
    if (!text) return fail(text.error());
    const auto entries = parse_sections(*text ? std::string_view(**text) : std::string_view());
    if (!entries) return fail(entries.error().within("reading " + path));
    const auto* server = entry_of(*entries, "remote_server");
    if (server == nullptr) continue;
    const auto* port = entry_of(*entries, "port");
    const auto target = without_secrets(server->value) + ":" +
                        std::string(port == nullptr ? "60" : port->value.substr(0, 16));
    const Place place{path, server->line};
    rows.add({.component = kAuditd,
              .setting = "forward",
              .target = target,
              .text = "audisp-remote",
              .place = place});
    const auto* kerberos = entry_of(*entries, "enable_krb5");
    const bool is_encrypted = kerberos != nullptr && truth_of(kerberos->value).value_or(false);
    rows.add({.component = kAuditd,
              .setting = "forward_tls",
              .target = target,
              .value = is_encrypted ? 1 : 0,
              .text = is_encrypted ? "Kerberos" : "",
              .place = place});
  }
  return {};
}

}  // namespace

Status add_auditd(Host& host, LogFiles& files, LogRows& rows) {
  const auto status = host.status(kFile);
  if (!status && status.error().code() == Code::kNotFound) return {};
  if (auto done = add_settings(host, files, rows); !done) return done;
  if (auto done = add_rules(host, rows); !done) return done;
  return add_remote(host, rows);
}

}  // namespace assay::agent
