#include "agent/probes/linux/software/other_owners.h"

#include <array>

#include "agent/probes/linux/software/apk_files.h"
#include "agent/probes/linux/software/rpm/rpm_files.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"

namespace assay::agent {
namespace {

// What may be a link to another folder: bin merged into usr, sbin into bin, and folders that an
// image-based system keeps below /var. In this order each may lead to one before it.
constexpr std::array<std::string_view, 7> kMayBeLinks = {"/usr/sbin", "/usr/local", "/opt",  "/bin",
                                                         "/sbin",     "/lib",       "/lib64"};

// Which of the wanted files a list's name means.
using Wanted = std::map<std::string, std::string, std::less<>>;

Wanted all_names(Host& host, const std::set<std::string>& paths) {
  Wanted wanted;
  for (const auto& path : paths)
    for (const auto& name : names_of_file(host, path)) wanted.emplace(name, path);
  return wanted;
}

std::string target_of(Host& host, std::string_view folder) {
  const auto link = host.read_link(folder);
  if (!link || link->empty()) return {};
  auto target = *link;
  if (!target.starts_with('/'))
    target = std::string(folder.substr(0, folder.rfind('/') + 1)).append(target);
  while (target.size() > 1 && target.ends_with('/')) target.pop_back();
  return target;
}

}  // namespace

std::set<std::string> names_of_file(Host& host, std::string_view path) {
  std::set<std::string> names = {std::string(path)};
  for (const auto folder : kMayBeLinks) {
    const auto target = target_of(host, folder);
    if (target.empty() || target == "/") continue;
    std::set<std::string> more;
    for (const std::string_view name : names)
      if (name.starts_with(target) && name.substr(target.size()).starts_with('/'))
        more.insert(std::string(folder).append(name.substr(target.size())));
    names.merge(more);
  }
  return names;
}

Status add_apk_owners(Host& host, const std::set<std::string>& paths,
                      std::map<std::string, std::string>& owners) {
  const auto wanted = all_names(host, paths);
  auto visited = visit_apk_files(host, [&](std::string_view path, std::string_view package) {
    if (package.empty()) return;
    if (const auto found = wanted.find(path); found != wanted.end())
      owners.emplace(found->second, package);
  });
  if (!visited && visited.error().code() != Code::kNotFound) return visited;
  return {};
}

Status add_rpm_owners(Host& host, const std::set<std::string>& paths,
                      std::map<std::string, std::string>& owners) {
  const auto wanted = all_names(host, paths);
  RpmSelection selection{.by = RpmSelection::By::kFileName, .keys = {}};
  for (const auto& path : paths) selection.keys.insert(path.substr(path.rfind('/') + 1));
  const auto all = owners.size() + paths.size();  // then nothing is left to look for
  auto visited = visit_rpm_packages(
      host,
      [&](ByteSource& header) -> Status {
        if (owners.size() >= all) return {};
        std::set<std::string> found;
        auto seen = visit_rpm_files(header, [&](std::string_view path) {
          if (const auto at = wanted.find(path); at != wanted.end()) found.insert(at->second);
        });
        if (!seen) return seen;
        if (found.empty()) return {};
        const auto read = read_rpm_header(header);
        if (!read) return fail(read.error());
        for (const auto& path : found) owners.emplace(path, read->name);
        return {};
      },
      selection);
  if (!visited && visited.error().code() != Code::kNotFound) return visited;
  return {};
}

}  // namespace assay::agent
