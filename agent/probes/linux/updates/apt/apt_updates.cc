#include "agent/probes/linux/updates/apt/apt_updates.h"

#include "agent/probes/linux/software/deb_packages.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/apt/upgrade_policy.h"
#include "agent/probes/linux/updates/stored_file.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::string_view kStatus = "/var/lib/dpkg/status";
constexpr std::string_view kArchitectures = "/var/lib/dpkg/arch";
constexpr std::string_view kOtherManager =
    "the updates of this system are known to its package manager only: this agent reads the lists "
    "of apt, apk, dnf, yum and zypper";

// The system's own architecture first, then the foreign ones.
Result<std::vector<std::string>> read_architectures(Host& host,
                                                    const std::vector<DpkgPackage>& packages) {
  std::vector<std::string> found;
  if (const auto text = host.read_file(kArchitectures, kMaxConfigBytes)) {
    Lines lines(*text);
    while (const auto line = lines.next())
      if (const auto arch = trimmed(*line); !arch.empty()) found.emplace_back(arch);
  } else if (text.error().code() != Code::kNotFound) {
    return fail(text.error());
  }
  if (!found.empty()) return found;
  for (const auto& package : packages)
    if (package.name == "dpkg" && is_present(package))
      return std::vector{std::string(package.arch)};
  return fail(Code::kInvalidData, "dpkg itself is not installed: the architecture is not known");
}

Result<std::vector<AptPin>> all_pins(Host& host) {
  const auto conf = AptConf::load(host);
  if (!conf) return fail(conf.error());
  auto pins = read_preferences(host);
  if (!pins) return pins;
  if (const auto* release = conf->find("APT::Default-Release");
      release != nullptr && !release->value.empty())
    pins->insert(pins->begin(), default_release_pin(release->value));
  return pins;
}

Status scan_list(Host& host, const PackageList& list, std::size_t number, UpgradePolicy& policy) {
  PackagesScanner scanner([&](std::string_view name) { return policy.is_installed(name); },
                          [&](const ListedPackage& listed) { policy.offer(listed, number); });
  const auto context = "reading " + list.path;
  if (auto done = scan_stored_file(host, list.path, scanner, context); !done) return done;
  if (list.stated_bytes != 0 && list.stated_bytes != scanner.bytes())
    return fail(Code::kInvalidData, context + ": " + std::to_string(scanner.bytes()) +
                                        " bytes, its Release file says " +
                                        std::to_string(list.stated_bytes));
  return {};
}

void add_upgrade(const Upgrade& upgrade, const PackageLists& lists, const DebPurl& purl,
                 evidence::Table& table) {
  const auto& package = *upgrade.installed;
  const auto& list = lists.lists[upgrade.offered->list];
  const auto& release = lists.releases[list.release];
  evidence::Value is_security = std::int64_t{1};
  if (!upgrade.is_security)
    is_security = is_security_release(release) ? evidence::Value(std::int64_t{0}) : evidence::kNull;
  table.add({{"name", std::string(package.name)},
             {"version", std::string(package.version)},
             {"available_version", upgrade.offered->version},
             {"arch", text_or_null(package.arch)},
             {"source", text_or_null(package.source)},
             {"origin", text_or_null(release.origin)},
             {"label", text_or_null(release.label)},
             {"suite", text_or_null(release.suite)},
             {"codename", text_or_null(release.codename)},
             {"component", text_or_null(list.component)},
             {"is_security", is_security},
             {"is_held", std::int64_t{is_held(package) ? 1 : 0}},
             {"phased_percent", number_or_null(upgrade.offered->phased_percent)},
             {"list_date", text_or_null(release.date)},
             {"purl", text_or_null(purl.of(package.name, package.version, package.arch))}});
}

void add_unknown(std::string reason, evidence::Table& table) {
  table.add({{"unknown_reason", std::move(reason)}});
}

// No system of apt's, so what is pending is unknown, not nothing.
Error without_dpkg(const Error& error) {
  return error.code() == Code::kNotFound ? Error(Code::kNotSupported, std::string(kOtherManager))
                                         : error;
}

}  // namespace

Result<evidence::Table> collect_apt_updates(Host& host) {
  const auto text = host.read_file(kStatus, evidence::kMaxTableBytes);
  if (!text) return fail(without_dpkg(text.error()));
  const auto parsed = parse_dpkg_status(*text, DpkgLayout::kStatus);
  if (!parsed) return fail(parsed.error().within("reading " + std::string(kStatus)));
  // dpkg as a tool on a system of rpm's.
  if (std::ranges::none_of(parsed->packages, is_present))
    return fail(Code::kNotSupported, std::string(kOtherManager));
  const auto architectures = read_architectures(host, parsed->packages);
  if (!architectures) return fail(architectures.error());
  const auto sources = read_apt_sources(host);
  if (!sources) return fail(sources.error());
  const auto pins = all_pins(host);
  if (!pins) return fail(pins.error());
  const auto lists = find_package_lists(host, *sources, *architectures);
  if (!lists) return fail(lists.error());

  UpgradePolicy policy(parsed->packages, *lists, *pins, architectures->front());
  for (std::size_t i = 0; i < lists->lists.size(); ++i)
    if (auto scanned = scan_list(host, lists->lists[i], i, policy); !scanned)
      return fail(std::move(scanned.error()));

  evidence::Table table(*evidence::find_table("pending_updates"));
  const auto release = read_os_release(host);
  const DebPurl purl(release ? *release : OsRelease{});
  for (const auto& upgrade : policy.upgrades()) add_upgrade(upgrade, *lists, purl, table);
  for (const auto& missing : lists->missing) add_unknown(missing, table);
  for (const auto& pin : *pins)
    if (!pin.is_understood())
      add_unknown("the pin at line " + std::to_string(pin.line) + " of " + pin.file +
                      " is a regular expression, which is not applied",
                  table);
  return table;
}

}  // namespace assay::agent
