#include "agent/probes/linux/hardening/desktop/system_settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDatabases = "/etc/dconf/db/";
constexpr std::string_view kSchemas = "/usr/share/glib-2.0/schemas/";
constexpr std::array<std::string_view, 2> kProfiles = {"/etc/dconf/profile/user",
                                                       "/usr/share/dconf/profile/user"};

// "org.gnome.desktop.session" as a folder of dconf; MATE, Cinnamon and others do the same.
std::string folder_of(std::string_view schema) {
  std::string folder(schema);
  std::ranges::replace(folder, '.', '/');
  return folder;
}

Result<std::optional<std::string>> text_of(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return *std::move(text);
  if (text.error().code() == Code::kNotFound) return std::nullopt;
  return fail(text.error());
}

Result<std::vector<std::string>> names_of(Host& host, const std::string& folder) {
  auto names = host.list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return std::vector<std::string>();
  return names;
}

// The names of the system's databases in dconf's profile; none without a profile.
std::vector<std::string> databases_in(std::string_view profile) {
  constexpr std::string_view kMark = "system-db:";
  std::vector<std::string> names;
  Lines lines(profile);
  while (const auto line = lines.next()) {
    const auto content = trimmed(line->substr(0, line->find('#')));
    if (!content.starts_with(kMark)) continue;
    const auto name = content.substr(kMark.size());
    if (!name.empty() && name.find('/') == std::string_view::npos) names.emplace_back(name);
  }
  return names;
}

std::string_view attribute(std::string_view tag, std::string_view name) {
  const auto mark = std::string(" ").append(name).append("=");
  const auto at = tag.find(mark);
  if (at == std::string_view::npos || at + mark.size() + 1 >= tag.size()) return {};
  const char quote = tag[at + mark.size()];
  const auto begin = at + mark.size() + 1;
  if (quote != '"' && quote != '\'') return {};
  const auto end = tag.find(quote, begin);
  return end == std::string_view::npos ? std::string_view() : tag.substr(begin, end - begin);
}

}  // namespace

std::optional<std::int64_t> gvariant_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('@')) text = trimmed(text.substr(std::min<std::size_t>(2, text.size())));
  for (const auto* type : {"byte ", "int16 ", "uint16 ", "int32 ", "uint32 ", "int64 ", "uint64 "})
    if (text.starts_with(type)) text = trimmed(text.substr(std::string_view(type).size()));
  if (!text.starts_with("0x")) return decimal(text);
  std::int64_t number = 0;
  const auto digits = text.substr(2);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

bool has_gvariant_type(std::string_view text, std::string_view type) {
  text = trimmed(text);
  if (text.starts_with('@')) return text.substr(1).starts_with(std::string(type) + " ");
  if (type == "b") return gvariant_truth(text).has_value();
  if (type == "u") return text.starts_with("uint32 ");
  const bool is_plain = text.starts_with("0x") || decimal(text).has_value();
  return type != "i" || is_plain || text.starts_with("int32 ");
}

