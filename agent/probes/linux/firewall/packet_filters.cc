#include "agent/probes/linux/firewall/packet_filters.h"

#include "agent/probes/linux/firewall/nft_ruleset.h"
#include "agent/probes/linux/firewall/xt_table.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::uint8_t kIpv4 = 2;
constexpr std::uint8_t kIpv6 = 10;
constexpr std::string_view kModule = "nf_tables";
constexpr std::size_t kMaxListBytes = 4U << 20U;

// Whether a line of `list` is, or its path ends in, the name. The kernel writes "_" where the
// file may be called with "-".
bool lists_module(std::string_view list, std::string_view module, bool is_of_paths) {
  Lines lines(list);
  while (const auto line = lines.next()) {
    auto name = line->substr(0, line->find_first_of(" \t"));
    if (is_of_paths) {
      name = name.substr(name.rfind('/') + 1);
      name = name.substr(0, name.find(".ko"));
    }
    if (name == module) return true;
  }
  return false;
}

Result<std::string> kernel_release(Host& host) {
  auto release = host.read_file("/proc/sys/kernel/osrelease", kMaxConfigBytes);
  if (!release) return release;
  return std::string(trimmed(*release));
}

Status add_nftables(Host& host, Counters counters, PacketFilters& filters) {
  const auto has = agent::has_nftables(host);
  if (!has) return fail(has.error());
  if (!*has) return {};
  const auto ruleset = host.nft_ruleset(counters);
  // Built without it after all.
  if (!ruleset && ruleset.error().code() == Code::kNotSupported) return {};
  if (!ruleset) return fail(ruleset.error());
  filters.has_nftables = true;
  if (ruleset->json.empty()) return {};
  auto tables = parse_nft_ruleset(ruleset->json, ruleset->extensions);
  if (!tables) return fail(std::move(tables.error()));
  std::ranges::move(*tables, std::back_inserter(filters.tables));
  return {};
}

// The kernel lists the tables that there are; it would make any other that is asked for.
Result<bool> add_iptables(Host& host, std::uint8_t family, std::string_view list, Counters counters,
                          PacketFilters& filters) {
  const auto names = host.read_file(list, kMaxConfigBytes);
  if (!names && names.error().code() == Code::kNotFound) return false;
  if (!names) return fail(names.error());
  bool has_any = false;
  Lines lines(*names);
  while (const auto line = lines.next()) {
    const auto name = trimmed(*line);
    if (name.empty()) continue;
    const auto raw = host.legacy_filter_table(family, name, counters);
    if (!raw) return fail(raw.error());
    auto table = parse_legacy_table(*raw);
    if (!table) return fail(std::move(table.error()));
    filters.tables.push_back(*std::move(table));
    has_any = true;
  }
  return has_any;
}

}  // namespace

Result<bool> has_nftables(Host& host) {
  const auto loaded = host.read_file("/proc/modules", kMaxListBytes);
  if (loaded && lists_module(*loaded, kModule, false)) return true;
  // A kernel without modules cannot load one: it may be asked.
  if (!loaded && loaded.error().code() == Code::kNotFound) return true;
  if (!loaded) return fail(loaded.error());
  const auto release = kernel_release(host);
  if (!release) return fail(release.error());
  for (const auto* folder : {"/lib/modules/", "/usr/lib/modules/"}) {
    const auto built_in =
        host.read_file(std::string(folder) + *release + "/modules.builtin", kMaxListBytes);
    if (built_in) return lists_module(*built_in, kModule, true);
    if (built_in.error().code() != Code::kNotFound &&
        built_in.error().code() != Code::kPermissionDenied)
      return fail(built_in.error());
  }
  // A service that systemd keeps away from the modules does not see their folder.
  const auto options = host.read_file("/boot/config-" + *release, kMaxListBytes);
  if (options) return options->find("\nCONFIG_NF_TABLES=y") != std::string::npos;
  return fail(Code::kUnavailable,
              "whether the kernel has nftables cannot be told: there is no modules.builtin and no "
              "/boot/config for " +
                  *release);
}

Result<PacketFilters> read_packet_filters(Host& host, Counters counters) {
  if (!host.is_live())
    return fail(Code::kNotSupported,
                "reading packet filters needs the running machine, and an image is read");
  PacketFilters filters;
  if (auto added = add_nftables(host, counters, filters); !added) return fail(added.error());
  const auto v4 = add_iptables(host, kIpv4, "/proc/net/ip_tables_names", counters, filters);
  if (!v4) return fail(v4.error());
  const auto v6 = add_iptables(host, kIpv6, "/proc/net/ip6_tables_names", counters, filters);
  if (!v6) return fail(v6.error());
  filters.has_iptables = *v4;
  filters.has_ip6tables = *v6;
  return filters;
}

}  // namespace assay::agent
