// Another Host, of which a probe may use only so much.
//
// Over the budget every call fails, so that a probe ends soon, and exceeded()
// tells why. A probe may take a failed call for a file that is not there; whoever
// runs it asks exceeded() afterwards and keeps no table that it made so.
// Used by one thread, the one that makes it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "agent/host/host.h"

namespace assay::agent {

// What a probe may use. Over it, its table is unavailable and the others go on.
struct Budget {
  std::chrono::milliseconds cpu{2000};  // of the thread
  std::chrono::milliseconds wall{10'000};
  std::uint64_t read_bytes = std::uint64_t{256} << 20U;
  std::uint64_t memory_bytes = std::uint64_t{128} << 20U;  // growth of the heap
};

// What it did use.
struct Cost {
  std::chrono::microseconds cpu{0};
  std::chrono::microseconds wall{0};
  std::uint64_t read_bytes = 0;
  std::uint64_t memory_bytes = 0;  // most growth of the heap that was seen
  std::int64_t calls = 0;          // to the Host
};

class BudgetHost final : public Host {
 public:
  // `inner` must outlive this.
  BudgetHost(Host& inner, const Budget& budget);

  // Looks once more at clocks and heap; call it when the probe is done.
  [[nodiscard]] const std::optional<Error>& exceeded();
  [[nodiscard]] Cost cost() const;

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
  [[nodiscard]] evidence::Seconds now() override { return inner_.now(); }

 private:
  class Watched;

  [[nodiscard]] Status check();
  void note_over(Code code, std::string message);
  // Runs `call` unless the budget is used up; counts the bytes that it brought.
  template <typename Call>
  auto within(Call call) -> decltype(call());

  Host& inner_;
  Budget budget_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::nanoseconds cpu_start_;
  std::uint64_t heap_start_;
  Cost cost_;
  std::optional<Error> exceeded_;
};

}  // namespace assay::agent
