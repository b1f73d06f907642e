#include "agent/probes/linux/updates/yum_repos.h"

#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"
#include "agent/probes/linux/updates/flags.h"
#include "agent/probes/linux/updates/section_rules.h"

namespace assay::agent {
namespace {

struct Manager {
  std::string_view name;
  std::array<std::string_view, 2> main_files;  // the first that is there counts
  std::array<std::string_view, 3> folders;     // of *.repo files, all that are there
};
constexpr std::array kManagers = {
    Manager{"dnf",
            {"/etc/dnf/dnf.conf", "/etc/yum.conf"},
            {"/etc/yum.repos.d", "/etc/yum/repos.d", "/etc/distro.repos.d"}},
    Manager{"zypper", {"/etc/zypp/zypp.conf", ""}, {"/etc/zypp/repos.d", "", ""}},
};

using Settings = std::map<std::string, std::string, std::less<>>;

std::optional<bool> flag(std::string_view word) {
  const auto lower = in_small_letters(word);
  for (const std::string_view yes : {"1", "yes", "true", "on", "enabled"})
    if (lower == yes) return true;
  for (const std::string_view no : {"0", "no", "false", "off", "disabled"})
    if (lower == no) return false;
  return std::nullopt;
}

// dnf's variables in an address: /etc/dnf/vars, /etc/yum/vars. The others ($basearch, $releasever)
// stay as they are written.
Result<Settings> read_variables(Host& host) {
  Settings variables;
  for (const std::string_view folder : {"/etc/yum/vars", "/etc/dnf/vars"}) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    for (const auto& name : *names) {
      const auto text = host.read_file(std::string(folder) + "/" + name, kMaxConfigBytes);
      if (!text) return fail(text.error());
      variables[name] = trimmed(std::string_view(*text).substr(0, text->find('\n')));
    }
  }
  return variables;
}

std::string with_variables(std::string_view text, const Settings& variables) {
  std::string out;
  while (!text.empty()) {
    const auto dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar);
    const bool has_brace = text.starts_with("${");
    const auto begin = std::size_t{has_brace ? 2U : 1U};
    auto end = begin;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
      ++end;
    const auto found = variables.find(text.substr(begin, end - begin));
    if (has_brace && end < text.size() && text[end] == '}') ++end;
    out += found == variables.end() ? text.substr(0, end) : std::string_view(found->second);
    text.remove_prefix(end);
  }
  return out;
}

class RepositoryReader {
 public:
  RepositoryReader(const Manager& manager, Settings main, const Settings& variables,
                   evidence::Table& table)
      : manager_(manager), main_(std::move(main)), variables_(variables), table_(table) {}

  Status read(const std::string& path, std::string_view text) {
    const auto entries = parse_sections(text, kRepositorySections);
    if (!entries) return fail(entries.error().within("reading " + path));
    Settings repository;
    std::int64_t line = 0;
    std::string_view id;
    for (const auto& entry : *entries) {
      if (entry.key.empty()) {
        add(path, id, line, repository);
        repository.clear();
        id = entry.section;
        line = entry.line;
      } else {
        repository[in_small_letters(entry.key)] = entry.value;
      }
    }
    add(path, id, line, repository);
    return {};
  }

 private:
  // Its own setting, else that of the main file.
  [[nodiscard]] std::optional<bool> effective(const Settings& repository,
                                              std::initializer_list<std::string_view> keys) const {
    for (const auto* settings : {&repository, &main_})
      for (const auto key : keys)
        if (const auto found = settings->find(key); found != settings->end())
          if (const auto value = flag(found->second)) return value;
    return std::nullopt;
  }

  void add(const std::string& path, std::string_view id, std::int64_t line,
           const Settings& repository) {
    if (id.empty() || id == "main") return;
    const auto text = [&](std::string_view key) -> std::string {
      const auto found = repository.find(key);
      return found == repository.end() ? std::string() : with_variables(found->second, variables_);
    };
    const auto addresses = [&](std::string_view key) {
      return text_or_null(public_addresses(text(key)));
    };
    const auto own_excludes = text("excludepkgs").empty() ? text("exclude") : text("excludepkgs");
    table_.add({{"name", text_or_null(text("name"))},
                {"source", path},
                {"baseurl", addresses("baseurl")},
                {"mirrorlist", addresses("mirrorlist")},
                {"metalink", addresses("metalink")},
                {"enabled", std::int64_t{flag(text("enabled")).value_or(true) ? 1 : 0}},
                {"gpgcheck", flag_or_null(effective(repository, {"gpgcheck", "pkg_gpgcheck"}))},
                {"gpgkey", addresses("gpgkey")},
                {"id", std::string(id)},
                {"manager", std::string(manager_.name)},
                {"repo_gpgcheck", flag_or_null(effective(repository, {"repo_gpgcheck"}))},
                {"sslverify", flag_or_null(effective(repository, {"sslverify"}))},
                {"priority", number_or_null(decimal(text("priority")))},
                {"exclude", text_or_null(own_excludes)},
                {"line", line}});
  }

  const Manager& manager_;
  Settings main_;
  const Settings& variables_;
  evidence::Table& table_;
};

Result<Settings> read_main(Host& host, const Manager& manager) {
  Settings main;
  for (const auto path : manager.main_files) {
    if (path.empty()) continue;
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) continue;
    if (!text) return fail(text.error());
    const auto entries = parse_sections(*text, kRepositorySections);
    if (!entries) return fail(entries.error().within("reading " + std::string(path)));
    for (const auto& entry : *entries)
      if (entry.section == "main" && !entry.key.empty())
        main[in_small_letters(entry.key)] = entry.value;
    break;
  }
  return main;
}

// True when the folder is there.
Result<bool> read_folder(Host& host, std::string_view folder, RepositoryReader& reader) {
  const auto names = host.list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return false;
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (!name.ends_with(".repo")) continue;
    const auto path = std::string(folder).append("/").append(name);
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text) return fail(text.error());
    if (auto read = reader.read(path, *text); !read) return fail(std::move(read.error()));
  }
  return true;
}

}  // namespace

Result<evidence::Table> collect_yum_repos(Host& host) {
  evidence::Table table(*evidence::find_table("yum_repos"));
  const auto variables = read_variables(host);
  if (!variables) return fail(variables.error());
  bool has_folder = false;
  for (const auto& manager : kManagers) {
    auto main = read_main(host, manager);
    if (!main) return fail(std::move(main.error()));
    RepositoryReader reader(manager, *std::move(main), *variables, table);
    for (const auto folder : manager.folders) {
      if (folder.empty()) continue;
      const auto found = read_folder(host, folder, reader);
      if (!found) return fail(found.error());
      has_folder |= *found;
    }
  }
  if (!has_folder)
    return fail(Code::kNotFound, "neither dnf, yum nor zypper has a folder of sources");
  return table;
}

}  // namespace assay::agent
