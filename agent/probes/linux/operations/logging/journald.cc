#include "agent/probes/linux/operations/logging/log_parts.h"
#include "agent/probes/linux/operations/settings/systemd_settings.h"
#include "agent/probes/linux/operations/settings/systemd_units.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kJournald = "journald";
constexpr std::string_view kFolder = "/var/log/journal";
constexpr std::string_view kNotSet = "not set: the built-in default applies";

struct Journal {
  SystemdSettings settings;
  bool has_folder = false;

  [[nodiscard]] const SystemdSetting* setting(std::string_view key) const {
    const auto found = settings.find(key);
    return found == settings.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string storage() const {
    const auto* set = setting("Storage");
    return set == nullptr ? "auto" : set->value;
  }
};

// Whether it is kept over a restart.
bool add_storage(const Journal& journal, LogRows& rows) {
  const auto* set = journal.setting("Storage");
  const auto storage = journal.storage();
  const auto place = set == nullptr ? Place{} : set->place;
  rows.add({.component = kJournald,
            .setting = "storage",
            .text = storage,
            .place = place,
            .note = set == nullptr ? std::string(kNotSet) : std::string()});
  LogRow row{.component = kJournald, .setting = "persistent", .target = std::string(kFolder)};
  if (storage == "persistent" || (storage == "auto" && journal.has_folder)) {
    row.value = 1;
    row.text = storage == "auto" ? "Storage=auto, and the folder is there" : "Storage=persistent";
  } else if (storage == "auto" || storage == "volatile" || storage == "none") {
    row.value = 0;
    row.text =
        storage == "auto" ? "Storage=auto, and there is no such folder" : "Storage=" + storage;
  } else {
    row.note = "Storage=" + storage.substr(0, 64) + " is no known value";
  }
  row.place = place;
  rows.add(row);
  return row.value.value_or(1) != 0;
}

// One number: of bytes or seconds. 0 and "infinity" mean that there is no such limit.
void add_number(const Journal& journal, std::string_view key, std::string_view setting,
                std::optional<std::int64_t> (*parse)(std::string_view), LogRows& rows) {
  const auto* set = journal.setting(key);
  if (set == nullptr) {
    rows.add({.component = kJournald, .setting = setting, .note = std::string(kNotSet)});
    return;
  }
  LogRow row{.component = kJournald,
             .setting = setting,
             .value = parse(set->value),
             .text = set->value,
             .place = set->place};
  if (!row.value) row.note = "it is no value that is understood";
  rows.add(row);
}

void add_flag(const Journal& journal, std::string_view key, std::string_view setting,
              std::optional<bool> fallback, LogRows& rows) {
  const auto* set = journal.setting(key);
  const auto flag = set == nullptr ? fallback : truth_of(set->value);
  LogRow row{.component = kJournald, .setting = setting};
  if (flag) row.value = *flag ? 1 : 0;
  if (set != nullptr) {
    row.text = set->value;
    row.place = set->place;
  }
  if (set == nullptr) row.note = std::string(kNotSet);
  if (set != nullptr && !flag) row.note = "it is no value that is understood";
  rows.add(row);
}

// The journal counts bytes, and may forget sooner than its longest time.
void add_retention(const Journal& journal, bool is_persistent, LogRows& rows) {
  LogRow row{.component = kJournald, .setting = "retention_days", .target = std::string(kFolder)};
  const auto* longest = journal.setting("MaxRetentionSec");
  if (longest != nullptr) row.place = longest->place;
  const auto seconds = longest == nullptr ? std::nullopt : parse_systemd_seconds(longest->value);
  if (!is_persistent) {
    row.value = 0;
    row.note = "it is lost when the machine starts again";
  } else {
    if (seconds.value_or(0) > 0) row.text = "at most " + std::to_string(*seconds / 86'400);
    row.note = "it is removed by size: the days depend on how much is recorded";
  }
  rows.add(row);
}

// Sealed records need a key that journalctl --setup-keys has made.
Status add_seal(Host& host, const Journal& journal, LogRows& rows) {
  const auto* set = journal.setting("Seal");
  LogRow row{.component = kJournald, .setting = "seal"};
  if (set != nullptr) row.place = set->place;
  const auto is_wanted = set == nullptr ? std::optional(true) : truth_of(set->value);
  const auto machine = read_settings(host, "/etc/machine-id");
  if (!machine) return fail(machine.error());
  bool has_key = false;
  if (*machine) {
    const auto id = trimmed(**machine);
    const auto key = host.status(std::string(kFolder).append("/").append(id).append("/fss"));
    has_key = !id.empty() && id.size() == 32 && key.has_value();
  }
  if (is_wanted) row.value = *is_wanted && has_key ? 1 : 0;
  if (!is_wanted) row.note = "it is no value that is understood";
  if (is_wanted.value_or(false) && !has_key) row.note = "there is no key to seal with";
  rows.add(row);
  return {};
}

Status add_upload(Host& host, LogRows& rows) {
  const auto settings = read_systemd_settings(host, "journal-upload.conf", "Upload");
  if (!settings) return fail(settings.error());
  const auto url = settings->find("URL");
  if (url == settings->end()) return {};
  rows.add({.component = "journal-remote",
            .setting = "forward",
            .target = without_secrets(url->second.value),
            .text = "https",
            .place = url->second.place});
  return {};
}

}  // namespace

Status add_journald(Host& host, LogFiles& files, LogRows& rows) {
  bool is_there = false;
  for (const std::string_view path :
       {"/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald"}) {
    const auto status = host.status(path);
    is_there = is_there || status.has_value();
    if (!status && status.error().code() != Code::kNotFound) return fail(status.error());
  }
  if (!is_there) return {};
  auto settings = read_systemd_settings(host, "journald.conf", "Journal");
  if (!settings) return fail(settings.error());
  Journal journal{.settings = *std::move(settings)};
  const auto folder = host.status(kFolder);
  journal.has_folder = folder.has_value();
  if (!folder && folder.error().code() != Code::kNotFound) return fail(folder.error());

  add_retention(journal, add_storage(journal, rows), rows);
  add_number(journal, "SystemMaxUse", "max_use_bytes", parse_systemd_bytes, rows);
  add_number(journal, "MaxRetentionSec", "max_retention_seconds", parse_systemd_seconds, rows);
  add_number(journal, "MaxFileSec", "max_file_seconds", parse_systemd_seconds, rows);
  add_flag(journal, "ForwardToSyslog", "forward_to_syslog", std::nullopt, rows);
  add_flag(journal, "Compress", "compress", true, rows);
  if (auto done = add_seal(host, journal, rows); !done) return done;
  if (journal.has_folder)
    if (auto done = files.add(kJournald, std::string(kFolder), {.source = std::string(kFolder)});
        !done)
      return done;
  return add_upload(host, rows);
}

}  // namespace assay::agent