std::optional<bool> gvariant_truth(std::string_view text) {
  text = trimmed(text);
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

SchemaKey schema_key(std::string_view xml, std::string_view schema, std::string_view key) {
  SchemaKey found;
  std::string_view current;
  bool is_in_key = false;
  for (auto at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const auto end = xml.find('>', at);
    if (end == std::string_view::npos) break;
    const auto tag = xml.substr(at, end - at);
    if (tag.starts_with("<schema ")) {
      current = attribute(tag, "id");
    } else if (tag.starts_with("<key ")) {
      is_in_key = current == schema && attribute(tag, "name") == key;
      if (is_in_key) found.type = attribute(tag, "type");
    } else if (is_in_key && (tag == "<default" || tag.starts_with("<default "))) {
      const auto close = xml.find('<', end);
      if (close == std::string_view::npos) break;
      found.value = std::string(trimmed(xml.substr(end + 1, close - end - 1)));
      return found;
    }
  }
  return found;
}

Status SystemSettings::read_database(Host& host, const std::string& name) {
  const auto compiled = host.status(std::string(kDatabases).append(name));
  if (!compiled && compiled.error().code() != Code::kNotFound) return fail(compiled.error());
  const auto folder = std::string(kDatabases).append(name).append(".d");
  const auto names = names_of(host, folder);
  if (!names) return fail(names.error());
  if (names->size() > kMaxKeyFiles)
    return fail(Code::kTooLarge, folder + ": more files than are read");
  Database database;
  bool is_stale = !compiled && !names->empty();
  // The last file by name has the last word.
  for (auto file = names->rbegin(); file != names->rend(); ++file) {
    const auto path = folder + "/" + *file;
    const auto status = host.status(path);
    if (!status || status->kind == FileKind::kDirectory) continue;
    if (compiled && status->modified_ns > compiled->modified_ns) is_stale = true;
    auto text = text_of(host, path);
    if (!text) return fail(text.error());
    if (*text) database.files.push_back({path, parse_desktop_keys(**text)});
  }
  const auto locks = names_of(host, folder + "/locks");
  if (!locks) return fail(locks.error());
  for (const auto& file : *locks) {
    const auto text = text_of(host, folder + "/locks/" + file);
    if (!text) return fail(text.error());
    if (!*text) continue;
    Lines lines(**text);
    while (const auto line = lines.next())
      if (const auto key = trimmed(*line); key.starts_with('/')) database.locks.emplace(key);
  }
  if (is_stale)
    note_ = folder + (compiled ? " has changed since dconf update was run"
                               : ": dconf update has not been run, so it does not count");
  if (compiled) databases_.push_back(std::move(database));
  return {};
}

// Distributions change defaults of schemas; the last file by name has the last word.
Status SystemSettings::read_overrides(Host& host) {
  const auto names = names_of(host, std::string(kSchemas.substr(0, kSchemas.size() - 1)));
  if (!names) return fail(names.error());
  for (auto name = names->rbegin(); name != names->rend(); ++name) {
    if (!name->ends_with(".gschema.override")) continue;
    const auto path = std::string(kSchemas).append(*name);
    auto text = text_of(host, path);
    if (!text) return fail(text.error());
    if (*text) overrides_.push_back({path, parse_desktop_keys(**text)});
  }
  return {};
}

Result<SystemSettings> SystemSettings::read(Host& host) {
  SystemSettings settings;
  for (const auto path : kProfiles) {
    const auto profile = text_of(host, path);
    if (!profile) return fail(profile.error());
    if (!*profile) continue;
    for (const auto& name : databases_in(**profile))
      if (auto done = settings.read_database(host, name); !done) return fail(done.error());
    break;
  }
  if (auto done = settings.read_overrides(host); !done) return fail(done.error());
  return settings;
}

// A lock holds for the databases above it: the value is then of the lowest one that locks, or
// of one below.
std::optional<SystemSetting> SystemSettings::from_databases(std::string_view schema,
                                                            std::string_view key) const {
  const auto folder = folder_of(schema);
  const auto path = "/" + folder + "/" + std::string(key);
  std::size_t first = 0;
  bool is_locked = false;
  for (std::size_t i = 0; i < databases_.size(); ++i) {
    if (!databases_[i].locks.contains(path)) continue;
    first = i;
    is_locked = true;
  }
  for (std::size_t i = first; i < databases_.size(); ++i)
    for (const auto& file : databases_[i].files)
      if (const auto* line = last_desktop_key(file.lines, folder, key))
        return SystemSetting{line->value, file.path, line->line, is_locked};
  if (is_locked) return SystemSetting{.text = {}, .source = {}, .line = 0, .is_locked = true};
  return std::nullopt;
}

Result<std::optional<SystemSetting>> SystemSettings::find(Host& host, std::string_view schema,
                                                          std::string_view key) const {
  const auto path = std::string(kSchemas).append(schema).append(".gschema.xml");
  const auto xml = text_of(host, path);
  if (!xml) return fail(xml.error());
  const auto declared = *xml ? schema_key(**xml, schema, key) : SchemaKey();
  const auto configured = from_databases(schema, key);
  // A value of another type counts as none at all: the default then does.
  if (configured && !configured->source.empty() &&
      (declared.type.empty() || has_gvariant_type(configured->text, declared.type)))
    return configured;
  const bool is_locked = configured && configured->is_locked;
  for (const auto& file : overrides_)
    for (const auto& line : file.lines)
      // "[org.gnome.desktop.session:ubuntu]" holds for one kind of session only.
      if (line.group == schema && line.key == key)
        return SystemSetting{line.value, file.path, line.line, is_locked};
  if (!declared.value) return std::nullopt;
  return SystemSetting{*declared.value, path, 0, is_locked};
}

}  // namespace assay::agent
