#include "agent/probes/linux/updates/rpm/repositories.h"

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

// Adds the entries of one file to `into`; `common` has what they share.
Status read_entries(std::string_view text, const Repository& common,
                    const RepositorySettings& variables, std::vector<Repository>& into) {
  const auto entries = parse_sections(text, kRepositorySections);
  if (!entries) return fail(entries.error().within("reading " + common.file));
  Repository repository = common;
  for (const auto& entry : *entries) {
    if (!entry.key.empty()) {
      repository.settings[in_small_letters(entry.key)] = with_variables(entry.value, variables);
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

Result<RepositorySettings> read_main(Host& host, const Manager& manager) {
  RepositorySettings main;
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

std::string_view Repository::excludes() const {
  const auto modern = text("excludepkgs");
  return modern.empty() ? text("exclude") : modern;
}

Result<std::vector<Repository>> read_repositories(Host& host) {
  const auto variables = read_variables(host);
  if (!variables) return fail(variables.error());
  std::vector<Repository> found;
  bool has_folder = false;
  for (const auto& manager : kManagers) {
    auto main = read_main(host, manager);
    if (!main) return fail(std::move(main.error()));
    const Repository common{
        .manager = manager.name,
        .main = std::make_shared<const RepositorySettings>(*std::move(main))};
    for (const auto folder : manager.folders) {
      if (folder.empty()) continue;
      const auto is_there = read_folder(host, folder, common, *variables, found);
      if (!is_there) return fail(is_there.error());
      has_folder |= *is_there;
    }
  }
  if (!has_folder)
    return fail(Code::kNotFound, "neither dnf, yum nor zypper has a folder of sources");
  return found;
}

}  // namespace assay::agent
