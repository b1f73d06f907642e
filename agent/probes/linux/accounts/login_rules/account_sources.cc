#include "agent/probes/linux/accounts/login_rules/account_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/probes/linux/accounts/login_rules/section_files.h"
#include "agent/probes/linux/accounts/password_policy/settings_file.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

constexpr std::array<std::string_view, 2> kSwitchFiles = {"/etc/nsswitch.conf",
                                                          "/usr/etc/nsswitch.conf"};
constexpr std::array<std::string_view, 4> kDatabases = {"passwd", "group", "shadow", "sudoers"};
constexpr std::size_t kMaxSources = 1000;
constexpr std::string_view kFollowsDirectory =
    "its accounts follow the password rules of the directory, which this machine does not know";

const std::map<std::string_view, std::string_view> kKinds = {
    {"files", "local"},
    {"compat", "local"},
    {"db", "local"},
    {"altfiles", "local"},
    {"extrausers", "local"},
    {"usrfiles", "local"},
    {"systemd", "systemd"},
    {"mymachines", "systemd"},
    {"sss", "sss"},
    {"winbind", "winbind"},
    {"ldap", "ldap"},
    {"ldapd", "ldap"},
    {"nis", "nis"},
    {"nisplus", "nis"},
    {"himmelblau", "identity_provider"},
    {"aad", "identity_provider"},
    {"authd", "identity_provider"},
    {"vas4", "ad"},
    {"centrifydc", "ad"},
    {"lsass", "ad"},
    {"oslogin", "identity_provider"},
    {"cache_oslogin", "identity_provider"}};

struct Domain {
  std::string name;
  std::string provider;
  std::string realm;
  std::string path;  // the file that names it
  std::string note;
};

struct Source {
  std::string database;
  std::int64_t position = 0;
  std::string name;
  std::string path;
  std::int64_t line = 0;
};

struct Sources {
  std::vector<Source> found;
  std::set<std::string, std::less<>> databases;  // of which there is a line
};

// "passwd: files [NOTFOUND=return] sss # comment". libc does without the colon; of several lines
// about one database it takes the last.
Sources sources_of(std::string_view text, std::string_view path) {
  Sources sources;
  auto& found = sources.found;
  Lines lines(text);
  while (auto line = lines.next()) {
    const auto content = trimmed(line->substr(0, line->find('#')));
    const auto end_of_name = std::min(content.find_first_of(": \t"), content.size());
    const auto database = content.substr(0, end_of_name);
    if (std::ranges::find(kDatabases, database) == kDatabases.end()) continue;
    auto rest = trimmed(content.substr(end_of_name));
    // sudo wants the colon and reads its first line only.
    const bool is_of_sudo = database == "sudoers";
    if (is_of_sudo && (!rest.starts_with(':') || sources.databases.contains(database))) continue;
    if (rest.starts_with(':')) rest.remove_prefix(1);
    sources.databases.emplace(database);
    std::erase_if(found, [&](const Source& source) { return source.database == database; });
    std::int64_t position = 0;
    while (!(rest = trimmed(rest)).empty() && found.size() < kMaxSources) {
      const bool is_action = rest[0] == '[';
      const auto end = is_action ? std::min(rest.size(), rest.find(']') + 1)
                                 : std::min(rest.size(), rest.find_first_of(" \t["));
      if (!is_action)
        found.push_back({std::string(database), ++position, std::string(rest.substr(0, end)),
                         std::string(path), lines.number()});
      if (is_action && end == 0) break;
      rest.remove_prefix(end);
    }
  }
  return sources;
}

// For what no line is about: glibc's own choice, and all that musl can do.
std::vector<Source> with_built_in(Sources sources) {
  for (const auto database : {"passwd", "group", "shadow"})
    if (!sources.databases.contains(database))
      sources.found.push_back({database, 1, "files", {}, 0});
  return std::move(sources.found);
}

Result<std::vector<Source>> read_sources(Host& host) {
  for (const auto path : kSwitchFiles) {
    const auto text = read_optional(host, path);
    if (!text) return fail(text.error());
    if (!*text) continue;
    return with_built_in(sources_of(**text, path));
  }
  return with_built_in({});
}

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> names;
  for (;;) {
    const auto end = text.find(',');
    const auto name = trimmed(text.substr(0, end));
    if (!name.empty()) names.emplace_back(name);
    if (end == std::string_view::npos) return names;
    text.remove_prefix(end + 1);
  }
}

std::string value_of(const std::vector<PlacedSetting>& lines, const std::string& section,
                     std::string_view key) {
  const auto* line = last_of(lines, section, key);
  return line == nullptr ? std::string() : line->value;
}

