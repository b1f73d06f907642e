#include "agent/probes/linux/network/listening_ports.h"

#include "agent/probes/linux/processes/process_facts.h"
#include "agent/probes/linux/software/package_owner.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

using FactsByPid = std::map<std::int64_t, ProcessFacts>;

FactsByPid facts_of(Host& host, const std::vector<SocketOwner>& owners) {
  FactsByPid facts;
  for (const auto& owner : owners)
    if (!facts.contains(owner.pid)) facts.emplace(owner.pid, process_facts(host, owner.pid));
  return facts;
}

std::string_view found_in(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

Result<evidence::Table> collect_listening_ports(Host& host) {
  const auto sockets = host.listening_sockets();
  if (!sockets) return fail(sockets.error());
  std::vector<std::uint64_t> inodes;
  for (const auto& socket : *sockets)
    if (socket.inode != 0) inodes.push_back(socket.inode);
  const auto owners = host.socket_owners(inodes);
  if (!owners) return fail(owners.error());

  std::map<std::uint64_t, std::int64_t> pids;
  for (const auto& owner : *owners) pids.emplace(owner.inode, owner.pid);
  const auto facts = facts_of(host, *owners);
  std::set<std::string> paths;
  for (const auto& [pid, process] : facts)
    if (!process.path.empty()) paths.insert(process.path);
  const auto packages = find_package_owners(host, paths);
  if (!packages) return fail(packages.error());

  evidence::Table table(*evidence::find_table("listening_ports"));
  const ProcessFacts nobody;
  for (const auto& socket : *sockets) {
    const auto pid = pids.find(socket.inode);
    const auto& process = pid == pids.end() ? nobody : facts.at(pid->second);
    // The kernel's number for a network namespace differs after each boot, so the column
    // net_namespace would make an unchanged machine look changed: NULL.
    table.add({{"port", std::int64_t{socket.port}},
               {"protocol", std::int64_t{socket.protocol}},
               {"family", std::int64_t{socket.family}},
               {"address", socket.address},
               {"path", text_or_null(process.path)},
               {"process", text_or_null(process.name)},
               {"package", text_or_null(found_in(*packages, process.path))},
               {"unit", text_or_null(process.unit)},
               {"uid", std::int64_t{socket.uid}}});
  }
  return table;
}

}  // namespace assay::agent
