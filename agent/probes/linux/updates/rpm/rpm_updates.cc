#include "agent/probes/linux/updates/rpm/rpm_updates.h"

#include <chrono>

#include "agent/probes/linux/software/rpm/rpm_packages.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/dates.h"
#include "agent/probes/linux/updates/list_age.h"
#include "agent/probes/linux/updates/rpm/held_packages.h"
#include "agent/probes/linux/updates/rpm/list_files.h"
#include "agent/probes/linux/updates/rpm/primary_database.h"
#include "agent/probes/linux/updates/rpm/repositories.h"
#include "agent/probes/linux/updates/rpm/repository_caches.h"
#include "agent/probes/linux/updates/rpm/repository_index.h"
#include "agent/probes/linux/updates/rpm/rpm_upgrade_policy.h"
#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kDefaultPriority = 99;
constexpr std::size_t kMaxIndexBytes = 1U << 20U;
constexpr std::size_t kMaxPackages = 200'000;
constexpr std::size_t kMaxAdvisoriesInCell = 20;

// A repository that is in use, with what of it is there.
struct Source {
  const Repository* repository = nullptr;
  std::size_t number = 0;  // among all repositories
  ListFile primary;
  ListFiles advisories;
  std::string list_date;

  [[nodiscard]] bool has_advisories() const { return advisories.found.has_value(); }
};

class RpmUpdates {
 public:
  RpmUpdates(Host& host, evidence::Table& table) : host_(host), table_(table) {}

  Status collect() {
    if (auto read = read_installed(); !read) return read;
    auto repositories = read_repositories(host_);
    if (!repositories) return fail(std::move(repositories.error()));
    repositories_ = *std::move(repositories);
    if (auto found = find_sources(); !found) return found;
    auto held = HeldPackages::read(host_, repositories_);
    if (!held) return fail(std::move(held.error()));
    RpmUpgradePolicy policy(installed_);
    for (auto& source : sources_)
      if (auto scanned = scan_advisories(source, policy); !scanned) return scanned;
    for (const auto& source : sources_)
      if (auto scanned = scan_primary(source, *held, policy); !scanned) return scanned;
    if (policy.has_too_many_advisories())
      return fail(Code::kTooLarge, "more advisories of one package than the limit");
    add_rows(policy);
    return {};
  }

 private:
  Status read_installed() {
    auto visited = visit_rpm_packages(host_, [&](ByteSource& bytes) -> Status {
      auto header = read_rpm_header(bytes);
      if (!header) return fail(std::move(header.error()));
      if (installed_.size() == kMaxPackages)
        return fail(Code::kTooLarge, "more packages than a table may have rows");
      installed_.push_back(*std::move(header));
      return {};
    });
    return visited;
  }

  void add_unknown(std::string reason) { table_.add({{"unknown_reason", std::move(reason)}}); }

  Status find_sources() {
    const auto caches = RepositoryCaches::find(host_, repositories_);
    if (!caches) return fail(caches.error());
    bool is_any_enabled = false;
    std::string first_missing;
    for (std::size_t i = 0; i < repositories_.size(); ++i) {
      const auto& repository = repositories_[i];
      if (!repository.is_enabled()) continue;
      is_any_enabled = true;
      const auto* cache = caches->of(repository);
      auto missing = cache == nullptr ? Result<std::string>(
                                            "nothing was ever fetched from the "
                                            "repository " +
                                            repository.id)
                                      : add_source(i, *cache);
      if (!missing) return fail(std::move(missing.error()));
      if (missing->empty()) continue;
      if (first_missing.empty()) first_missing = *missing;
      add_unknown(*std::move(missing));
    }
    if (!is_any_enabled) return fail(Code::kNotFound, "no repository of packages is enabled");
    if (sources_.empty()) return fail(Code::kNotFound, first_missing);
    return {};
  }

  // In words what is missing, so that nothing can be told of the repository; empty: nothing is.
  Result<std::string> add_source(std::size_t number, const RepositoryCache& cache) {
    const auto& repository = repositories_[number];
    const auto path = cache.folder + "/" + std::string(kIndexName);
    const auto text = host_.read_file(path, kMaxIndexBytes);
    if (!text) return fail(text.error());
    const auto lists = parse_repository_index(*text);
    if (!lists) return fail(lists.error().within("reading " + path));
    auto primary = find_primary(host_, cache.folder, *lists);
    if (!primary) return fail(std::move(primary.error()));
    if (primary->first_named.empty())
      return "the repository " + repository.id + " has no list that this agent reads";
    if (!primary->found)
      return "the list " + primary->first_named + " of the repository " + repository.id +
             " is not in the cache";
    auto advisories = find_advisories(host_, cache.folder, *lists);
    if (!advisories) return fail(std::move(advisories.error()));
    const auto fetched = fetched_ns(cache);
    if (!fetched) return fail(fetched.error());
    tell_if_stale(repository, std::max(primary->found->status.modified_ns, *fetched));
    const auto made = primary->found->list.made.value_or(0);
    Source source{.repository = &repository,
                  .number = number,
                  .primary = *std::move(primary->found),
                  .advisories = *std::move(advisories),
                  .list_date = date_of_milliseconds(made * 1000).value_or("")};
    sources_.push_back(std::move(source));
    return std::string();
  }

  // yum leaves the index the date that the server gave it, and touches a file beside it.
  Result<std::int64_t> fetched_ns(const RepositoryCache& cache) {
    const auto touched = host_.status(cache.folder + "/cachecookie");
    if (touched) return std::max(touched->modified_ns, cache.index_modified_ns);
    if (touched.error().code() != Code::kNotFound) return fail(touched.error());
    return cache.index_modified_ns;
  }

