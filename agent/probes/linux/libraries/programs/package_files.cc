#include "agent/probes/linux/libraries/programs/package_files.h"

#include <array>
#include <map>

#include "agent/probes/linux/libraries/programs/real_paths.h"
#include "agent/probes/linux/software/apk_files.h"
#include "agent/probes/linux/software/rpm/rpm_files.h"
#include "agent/probes/linux/software/rpm/rpm_packages.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kInfo = "/var/lib/dpkg/info";
constexpr std::string_view kDiversions = "/var/lib/dpkg/diversions";
constexpr std::string_view kList = ".list";
constexpr std::size_t kMaxListBytes = 64U << 20U;
// What may be a link to another folder, so that a file in it has two names: bin merged into usr,
// sbin into bin, and folders that an image-based system keeps below /var.
constexpr std::array<std::string_view, 9> kMayBeLinks = {
    "/bin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/sbin", "/usr/local", "/usr/sbin"};

// Snaps and flatpaks bring folders of their own, which nothing else writes to.
bool is_in_app_folder(std::string_view path) {
  return path.starts_with("/snap/") || path.starts_with("/var/lib/snapd/snap/") ||
         path.starts_with("/var/lib/flatpak/");
}

// Takes paths out of a set by the names that packages' lists have for them.
class Remover {
 public:
  Remover(Host& host, PathSet& paths) : paths_(paths) {
    RealPaths real(host);
    for (const auto folder : kMayBeLinks) {
      const auto leads_to = real.of(folder);
      if (leads_to && *leads_to != folder)
        links_.push_back({.folder = std::string(folder) + "/", .leads_to = *leads_to + "/"});
    }
  }

  [[nodiscard]] bool is_done() const { return paths_.empty(); }

  void remove(std::string_view path) {
    remove_one(path);
    for (const auto& [folder, leads_to] : links_) {
      if (!path.starts_with(folder)) continue;
      real_.assign(leads_to).append(path.substr(folder.size()));
      remove_one(real_);
    }
  }

 private:
  struct Link {
    std::string folder;
    std::string leads_to;
  };

  void remove_one(std::string_view path) {
    if (const auto found = paths_.find(path); found != paths_.end()) paths_.erase(found);
  }

  PathSet& paths_;
  std::vector<Link> links_;
  std::string real_;
};

class DpkgLists {
 public:
  DpkgLists(Host& host, Remover& remover) : host_(host), remover_(remover) {}

  // False when the system has no dpkg.
  Result<bool> remove_owned() {
    const auto names = host_.list_directory(kInfo, kMaxDirectoryEntries);
    if (!names) {
      if (names.error().code() == Code::kNotFound) return false;
      return fail(names.error());
    }
    if (auto read = read_diversions(); !read) return fail(std::move(read.error()));
    bool has_lists = false;
    for (const std::string_view name : *names) {
      if (!name.ends_with(kList)) continue;
      has_lists = true;
      if (remover_.is_done()) break;
      if (auto read = read_list(name); !read) return fail(std::move(read.error()));
    }
    return has_lists;
  }

 private:
  Status read_diversions() {
    auto text = host_.read_file(kDiversions, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(std::move(text.error()));
    text_of_diversions_ = *std::move(text);
    const auto diversions = parse_diversions(text_of_diversions_);
    if (!diversions) return fail(diversions.error().within(kDiversions));
    for (const auto& diversion : *diversions) diversions_[diversion.from] = diversion;
    return {};
  }

  Status read_list(std::string_view name) {
    const auto list = host_.read_file(std::string(kInfo).append("/").append(name), kMaxListBytes);
    if (!list) {
      if (list.error().code() == Code::kNotFound) return {};  // removed since the listing
      return fail(list.error());
    }
    name.remove_suffix(kList.size());
    const auto package = name.substr(0, name.find(':'));  // "libc6:amd64"
    Lines lines(*list);
    while (const auto line = lines.next()) add(*line, package);
    return {};
  }

  void add(std::string_view path, std::string_view package) {
    const auto diverted = diversions_.find(path);
    if (diverted != diversions_.end() && diverted->second.by != package)
      path = diverted->second.to;  // the file of this package stands there
    remover_.remove(path);
  }

  Host& host_;
  Remover& remover_;
  std::string text_of_diversions_;
  std::map<std::string_view, Diversion> diversions_;
};

Result<bool> remove_owned_by_apk(Host& host, Remover& remover) {
  auto visited = visit_apk_files(
      host, [&](std::string_view file, std::string_view) { remover.remove(file); });
  if (visited) return true;
  if (visited.error().code() == Code::kNotFound) return false;
  return fail(std::move(visited.error()));
}

Result<bool> remove_owned_by_rpm(Host& host, Remover& remover) {
  auto visited = visit_rpm_packages(host, [&](ByteSource& header) {
    return visit_rpm_files(header, [&](std::string_view file) { remover.remove(file); });
  });
  if (visited) return true;
  if (visited.error().code() == Code::kNotFound) return false;
  return fail(std::move(visited.error()));
}

}  // namespace

Status remove_packaged(Host& host, PathSet& paths) {
  Remover remover(host, paths);
  const auto by_dpkg = DpkgLists(host, remover).remove_owned();
  if (!by_dpkg) return fail(by_dpkg.error());
  const auto by_apk = remove_owned_by_apk(host, remover);
  if (!by_apk) return fail(by_apk.error());
  const auto by_rpm = remove_owned_by_rpm(host, remover);
  if (!by_rpm) return fail(by_rpm.error());
  if (!*by_dpkg && !*by_apk && !*by_rpm)
    return fail(Code::kNotSupported, "there is no list of packages' files of a known kind");
  std::erase_if(paths, is_in_app_folder);
  return {};
}

Result<std::vector<Diversion>> parse_diversions(std::string_view text) {
  std::vector<Diversion> diversions;
  Lines lines(text);
  while (const auto from = lines.next()) {
    const auto to = lines.next();
    const auto by = lines.next();
    if (!to || !by || !from->starts_with('/') || !to->starts_with('/') || by->empty())
      return fail(Code::kInvalidData,
                  "line " + std::to_string(lines.number()) + ": no group of three lines");
    diversions.push_back({.from = *from, .to = *to, .by = *by});
  }
  return diversions;
}

}  // namespace assay::agent
