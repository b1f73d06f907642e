#include "agent/host/recording_host.h"

#include <array>
#include <cstring>
#include <filesystem>

#include "evidence/digest.h"

namespace assay::agent {
namespace {

constexpr int kMaxLinks = 40;  // the kernel's own limit

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_kernel_path(std::string_view path) {
  if (path.find("/../") != std::string_view::npos) {
    const auto normal = std::filesystem::path(path).lexically_normal().string();
    return is_below(normal, "/proc") || is_below(normal, "/sys");
  }
  return is_below(path, "/proc") || is_below(path, "/sys");
}

std::string failure(const Error& error) {
  return "!" + std::string(name_of(error.code()));
}

void append(std::string& out, std::string_view text) {
  out.append(text).push_back('\0');
}
void append(std::string& out, std::uint64_t number) {
  std::array<char, sizeof number> bytes;
  std::memcpy(bytes.data(), &number, sizeof number);
  out.append(bytes.data(), bytes.size());
}

// Of /proc/cpuinfo and /proc/meminfo only what does not flicker.
std::string steady_part(std::string_view path, const std::string& content) {
  if (path == "/proc/meminfo") return content.substr(0, content.find('\n'));
  if (path != "/proc/cpuinfo") return content;
  std::string steady;
  for (std::size_t at = 0; at < content.size();) {
    const auto end = std::min(content.find('\n', at), content.size() - 1) + 1;
    const auto line = std::string_view(content).substr(at, end - at);
    if (!line.starts_with("cpu MHz")) steady += line;
    at = end;
  }
  return steady;
}

std::string of_content(std::string_view path, const Result<std::string>& content) {
  if (!content) return failure(content.error());
  return evidence::sha256(steady_part(path, *content)).raw();
}

std::string of_names(const Result<std::vector<std::string>>& names) {
  if (!names) return failure(names.error());
  std::string all;
  for (const auto& name : *names) append(all, name);
  return evidence::sha256(all).raw();
}

std::string of_status(std::string_view path, const Result<FileStatus>& status) {
  if (!status) return failure(status.error());
  // Of files that the kernel makes up, the sizes, times and inodes are made up too.
  const auto& seen = *status;
  const bool is_made_up = is_kernel_path(path);
  const auto real = [&](auto number) {
    return is_made_up ? std::uint64_t{0} : static_cast<std::uint64_t>(number);
  };
  const std::array<std::uint64_t, 9> numbers = {static_cast<std::uint64_t>(seen.kind),
                                                seen.mode,
                                                seen.uid,
                                                seen.gid,
                                                real(seen.size_bytes),
                                                real(seen.device),
                                                real(seen.inode),
                                                real(seen.modified_ns),
                                                real(seen.changed_ns)};
  std::string out(sizeof numbers, '\0');
  std::memcpy(out.data(), numbers.data(), sizeof numbers);
  return out;
}

std::string of_link(const Result<std::string>& target) {
  return target ? *target : failure(target.error());
}

std::string of_sockets(const Result<std::vector<Socket>>& sockets) {
  if (!sockets) return failure(sockets.error());
  std::vector<std::string> lines;  // the kernel's order is that of its hash table
  for (const auto& socket : *sockets) {
    auto& line = lines.emplace_back();
    for (const std::uint64_t number :
         {std::uint64_t{socket.protocol}, std::uint64_t{socket.family}, std::uint64_t{socket.port},
          std::uint64_t{socket.uid}, socket.inode})
      append(line, number);
    append(line, socket.address);
    append(line, socket.interface);
    append(line, std::uint64_t{socket.is_v6_only});
  }
  std::ranges::sort(lines);
  std::string all;
  for (const auto& line : lines) append(all, line);
  return evidence::sha256(all).raw();
}

// Which programs run, for whom; not how often, nor under which numbers.
std::string of_processes(const Result<std::vector<Process>>& processes) {
  if (!processes) return failure(processes.error());
  std::set<std::string> programs;
  for (const auto& process : *processes) {
    std::string program;
    append(program, process.name);
    append(program, process.path);
    append(program, std::uint64_t{process.uid});
    append(program, std::uint64_t{process.is_deleted});
    programs.insert(std::move(program));
  }
  std::string all;
  for (const auto& program : programs) append(all, program);
  return evidence::sha256(all).raw();
}

std::string of_addresses(const Result<std::vector<InterfaceAddress>>& addresses) {
  if (!addresses) return failure(addresses.error());
  std::string all;
  for (const auto& item : *addresses)
    for (const auto* text :
         {&item.interface, &item.address, &item.mask, &item.broadcast, &item.point_to_point})
      append(all, *text);
  return evidence::sha256(all).raw();
}

std::string of_routes(const Result<std::vector<Route>>& routes) {
  if (!routes) return failure(routes.error());
  std::string all;
  for (const auto& route : *routes) {
    for (const auto* text : {&route.destination, &route.gateway, &route.source, &route.interface})
      append(all, *text);
    for (const std::uint64_t number :
         {std::uint64_t{route.family}, std::uint64_t{route.table}, std::uint64_t{route.type},
          std::uint64_t{route.prefix_length}, std::uint64_t{route.flags},
          std::uint64_t{route.protocol}, std::uint64_t{route.mtu.value_or(0)},
          std::uint64_t{route.metric.value_or(0)}, std::uint64_t{route.hop_limit.value_or(0)}})
      append(all, number);
  }
  return evidence::sha256(all).raw();
}

std::string of_generation(const Result<std::uint32_t>& generation) {
  return generation ? std::to_string(*generation) : failure(generation.error());
}

std::string of_legacy_table(const Result<LegacyTable>& table) {
  if (!table) return failure(table.error());
  return evidence::sha256(table->entries).raw();
}

// The numbers change on every look: only whether it is synchronised counts.
std::string of_clock(const Result<ClockState>& state) {
  if (!state) return failure(state.error());
  return state->is_synchronised ? "1" : "0";
}

std::string executable_link(std::int64_t pid) {
  return "/proc/" + std::to_string(pid) + "/exe";
}

}  // namespace

std::size_t SecondLook::Hash::operator()(const Trace::Place& place) const {
  return std::hash<std::string_view>()(place.path) * 31 + static_cast<std::size_t>(place.kind);
}

std::string SecondLook::look_at(const Trace::Place& place) const {
  using Kind = Trace::Kind;
  const auto& path = place.path;
  switch (place.kind) {
    case Kind::kStatus: return of_status(path, host_.status(path));
    case Kind::kKernelFile: return of_content(path, host_.read_file(path, place.limit));
    case Kind::kKernelDirectory: return of_names(host_.list_directory(path, place.limit));
    case Kind::kKernelLink: return of_link(host_.read_link(path));
    case Kind::kProcesses: return of_processes(host_.processes());
    case Kind::kSockets: return of_sockets(host_.listening_sockets());
    case Kind::kAddresses: return of_addresses(host_.interface_addresses());
    case Kind::kRoutes: return of_routes(host_.routes());
    case Kind::kNftGeneration: return of_generation(host_.nft_generation());
    case Kind::kLegacyTable:
      return of_legacy_table(host_.legacy_filter_table(static_cast<std::uint8_t>(place.limit), path,
                                                       Counters::kLeftOut));
    case Kind::kClock: return of_clock(host_.clock_state());
  }
  return {};
}

const std::string& SecondLook::fingerprint(const Trace::Place& place) {
  const auto [at, is_new] = seen_.try_emplace(place);
  if (is_new) at->second = look_at(place);
  return at->second;
}

bool SecondLook::unchanged(const Trace& trace) {
  return trace.is_settled_ && std::ranges::all_of(trace.items_, [&](const Trace::Item& item) {
           return fingerprint(item.place) == item.fingerprint;
         });
}

void RecordingHost::remember(Trace::Kind kind, std::string_view path, std::size_t limit,
                             std::string fingerprint) {
  // A large file is read in many pieces, and its status stands for all of them.
  constexpr std::size_t kRecent = 4;
  const auto& items = trace_.items_;
  if (kind == Trace::Kind::kStatus &&
      std::any_of(items.end() - static_cast<std::ptrdiff_t>(std::min(items.size(), kRecent)),
                  items.end(), [&](const Trace::Item& item) {
                    return item.place.kind == kind && item.place.path == path &&
                           item.fingerprint == fingerprint;
                  }))
    return;
  trace_.items_.push_back({{kind, std::string(path), limit}, std::move(fingerprint)});
}

void RecordingHost::settle(std::int64_t changed_ns) {
  if (!has_settled(changed_ns, inner_.now())) trace_.is_settled_ = false;
}

Result<FileStatus> RecordingHost::record_status(std::string_view path) {
  auto status = inner_.status(path);
  if (status && !is_kernel_path(path)) settle(status->changed_ns);
  remember(Trace::Kind::kStatus, path, 0, of_status(path, status));
  return status;
}

RecordingHost::End RecordingHost::follow(std::string_view path) {
  End end{.path = std::string(path)};
  for (int i = 0; i < kMaxLinks; ++i) {
    const auto status = record_status(end.path);
    end.is_missing = !status;
    if (!status) return end;
    end.size_bytes = status->size_bytes;
    if (status->kind != FileKind::kSymlink) return end;
    const auto target = is_kernel_path(end.path) ? read_link(end.path) : inner_.read_link(end.path);
    if (!target) return end;
    // Left as it is written: "a/../b" is the kernel's to resolve, for a may be a link itself.
    if (target->starts_with('/'))
      end.path = *target;
    else
      end.path = end.path.substr(0, end.path.rfind('/') + 1) + *target;
  }
  return end;
}

// The status is taken before the content: a change in between is then seen later, not missed.
template <typename Read>
Result<std::string> RecordingHost::record_file(std::string_view path, std::size_t limit,
                                               Read read) {
  if (!is_kernel_path(path)) {
    const auto end = follow(path);
    if (end.is_missing || (end.size_bytes != 0 && !is_kernel_path(end.path))) return read();
  }
  auto content = read();
  remember(Trace::Kind::kKernelFile, path, limit, of_content(path, content));
  return content;
}

Result<std::string> RecordingHost::read_file(std::string_view path, std::size_t max) {
  return record_file(path, max, [&] { return inner_.read_file(path, max); });
}

Result<std::string> RecordingHost::read_range(std::string_view path, std::uint64_t offset,
                                              std::size_t bytes) {
  // A range of a file that the kernel makes up is compared by the whole.
  if (offset != 0 && is_kernel_path(path)) trace_.is_settled_ = false;
  return record_file(path, bytes, [&] { return inner_.read_range(path, offset, bytes); });
}

Result<evidence::Digest> RecordingHost::sha256_of(std::string_view path, std::uint64_t max) {
  // A status says nothing about what the kernel makes up.
  if (is_kernel_path(follow(path).path)) trace_.is_settled_ = false;
  return inner_.sha256_of(path, max);
}

Result<WalkSummary> RecordingHost::walk(TreeVisitor& visitor) {
  trace_.is_settled_ = false;
  return inner_.walk(visitor);
}

Result<std::string> RecordingHost::run(const VendorTool& tool) {
  auto output = inner_.run(tool);
  if (output || output.error().code() != Code::kNotFound) trace_.is_settled_ = false;
  (void)record_status(tool.program);  // remembers it
  return output;
}

Result<std::vector<Process>> RecordingHost::processes() {
  auto processes = inner_.processes();
  remember(Trace::Kind::kProcesses, {}, 0, of_processes(processes));
  return processes;
}

Result<std::vector<std::string>> RecordingHost::list_directory(std::string_view path,
                                                               std::size_t max) {
  if (!is_kernel_path(path) && !is_kernel_path(follow(path).path))
    return inner_.list_directory(path, max);
  auto names = inner_.list_directory(path, max);
  remember(Trace::Kind::kKernelDirectory, path, max, of_names(names));
  return names;
}

Result<FileStatus> RecordingHost::status(std::string_view path) {
  return record_status(path);
}

Result<std::string> RecordingHost::read_link(std::string_view path) {
  const bool is_of_kernel = is_kernel_path(path);
  if (!is_of_kernel) (void)record_status(path);  // remembers it
  auto target = inner_.read_link(path);
  if (is_of_kernel) remember(Trace::Kind::kKernelLink, path, 0, of_link(target));
  return target;
}

Result<std::vector<Socket>> RecordingHost::listening_sockets() {
  auto sockets = inner_.listening_sockets();
  remember(Trace::Kind::kSockets, {}, 0, of_sockets(sockets));
  return sockets;
}

// The walk over all processes is not repeated: the sockets themselves are compared by inode, and
// an owner counts as the same while its pid runs the same program.
Result<std::vector<SocketOwner>> RecordingHost::socket_owners(
    const std::vector<std::uint64_t>& inodes) {
  auto owners = inner_.socket_owners(inodes);
  if (!owners) {
    trace_.is_settled_ = false;
    return owners;
  }
  std::set<std::int64_t> pids;
  for (const auto& owner : *owners)
    if (pids.insert(owner.pid).second) (void)read_link(executable_link(owner.pid));  // remembers it
  return owners;
}

Result<std::vector<InterfaceAddress>> RecordingHost::interface_addresses() {
  auto addresses = inner_.interface_addresses();
  remember(Trace::Kind::kAddresses, {}, 0, of_addresses(addresses));
  return addresses;
}

Result<std::vector<Route>> RecordingHost::routes() {
  auto routes = inner_.routes();
  remember(Trace::Kind::kRoutes, {}, 0, of_routes(routes));
  return routes;
}

// Neighbours come and go with every packet.
Result<std::vector<Neighbour>> RecordingHost::neighbours() {
  trace_.is_settled_ = false;
  return inner_.neighbours();
}

Result<std::uint32_t> RecordingHost::nft_generation() {
  auto generation = inner_.nft_generation();
  remember(Trace::Kind::kNftGeneration, {}, 0, of_generation(generation));
  return generation;
}

// Elements that the path of packets puts into sets do not count as a change.
Result<NftRuleset> RecordingHost::nft_ruleset(Counters counters) {
  (void)nft_generation();                                       // remembers it
  if (counters == Counters::kRead) trace_.is_settled_ = false;  // the next look has others
  return inner_.nft_ruleset(counters);
}

Result<LegacyTable> RecordingHost::legacy_filter_table(std::uint8_t family, std::string_view name,
                                                       Counters counters) {
  auto table = inner_.legacy_filter_table(family, name, counters);
  if (counters == Counters::kRead) trace_.is_settled_ = false;
  remember(Trace::Kind::kLegacyTable, name, family, of_legacy_table(table));
  return table;
}

Result<ClockState> RecordingHost::clock_state() {
  auto state = inner_.clock_state();
  remember(Trace::Kind::kClock, {}, 0, of_clock(state));
  return state;
}

}  // namespace assay::agent
