#include "agent/probes/linux/network/listeners.h"

#include "agent/probes/linux/software/package_owner.h"

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

Result<std::vector<Listener>> find_listeners(Host& host) {
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

  std::vector<Listener> listeners;
  for (const auto& socket : *sockets) {
    auto& listener =
        listeners.emplace_back(Listener{.socket = socket, .process = {}, .package = {}});
    const auto pid = pids.find(socket.inode);
    if (pid == pids.end()) continue;
    listener.process = facts.at(pid->second);
    listener.package = found_in(*packages, listener.process.path);
  }
  return listeners;
}

}  // namespace assay::agent