  // dnf and zypper touch the files when the repository has nothing newer.
  void tell_if_stale(const Repository& repository, std::int64_t fetched_ns) {
    if (const auto day = stale_since(host_, fetched_ns))
      add_unknown("the list of the repository " + repository.id + " was fetched last on " + *day +
                  ": newer updates are not in it");
  }

  // Fewer bytes would be fewer packages.
  static Status check_size(const ListFile& file, std::uint64_t bytes) {
    const auto& stated = file.list.unpacked_bytes;
    if (!stated || *stated == bytes) return {};
    return fail(Code::kInvalidData, "reading " + file.path + ": " + std::to_string(bytes) +
                                        " bytes, its index says " + std::to_string(*stated));
  }

  template <typename Scanner>
  Status scan(const ListFile& file, Scanner& scanner) {
    if (auto done = scan_stored_file(host_, file.path, scanner, "reading " + file.path); !done)
      return done;
    return check_size(file, scanner.bytes());
  }

  Status scan_advisories(Source& source, RpmUpgradePolicy& policy) {
    if (source.advisories.first_named.empty()) return {};
    AdvisoryScanner scanner([&](std::string_view name) { return policy.is_installed(name); },
                            [&](const AdvisedRpm& advised) { policy.advise(advised); });
    auto scanned = source.has_advisories()
                       ? scan(*source.advisories.found, scanner)
                       : Status(fail(Code::kNotFound, "the list " + source.advisories.first_named +
                                                          " is not in the cache"));
    if (scanned) return {};
    // Not fetched, or packed in a way that cannot be unpacked: the updates are still known.
    const auto code = scanned.error().code();
    if (code != Code::kNotFound && code != Code::kNotSupported) return scanned;
    add_unknown("which updates of the repository " + source.repository->id +
                " are security updates is not known: " + scanned.error().message());
    source.advisories.found.reset();
    return {};
  }

  Status scan_primary(const Source& source, const HeldPackages& held, RpmUpgradePolicy& policy) {
    const auto priority = decimal(source.repository->text("priority")).value_or(kDefaultPriority);
    const auto is_wanted = [&](std::string_view name) { return policy.is_installed(name); };
    const auto offer = [&](const OfferedRpm& offered) {
      if (!held.takes(offered, source.number)) return;
      policy.offer(offered, source.number, priority, held.holds(offered, source.number));
    };
    if (source.primary.is_database) {
      const auto scanned = scan_database(host_, source.primary.path, is_wanted, offer);
      return scanned ? check_size(source.primary, *scanned) : Status(fail(scanned.error()));
    }
    PrimaryScanner scanner(is_wanted, offer);
    return scan(source.primary, scanner);
  }

  void add_rows(const RpmUpgradePolicy& policy) {
    const auto release = read_os_release(host_);
    const OsRelease known = release ? *release : OsRelease{};
    for (const auto& upgrade : policy.upgrades()) add_row(upgrade, known);
    for (const auto& module : policy.unclear_modules())
      add_unknown("which of the newer packages belong to the module " + module +
                  " is not known: no advisory says so");
  }

  void add_row(const RpmUpgrade& upgrade, const OsRelease& release) {
    const auto source = std::ranges::find(sources_, upgrade.repository, &Source::number);
    const auto& header = *upgrade.installed;
    evidence::Value is_security = std::int64_t{1};
    if (upgrade.advisories.empty())
      is_security = source->has_advisories() ? evidence::Value(std::int64_t{0}) : evidence::kNull;
    table_.add({{"name", header.name},
                {"version", rpm_version_of(header)},
                {"available_version", upgrade.version},
                {"arch", text_or_null(header.arch)},
                {"source", text_or_null(source_name(header))},
                {"label", text_or_null(source->repository->text("name"))},
                {"is_security", is_security},
                {"is_held", std::int64_t{upgrade.is_held ? 1 : 0}},
                {"list_date", text_or_null(source->list_date)},
                {"purl", text_or_null(rpm_purl(header, release))},
                {"repository", source->repository->id},
                {"advisories", text_or_null(advisories_of(upgrade))}});
  }

  // "openssl" of "openssl-3.0.7-27.el9.src.rpm" for openssl-libs.
  static std::string source_name(const RpmHeader& header) {
    std::string_view name = header.source_rpm;
    for (int i = 0; i < 2; ++i) name = name.substr(0, std::min(name.rfind('-'), name.size()));
    return name == header.name ? std::string() : std::string(name);
  }

  static std::string advisories_of(const RpmUpgrade& upgrade) {
    std::string all;
    std::size_t count = 0;
    for (const auto& advisory : upgrade.advisories) {
      if (count++ == kMaxAdvisoriesInCell) return all + " …";
      if (!all.empty()) all += ' ';
      all += advisory;
    }
    return all;
  }

  Host& host_;
  evidence::Table& table_;
  std::vector<RpmHeader> installed_;
  std::vector<Repository> repositories_;
  std::vector<Source> sources_;
};

}  // namespace

Result<evidence::Table> collect_rpm_updates(Host& host) {
  evidence::Table table(*evidence::find_table("pending_updates"));
  RpmUpdates updates(host, table);
  if (auto collected = updates.collect(); !collected) return fail(std::move(collected.error()));
  return table;
}

}  // namespace assay::agent
