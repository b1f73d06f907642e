// A Host for tests: files, links, sockets and processes as the test states them.
// Folders follow from the paths of the files.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

class MemoryHost final : public Host {
 public:
  bool live = true;
  std::map<std::string, std::string, std::less<>> files;
  std::map<std::string, std::string, std::less<>> links;
  std::map<std::string, FileStatus, std::less<>> statuses;  // of files with other than the usual
  std::map<std::string, std::string, std::less<>> tools;    // what vendors' tools print
  std::vector<Process> running;
  std::vector<Socket> sockets;
  std::vector<SocketOwner> owners;
  std::vector<InterfaceAddress> addresses;
  std::vector<Route> all_routes;
  std::vector<Neighbour> all_neighbours;
  std::optional<NftRuleset> nft;  // none: the kernel has no nftables
  std::vector<LegacyTable> legacy_tables;
  ClockState clock;
  std::int64_t changed_ns = 1;  // of every file
  std::int64_t now_seconds = 1'795'222'923;

  // A process as /proc shows it, and as processes() lists it.
  void add_process(std::int64_t pid, const std::string& name, const std::string& executable = {},
                   const std::string& cgroup = "0::/\n") {
    const std::string folder = "/proc/" + std::to_string(pid);
    files[folder + "/comm"] = name + "\n";
    files[folder + "/cmdline"] = name + std::string(1, '\0');
    files[folder + "/cgroup"] = cgroup;
    if (!executable.empty()) links[folder + "/exe"] = executable;
    running.push_back({.pid = pid, .name = name, .path = executable});
  }

  [[nodiscard]] bool is_live() const override { return live; }

  [[nodiscard]] Result<std::string> read_file(std::string_view path, std::size_t max) override {
    const auto found = files.find(path);
    if (found == files.end()) return missing(path);
    if (found->second.size() > max)
      return fail(Code::kTooLarge, "reading " + std::string(path) + ": larger than the limit");
    return found->second;
  }

  [[nodiscard]] Result<std::vector<std::string>> list_directory(std::string_view path,
                                                                std::size_t) override {
    const std::string prefix = std::string(path) + "/";
    std::set<std::string> names;
    for (const auto* all : {&files, &links})
      for (auto at = all->lower_bound(prefix); at != all->end() && at->first.starts_with(prefix);
           ++at)
        names.insert(
            at->first.substr(prefix.size(), at->first.find('/', prefix.size()) - prefix.size()));
    if (names.empty()) return missing(path);
    return std::vector<std::string>(names.begin(), names.end());
  }

  [[nodiscard]] Result<FileStatus> status(std::string_view path) override {
    if (const auto stated = statuses.find(path); stated != statuses.end()) return stated->second;
    FileStatus status{.mode = 0644, .modified_ns = changed_ns, .changed_ns = changed_ns};
    if (links.contains(path)) {
      status.kind = FileKind::kSymlink;
      status.size_bytes = links.find(path)->second.size();
    } else if (const auto file = files.find(path); file != files.end()) {
      status.kind = FileKind::kRegular;
      status.size_bytes = file->second.size();
    } else if (const auto names = list_directory(path, 0)) {
      status.kind = FileKind::kDirectory;
      status.size_bytes = names->size();
    } else {
      return missing(path);
    }
    return status;
  }

  [[nodiscard]] Result<std::string> read_link(std::string_view path) override {
    const auto found = links.find(path);
    if (found == links.end()) return missing(path);
    return found->second;
  }

  [[nodiscard]] Result<WalkSummary> walk(TreeVisitor& visitor) override {
    std::set<std::string, std::less<>> paths;
    for (const auto* all : {&files, &links})
      for (const auto& [path, content] : *all)
        for (auto end = path.find('/', 1);; end = path.find('/', end + 1)) {
          paths.insert(path.substr(0, end));
          if (end == std::string::npos) break;
        }
    WalkSummary summary;
    for (const auto& path : paths) {
      const auto seen = status(path);
      if (!seen) return fail(seen.error());
      visitor.visit({path, std::string_view(path).substr(path.rfind('/') + 1), *seen});
      ++summary.entries;
    }
    return summary;
  }
  [[nodiscard]] Result<std::vector<Process>> processes() override {
    if (!live) return needs_running_machine();
    return running;
  }
  [[nodiscard]] Result<std::string> run(const VendorTool& tool) override {
    auto command = tool.program;
    for (const auto& argument : tool.arguments) command += " " + argument;
    auto found = tools.find(command);
    if (found == tools.end()) found = tools.find(tool.program);
    if (found == tools.end()) return missing(tool.program);
    return found->second;
  }
  [[nodiscard]] Result<std::vector<Socket>> listening_sockets() override {
    if (!live) return needs_running_machine();
    return sockets;
  }
  [[nodiscard]] Result<std::vector<SocketOwner>> socket_owners(
      const std::vector<std::uint64_t>& inodes) override {
    if (!live) return needs_running_machine();
    std::vector<SocketOwner> found;
    for (const auto& owner : owners)
      if (std::ranges::find(inodes, owner.inode) != inodes.end()) found.push_back(owner);
    return found;
  }
  [[nodiscard]] Result<std::vector<InterfaceAddress>> interface_addresses() override {
    if (!live) return needs_running_machine();
    return addresses;
  }
  [[nodiscard]] Result<std::vector<Route>> routes() override {
    if (!live) return needs_running_machine();
    return all_routes;
  }
  [[nodiscard]] Result<std::vector<Neighbour>> neighbours() override {
    if (!live) return needs_running_machine();
    return all_neighbours;
  }
  [[nodiscard]] Result<std::uint32_t> nft_generation() override {
    if (!nft) return fail(Code::kNotSupported, "the kernel has no nftables");
    return 1;
  }
  [[nodiscard]] Result<NftRuleset> nft_ruleset(Counters) override {
    if (!nft) return fail(Code::kNotSupported, "the kernel has no nftables");
    return *nft;
  }
  [[nodiscard]] Result<LegacyTable> legacy_filter_table(std::uint8_t family, std::string_view name,
                                                        Counters) override {
    for (const auto& table : legacy_tables)
      if (table.family == family && table.name == name) return table;
    return missing(name);
  }
  [[nodiscard]] Result<ClockState> clock_state() override {
    if (!live) return needs_running_machine();
    return clock;
  }
  [[nodiscard]] evidence::Seconds now() override {
    return evidence::Seconds(std::chrono::seconds(now_seconds));
  }

 private:
  static std::unexpected<Error> missing(std::string_view path) {
    return fail(Code::kNotFound, "reading " + std::string(path) + ": No such file or directory");
  }
  static std::unexpected<Error> needs_running_machine() {
    return fail(Code::kNotSupported, "needs the running machine, and an image is read");
  }
};

}  // namespace assay::agent
