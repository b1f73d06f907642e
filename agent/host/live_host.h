// The running machine, or the file system of another one.
//
// LiveHost() is the machine it runs on. LiveHost("/mnt/image") reads the files
// under that folder as if it were "/" and never leaves it; whatever needs a
// running machine is then kNotSupported. Used by one thread at a time.
#pragma once

#include <optional>
#include <string>

#include "agent/host/digest_cache.h"
#include "agent/host/host.h"
#include "agent/host/listed_folders.h"
#include "agent/host/root_folder.h"

namespace assay::agent {

class LiveHost final : public Host {
 public:
  explicit LiveHost(const std::string& root = "/") : root_(root) {}

  // Whether the root could be opened at all; if not, every call fails with this error.
  [[nodiscard]] Status opened() const { return root_.opened(); }

  [[nodiscard]] bool is_live() const override { return root_.is_real(); }
  [[nodiscard]] Result<std::string> read_file(std::string_view path,
                                              std::size_t max_bytes) override;
  [[nodiscard]] Result<std::string> read_range(std::string_view path, std::uint64_t offset,
                                               std::size_t bytes) override;
  [[nodiscard]] Result<evidence::Digest> sha256_of(std::string_view path,
                                                   std::uint64_t max_bytes) override;
  [[nodiscard]] Result<std::vector<std::string>> list_directory(std::string_view path,
                                                                std::size_t max_entries) override;
  [[nodiscard]] Result<FileStatus> status(std::string_view path) override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) override;

  [[nodiscard]] Result<WalkSummary> walk(TreeVisitor& visitor) override;

  [[nodiscard]] Result<std::vector<Process>> processes() override;
  [[nodiscard]] Result<std::string> run(const VendorTool& tool) override;
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

  void start_scan() override {
    listed_.clear();
    processes_.reset();
    owners_.reset();
    nft_.reset();
  }
  [[nodiscard]] evidence::Seconds now() override;

  // Digests of files are looked up there first; nullptr: always read. `cache` must outlive this.
  void use_digest_cache(DigestCache* cache) { digests_ = cache; }

 private:
  RootFolder root_;
  DigestCache* digests_ = nullptr;
  ListedFolders listed_;                                   // in this scan
  std::optional<Result<std::vector<Process>>> processes_;  // of this scan
  // Of this scan, for the sockets of these inodes: a look through all processes' descriptors.
  std::optional<std::pair<std::vector<std::uint64_t>, std::vector<SocketOwner>>> owners_;
  // Of this scan too; the kernel's number says whether the rules are still the same.
  std::optional<std::pair<std::uint32_t, NftRuleset>> nft_;
};

}  // namespace assay::agent
