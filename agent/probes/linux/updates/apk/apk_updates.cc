#include "agent/probes/linux/updates/apk/apk_updates.h"

#include <map>

#include "agent/probes/linux/software/apk_database.h"
#include "agent/probes/linux/software/apk_installed.h"
#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"
#include "agent/probes/linux/updates/apk/apk_index.h"
#include "agent/probes/linux/updates/apk/apk_repositories.h"
#include "agent/probes/linux/updates/apk/apk_version.h"
#include "agent/probes/linux/updates/list_age.h"
#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

constexpr std::string_view kNoArch = "noarch";

// The best that the repositories offer of an installed package.
struct Offer {
  std::string version;
  const ApkRepository* repository = nullptr;
  std::int64_t made_ns = 0;  // of the index
};

// Names in /etc/apk/world that ask for a version: "nginx=1.26.2-r0", "php<8", "curl~8".
std::set<std::string, std::less<>> held_packages(std::string_view world) {
  std::set<std::string, std::less<>> held;
  Lines lines(world);
  while (const auto line = lines.next()) {
    const auto wish = trimmed(*line);
    const auto end = wish.find_first_of("=<>~");
    if (end != std::string_view::npos && wish[end] != '>')
      held.emplace(wish.substr(0, std::min(end, wish.find('@'))));
  }
  return held;
}

class ApkUpdates {
 public:
  ApkUpdates(Host& host, const std::vector<ApkPackage>& installed) : host_(host) {
    for (const auto& package : installed) installed_.emplace(package.name, &package);
  }

  Result<evidence::Table> collect() {
    const auto repositories = read_apk_repositories(host_);
    if (!repositories) return fail(repositories.error());
    const auto world = host_.read_file("/etc/apk/world", kMaxConfigBytes);
    if (!world && world.error().code() != Code::kNotFound) return fail(world.error());
    if (world) held_ = held_packages(*world);
    for (const auto& line : repositories->not_understood)
      add_unknown("the repository " + without_secrets(line) +
                  " is written in a form that is not read");
    if (auto read = read_architecture(); !read) return fail(std::move(read.error()));
    for (const auto& repository : repositories->found)
      if (auto read = read_index(repository); !read) return fail(std::move(read.error()));
    if (!has_index_)
      return fail(Code::kNotFound,
                  first_missing_.empty() ? "no repository of packages is set" : first_missing_);
    add_rows();
    return std::move(table_);
  }

 private:
  void add_unknown(std::string reason) { table_.add({{"unknown_reason", std::move(reason)}}); }

  // Of the packages, where apk's own setting is not there: most are of the system's.
  Status read_architecture() {
    const auto text = host_.read_file("/etc/apk/arch", kMaxConfigBytes);
    if (!text && text.error().code() != Code::kNotFound) return fail(text.error());
    if (text) arch_ = trimmed(text->substr(0, text->find('\n')));
    std::map<std::string_view, std::size_t> counts;
    for (const auto& [name, package] : installed_)
      if (package->arch != kNoArch) ++counts[package->arch];
    const auto most =
        std::ranges::max_element(counts, {}, [](const auto& at) { return at.second; });
    if (arch_.empty() && most != counts.end()) arch_ = most->first;
    if (arch_.empty()) return fail(Code::kInvalidData, "the architecture of apk is not known");
    return {};
  }

  Status read_index(const ApkRepository& repository) {
    for (const auto& path : apk_index_paths(repository, arch_)) {
      const auto status = host_.status(path);
      if (!status && status.error().code() == Code::kNotFound) continue;
      if (!status) return fail(status.error());
      ApkIndexScanner scanner(
          [&](const IndexedApk& offered) { take(offered, repository, status->modified_ns); });
      if (auto read = scan_stored_file(host_, path, scanner, "reading " + path); !read) return read;
      has_index_ = true;
      tell_if_stale(repository, status->modified_ns);
      return {};
    }
    auto missing = "nothing was ever fetched from the repository " +
                   without_secrets(repository.url) + ", or it is not kept";
    if (first_missing_.empty()) first_missing_ = missing;
    add_unknown(std::move(missing));
    return {};
  }

  void tell_if_stale(const ApkRepository& repository, std::int64_t made_ns) {
    if (const auto day = stale_since(host_, made_ns))
      add_unknown("the index of the repository " + without_secrets(repository.url) + " is of " +
                  *day + ": newer updates are not in it");
  }

  void take(const IndexedApk& offered, const ApkRepository& repository, std::int64_t made_ns) {
    const auto found = installed_.find(offered.name);
    if (found == installed_.end()) return;
    const auto& package = *found->second;
    // Only packages that were asked for with the tag come from there.
    if (!repository.tag.empty() && package.repository_tag != repository.tag) return;
    auto& best = offers_[std::string(offered.name)];
    const auto order =
        apk_compare(offered.version, best.version.empty() ? package.version : best.version);
    if (!order) {
      unordered_.emplace(offered.name);
    } else if (*order > 0) {
      best = {
          .version = std::string(offered.version), .repository = &repository, .made_ns = made_ns};
    }
  }

  void add_rows() {
    const auto release = read_os_release(host_);
    const OsRelease known = release ? *release : OsRelease{};
    const auto name_space = in_small_letters(value_of(known, "ID"));
    for (const auto& [name, offer] : offers_) {
      if (offer.repository == nullptr) continue;
      const auto& package = *installed_.find(name)->second;
      evidence::Value purl = evidence::kNull;
      if (!name_space.empty())
        purl = Purl("apk", name_space, in_small_letters(name), package.version)
                   .with("arch", package.arch)
                   .with("distro", distro_qualifier(known))
                   .take();
      const bool has_source = !package.origin.empty() && package.origin != package.name;
      table_.add({{"name", name},
                  {"version", std::string(package.version)},
                  {"available_version", offer.version},
                  {"arch", text_or_null(package.arch)},
                  {"source", has_source ? text_or_null(package.origin) : evidence::kNull},
                  {"is_held", std::int64_t{held_.contains(name) ? 1 : 0}},
                  {"list_date",
                   text_or_null(date_of_milliseconds(offer.made_ns / 1'000'000).value_or(""))},
                  {"purl", std::move(purl)},
                  {"repository", without_secrets(offer.repository->url)}});
    }
    for (const auto& name : unordered_)
      add_unknown("which version of " + name + " is newer cannot be told: one is none of apk's");
  }

  Host& host_;
  std::map<std::string_view, const ApkPackage*, std::less<>> installed_;
  std::set<std::string, std::less<>> held_;
  std::string arch_;
  std::map<std::string, Offer, std::less<>> offers_;
  std::set<std::string, std::less<>> unordered_;
  bool has_index_ = false;
  std::string first_missing_;
  evidence::Table table_{*evidence::find_table("pending_updates")};
};

}  // namespace

Result<evidence::Table> collect_apk_updates(Host& host) {
  const auto database = read_apk_database(host);
  if (!database) return fail(database.error());
  const auto installed = parse_apk_installed(database->text);
  if (!installed) return fail(installed.error().within("reading " + std::string(database->path)));
  return ApkUpdates(host, *installed).collect();
}

}  // namespace assay::agent