Result<std::vector<Domain>> sss_domains(Host& host) {
  auto lines = read_section_file(host, "/etc/sssd/sssd.conf");
  if (!lines) return fail(lines.error());
  const auto more = read_section_folder(host, "/etc/sssd/conf.d", ".conf");
  if (!more) return fail(more.error());
  lines->insert(lines->end(), more->begin(), more->end());
  std::vector<Domain> domains;
  const auto* listed = last_of(*lines, "sssd", "domains");
  auto names = listed == nullptr ? std::vector<std::string>() : comma_list(listed->value);
  // Without a list, those that are switched on in their own section.
  for (const auto& line : *lines) {
    constexpr std::string_view kPrefix = "domain/";
    if (line.section.starts_with(kPrefix) && line.key == "enabled" && line.value == "true" &&
        std::ranges::find(names, line.section.substr(kPrefix.size())) == names.end())
      names.push_back(line.section.substr(kPrefix.size()));
  }
  for (const auto& name : names) {
    const auto section = "domain/" + name;
    const auto domain = value_of(*lines, section, "ad_domain");
    const auto ipa = value_of(*lines, section, "ipa_domain");
    const auto provider = value_of(*lines, section, "id_provider");
    domains.push_back(
        {.name = !domain.empty() ? domain
                 : !ipa.empty()  ? ipa
                                 : name,
         .provider = provider,
         .realm = value_of(*lines, section, "krb5_realm"),
         .path = listed == nullptr ? "/etc/sssd/conf.d" : listed->path,
         .note = std::string(provider == "files" || provider == "proxy" ? "" : kFollowsDirectory)});
  }
  if (domains.empty())
    domains.push_back({.name = {},
                       .provider = {},
                       .realm = {},
                       .path = {},
                       .note = "no domain is configured for sssd"});
  return domains;
}

Result<std::vector<Domain>> winbind_domains(Host& host) {
  const auto lines = read_section_file(host, "/etc/samba/smb.conf");
  if (!lines) return fail(lines.error());
  const auto realm = value_of(*lines, "global", "realm");
  const auto workgroup = value_of(*lines, "global", "workgroup");
  return std::vector<Domain>{{.name = realm.empty() ? workgroup : realm,
                              .provider = value_of(*lines, "global", "security"),
                              .realm = realm,
                              .path = lines->empty() ? "" : "/etc/samba/smb.conf",
                              .note = std::string(kFollowsDirectory)}};
}

// The first "base" of the files of nss_ldap and nslcd. Their password stands beside it and is not
// looked at.
Result<std::vector<Domain>> ldap_domains(Host& host) {
  Domain domain{.name = {},
                .provider = "ldap",
                .realm = {},
                .path = {},
                .note = std::string(kFollowsDirectory)};
  for (const std::string_view path :
       {"/etc/nslcd.conf", "/etc/ldap.conf", "/etc/libnss-ldap.conf"}) {
    const auto text = read_optional(host, path);
    if (!text) return fail(text.error());
    if (!*text) continue;
    const auto settings = parse_settings("" + **text, path);
    if (!settings) return fail(settings.error());
    for (const auto& setting : *settings) {
      if (setting.name != "base" || !domain.name.empty()) continue;
      // "base passwd ou=…" names one database only.
      if (setting.value.find(' ') == std::string::npos) domain.name = setting.value;
      domain.path = path;
    }
  }
  return std::vector<Domain>{domain};
}

Result<std::vector<Domain>> nis_domains(Host& host) {
  const auto text = read_optional(host, "/etc/defaultdomain");
  if (!text) return fail(text.error());
  return std::vector<Domain>{{.name = std::string(trimmed(text->value_or(""))),
                              .provider = "nis",
                              .realm = {},
                              .path = *text ? "/etc/defaultdomain" : "",
                              .note = std::string(kFollowsDirectory)}};
}

Result<std::vector<Domain>> domains_of(Host& host, std::string_view kind) {
  if (kind == "sss") return sss_domains(host);
  if (kind == "winbind") return winbind_domains(host);
  if (kind == "ldap") return ldap_domains(host);
  if (kind == "nis") return nis_domains(host);
  Domain domain;
  if (kind == "ad" || kind == "identity_provider") domain.note = kFollowsDirectory;
  if (kind == "unknown") domain.note = "what this source is, is not known";
  return std::vector<Domain>{domain};
}

Result<std::string> default_realm(Host& host) {
  const auto lines = read_section_file(host, "/etc/krb5.conf");
  if (!lines) return fail(lines.error());
  return value_of(*lines, "libdefaults", "default_realm");
}

}  // namespace

Result<evidence::Table> collect_account_sources(Host& host) {
  const auto sources = read_sources(host);
  if (!sources) return fail(sources.error());
  const auto realm = default_realm(host);
  if (!realm) return fail(realm.error());
  std::map<std::string, std::vector<Domain>, std::less<>> domains;
  evidence::Table table(*evidence::find_table("account_sources"));
  for (const auto& source : *sources) {
    const auto known = kKinds.find(source.name);
    const std::string kind(known == kKinds.end() ? "unknown" : known->second);
    if (!domains.contains(kind)) {
      auto found = domains_of(host, kind);
      if (!found) return fail(found.error());
      domains[kind] = std::move(*found);
    }
    for (const auto& domain : domains[kind]) {
      const bool is_kerberos = kind == "sss" || kind == "winbind" || kind == "ad";
      const auto& named =
          domain.realm.empty() && is_kerberos && !domain.name.empty() ? *realm : domain.realm;
      table.add({{"database", source.database},
                 {"position", source.position},
                 {"source", source.name},
                 {"kind", kind},
                 {"domain", text_or_null(domain.name)},
                 {"provider", text_or_null(domain.provider)},
                 {"realm", text_or_null(named)},
                 {"file", text_or_null(source.path)},
                 {"line", source.line == 0 ? Value(kNull) : Value(source.line)},
                 {"domain_file", text_or_null(domain.path)},
                 {"note", text_or_null(domain.note)}});
    }
  }
  return table;
}

}  // namespace assay::agent
