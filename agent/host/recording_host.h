// Remembers what a probe saw, so that a resident agent can tell for a few
// microseconds an item whether the probe would see the same again.
//
//   RecordingHost recording(host);
//   auto table = probe.collect(recording);
//   Trace trace = recording.take();
//   …
//   SecondLook look(host);
//   if (!look.unchanged(trace)) …   // run the probe again
//
// Files count as the same when their status is the same (size, inode, times of
// change), with every symbolic link on the way; files of /proc and /sys, which
// have no such status, when their content is; folders by status, those of /proc
// and /sys by their names; a link by its status, for the target of one cannot
// change. now() is not remembered.
//
// A file that changed in the last seconds before it was read could change once
// more without a sign; such a trace is never `unchanged`. The mistake is thus
// always a probe too many, never a change that is missed.
//
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

class Trace {
 public:
  [[nodiscard]] std::size_t size() const { return items_.size(); }

 private:
  friend class RecordingHost;
  friend class SecondLook;

  enum class Kind : std::uint8_t {
    kStatus,
    kKernelFile,
    kKernelDirectory,
    kKernelLink,
    kProcesses,
    kSockets,
    kAddresses,
    kRoutes,
    kNftGeneration,
    kLegacyTable,
    kClock,
  };
  // One thing to look at.
  struct Place {
    Kind kind;
    std::string path;
    std::size_t limit = 0;  // of the call: bytes or entries
    bool operator==(const Place&) const = default;
  };
  struct Item {
    Place place;
    std::string fingerprint;
  };

  std::vector<Item> items_;
  bool is_settled_ = true;
};

// What one scan compares with the traces: each place is looked at once, however many probes saw
// it. What changes after that look is seen by the next scan.
class SecondLook {
 public:
  // `host` must outlive this.
  explicit SecondLook(Host& host) : host_(host) {}

  // True when every remembered call would answer the same. Opens no ordinary file.
  [[nodiscard]] bool unchanged(const Trace& trace);

 private:
  struct Hash {
    std::size_t operator()(const Trace::Place& place) const;
  };

  [[nodiscard]] std::string look_at(const Trace::Place& place) const;
  [[nodiscard]] const std::string& fingerprint(const Trace::Place& place);

  Host& host_;
  std::unordered_map<Trace::Place, std::string, Hash> seen_;
};

class RecordingHost final : public Host {
 public:
  // `inner` must outlive this.
  explicit RecordingHost(Host& inner) : inner_(inner) {}

  // What was remembered since the last take().
  [[nodiscard]] Trace take() { return std::exchange(trace_, {}); }

  [[nodiscard]] bool is_live() const override { return inner_.is_live(); }
  [[nodiscard]] Result<std::string> read_file(std::string_view path, std::size_t max) override;
  [[nodiscard]] Result<std::string> read_range(std::string_view path, std::uint64_t offset,
                                               std::size_t bytes) override;
  [[nodiscard]] Result<evidence::Digest> sha256_of(std::string_view path,
                                                   std::uint64_t max) override;
  [[nodiscard]] Result<std::vector<std::string>> list_directory(std::string_view path,
                                                                std::size_t max) override;
  [[nodiscard]] Result<FileStatus> status(std::string_view path) override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) override;
  // Neither a walk nor what a vendor's tool prints can be compared cheaply: whoever asks for one
  // is run again.
  [[nodiscard]] Result<WalkSummary> walk(TreeVisitor& visitor) override;
  [[nodiscard]] Result<std::string> run(const VendorTool& tool) override;
  [[nodiscard]] Result<std::vector<Process>> processes() override;
  [[nodiscard]] Result<std::vector<Socket>> listening_sockets() override;
  [[nodiscard]] Result<std::vector<SocketOwner>> socket_owners(
      const std::vector<std::uint64_t>& inodes) override;
  [[nodiscard]] Result<std::vector<InterfaceAddress>> interface_addresses() override;
  [[nodiscard]] Result<std::vector<Route>> routes() override;
  [[nodiscard]] Result<std::vector<Neighbour>> neighbours() override;
  [[nodiscard]] Result<std::uint32_t> nft_generation() override;
  [[nodiscard]] Result<NftRuleset> nft_ruleset(Counters counters) override;
  [[nodiscard]] Result<LegacyTable> legacy_filter_table(std::uint8_t family, std::string_view name,
                                                        Counters counters) override;
  [[nodiscard]] Result<ClockState> clock_state() override;
  void start_scan() override { inner_.start_scan(); }
  [[nodiscard]] evidence::Seconds now() override { return inner_.now(); }

 private:
  // Where the links of a path end.
  struct End {
    std::string path;
    std::uint64_t size_bytes = 0;
    bool is_missing = false;
  };

  End follow(std::string_view path);
  template <typename Read>
  Result<std::string> record_file(std::string_view path, std::size_t limit, Read read);
  Result<FileStatus> record_status(std::string_view path);
  void remember(Trace::Kind kind, std::string_view path, std::size_t limit,
                std::string fingerprint);
  void settle(std::int64_t changed_ns);

  Host& inner_;
  Trace trace_;
};

}  // namespace assay::agent
