#include "agent/probes/linux/updates/rpm/repositories.h"

#include <set>
#include <utility>

#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"
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

std::optional<bool> flag_of(std::string_view word) {
  const auto lower = in_small_letters(word);
  for (const std::string_view yes : {"1", "yes", "true", "on", "enabled"})
    if (lower == yes) return true;
  for (const std::string_view no : {"0", "no", "false", "off", "disabled"})
    if (lower == no) return false;
  return std::nullopt;
}

// dnf's variables in an address: /etc/dnf/vars, /etc/yum/vars. The others ($basearch, $releasever)
// stay as they are written.
Result<RepositorySettings> read_variables(Host& host) {
  RepositorySettings variables;
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

std::string with_variables(std::string_view text, const RepositorySettings& variables) {
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

void keep(Repository&& repository, std::vector<Repository>& into) {
  if (!repository.id.empty() && repository.id != "main") into.push_back(std::move(repository));
}

// dnf knows its keys in small letters only; yum did not mind.
void set(const SectionEntry& entry, const RepositorySettings& variables, bool minds_letters,
         RepositorySettings& settings) {
  auto key = in_small_letters(entry.key);
  if (minds_letters && key != entry.key) return;
  settings[std::move(key)] = with_variables(entry.value, variables);
}

// Adds the entries of one file to `into`; `common` has what they share.
Status read_entries(std::string_view text, const Repository& common,
                    const RepositorySettings& variables, std::vector<Repository>& into) {
  const auto entries = parse_sections(text, kRepositorySections);
  if (!entries) return fail(entries.error().within("reading " + common.file));
  Repository repository = common;
  for (const auto& entry : *entries) {
    if (!entry.key.empty()) {
      set(entry, variables, common.minds_letters, repository.settings);
      continue;
    }
    keep(std::move(repository), into);
    repository = common;
    repository.id = entry.section;
    repository.line = entry.line;
  }
  keep(std::move(repository), into);
  return {};
}

struct MainFile {
  std::string path;  // empty: there is none
  std::string text;
};

Result<MainFile> read_main(Host& host, const Manager& manager) {
  for (const auto path : manager.main_files) {
    if (path.empty()) continue;
    auto text = host.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) continue;
    if (!text) return fail(text.error());
    return MainFile{std::string(path), *std::move(text)};
  }
  return MainFile();
}

Result<RepositorySettings> main_settings(const MainFile& file, bool minds_letters) {
  RepositorySettings main;
  const auto entries = parse_sections(file.text, kRepositorySections);
  if (!entries) return fail(entries.error().within("reading " + file.path));
  for (const auto& entry : *entries)
    if (entry.section == "main" && !entry.key.empty()) set(entry, {}, minds_letters, main);
  return main;
}

// True when the folder is there.
Result<bool> read_folder(Host& host, std::string_view folder, Repository common,
                         const RepositorySettings& variables, std::vector<Repository>& into) {
  const auto names = host.list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return false;
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (!name.ends_with(".repo")) continue;
    common.file = std::string(folder).append("/").append(name);
    const auto text = host.read_file(common.file, kMaxConfigBytes);
    if (!text) return fail(text.error());
    if (auto read = read_entries(*text, common, variables, into); !read)
      return fail(std::move(read.error()));
  }
  return true;
}

}  // namespace

std::string_view Repository::text(std::string_view key) const {
  const auto found = settings.find(key);
  return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<bool> Repository::flag(std::initializer_list<std::string_view> keys) const {
  for (const auto* from : {&settings, main.get()})
    for (const auto key : keys)
      if (const auto found = from->find(key); found != from->end())
        if (const auto value = flag_of(found->second)) return value;
  return std::nullopt;
}

bool Repository::is_enabled() const {
  return flag_of(text("enabled")).value_or(true);
}

std::string Repository::excludes() const {
  std::string all(text("exclude"));
  const auto modern = text("excludepkgs");
  return all.append(all.empty() || modern.empty() ? "" : " ").append(modern);
}

Result<std::vector<Repository>> read_repositories(Host& host) {
  const auto variables = read_variables(host);
  if (!variables) return fail(variables.error());
  std::vector<Repository> found;
  bool has_folder = false;
  for (const auto& manager : kManagers) {
    const auto file = read_main(host, manager);
    if (!file) return fail(file.error());
    const bool minds_letters = file->path == kManagers.front().main_files.front();
    auto main = main_settings(*file, minds_letters);
    if (!main) return fail(std::move(main.error()));
    Repository common{.manager = manager.name,
                      .file = file->path,
                      .minds_letters = minds_letters,
                      .main = std::make_shared<const RepositorySettings>(*std::move(main))};
    // dnf and yum take entries from the main file, too.
    if (manager.name == "dnf")
      if (auto read = read_entries(file->text, common, *variables, found); !read)
        return fail(std::move(read.error()));
    for (const auto folder : manager.folders) {
      if (folder.empty()) continue;
      const auto is_there = read_folder(host, folder, common, *variables, found);
      if (!is_there) return fail(is_there.error());
      has_folder |= *is_there;
    }
  }
  if (!has_folder && found.empty())
    return fail(Code::kNotFound, "neither dnf, yum nor zypper has a folder of sources");
  // Of two of one name the first is used.
  std::set<std::pair<std::string_view, std::string>> names;
  std::erase_if(found, [&](const Repository& repository) {
    return !names.emplace(repository.manager, repository.id).second;
  });
  return found;
}

}  // namespace assay::agent
