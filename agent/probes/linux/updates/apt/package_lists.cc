#include "agent/probes/linux/updates/apt/package_lists.h"

#include "agent/probes/linux/text/addresses.h"

namespace assay::agent {
namespace {

constexpr std::size_t kReleaseHeadBytes = 8U << 10U;
constexpr std::size_t kMaxReleaseBytes = 16U << 20U;
constexpr std::array<std::string_view, 7> kEndings = {"",    ".lz4", ".gz",  ".zst",
                                                      ".xz", ".bz2", ".lzma"};

std::string path_of(std::string_view name) {
  return std::string(kAptLists).append("/").append(name);
}

std::string site_of(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  uri = uri.substr(scheme + 3);
  uri = uri.substr(0, uri.find('/'));
  if (const auto at = uri.rfind('@'); at != std::string_view::npos) uri.remove_prefix(at + 1);
  return std::string(uri.substr(0, uri.find(':')));
}

// "$(ARCH)" is written in suites of flat repositories.
std::string with_arch(std::string text, std::string_view arch) {
  constexpr std::string_view kVariable = "$(ARCH)";
  if (const auto at = text.find(kVariable); at != std::string::npos)
    text.replace(at, kVariable.size(), arch);
  return text;
}

// Of one source: its lists, and what of it is missing.
class SourceLists {
 public:
  SourceLists(const std::set<std::string, std::less<>>& names, const AptSource& source,
              std::string release_text, PackageLists& into)
      : names_(names),
        source_(source),
        prefix_(list_prefix(source)),
        release_text_(std::move(release_text)),
        into_(into) {}

  // `file`: below the folder of the Release file.
  void add(const std::string& file, const std::string& component, bool is_optional) {
    std::string quoted = prefix_;
    for (const char c : file) quoted += c == '/' ? '_' : c;
    const auto stated = size_in_release(release_text_, file);
    for (const auto ending : kEndings) {
      const auto name = quoted + std::string(ending);
      if (!names_.contains(name)) continue;
      into_.lists.push_back({.path = path_of(name),
                             .component = component,
                             .site = site_of(source_.uri),
                             .release = into_.releases.size() - 1,
                             .stated_bytes = stated.value_or(0)});
      return;
    }
    // apt does not fetch what the Release file does not list, or lists as empty.
    if (is_optional || !stated || *stated == 0) return;
    into_.missing.push_back("the list " + file + " of " + public_address(source_.uri) + " " +
                            source_.suite + " was not fetched");
  }

 private:
  const std::set<std::string, std::less<>>& names_;
  const AptSource& source_;
  std::string prefix_;
  std::string release_text_;
  PackageLists& into_;
};

void add_lists(SourceLists& lists, const AptSource& source,
               const std::vector<std::string>& architectures) {
  if (source.suite.ends_with('/')) return lists.add("Packages", "", false);
  for (const auto& component : source.components) {
    for (const auto& arch : architectures)
      lists.add(component + "/binary-" + arch + "/Packages", component, false);
    lists.add(component + "/binary-all/Packages", component, true);
  }
}

}  // namespace

Result<std::set<std::string, std::less<>>> apt_list_names(Host& host) {
  const auto names = host.list_directory(kAptLists, kMaxDirectoryEntries);
  if (names) return std::set<std::string, std::less<>>(names->begin(), names->end());
  if (names.error().code() == Code::kNotFound) return std::set<std::string, std::less<>>();
  return fail(names.error());
}

std::string release_path(const std::set<std::string, std::less<>>& names, const AptSource& source) {
  const auto prefix = list_prefix(source);
  for (const std::string_view file : {"InRelease", "Release"})
    if (const auto name = prefix + std::string(file); names.contains(name)) return path_of(name);
  return {};
}

Result<AptRelease> read_release(Host& host, const std::string& path) {
  const auto head = host.read_start(path, kReleaseHeadBytes);
  if (!head) return fail(head.error());
  // The last line may be cut.
  const auto whole = head->size() < kReleaseHeadBytes ? head->size() : head->rfind('\n') + 1;
  auto release = parse_release(std::string_view(*head).substr(0, whole));
  if (!release) return fail(release.error().within("reading " + path));
  return release;
}

Result<PackageLists> find_package_lists(Host& host, const std::vector<AptSource>& sources,
                                        const std::vector<std::string>& architectures) {
  const auto names = apt_list_names(host);
  if (!names) return fail(names.error());
  PackageLists found;
  std::set<std::string> seen;
  bool has_source = false;
  for (auto source : sources) {
    if (!source.is_enabled || source.type != "deb") continue;
    has_source = true;
    source.suite = with_arch(source.suite, architectures.front());
    const auto path = release_path(*names, source);
    if (path.empty()) {
      found.missing.push_back("nothing was ever fetched from " + public_address(source.uri) + " " +
                              source.suite);
      continue;
    }
    const auto text = host.read_file(path, kMaxReleaseBytes);
    if (!text) return fail(text.error());
    const auto release = parse_release(*text);
    if (!release) return fail(release.error().within("reading " + path));
    found.releases.push_back(*release);
    SourceLists lists(*names, source, *text, found);
    add_lists(lists, source, source.architectures.empty() ? architectures : source.architectures);
  }
  // The same list may belong to two lines.
  std::erase_if(found.lists, [&](const auto& list) { return !seen.insert(list.path).second; });
  if (!has_source) return fail(Code::kNotFound, "no source of packages is configured");
  if (found.lists.empty() && !found.missing.empty())
    return fail(Code::kNotFound, "apt has no package lists: " + found.missing.front());
  return found;
}

}  // namespace assay::agent
