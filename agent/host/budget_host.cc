#include "agent/host/budget_host.h"

#include <malloc.h>
#include <time.h>

namespace assay::agent {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

// mallinfo2() looks through the heap's free lists: now and then is often enough.
constexpr std::int64_t kCallsPerLookAtHeap = 64;

std::chrono::nanoseconds thread_cpu() {
  struct ::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::uint64_t heap_in_use() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::uint64_t bytes_in(const std::string& content) {
  return content.size();
}
template <typename Other>
std::uint64_t bytes_in(const Other&) {
  return 0;
}

}  // namespace

BudgetHost::BudgetHost(Host& inner, const Budget& budget)
    : inner_(inner),
      budget_(budget),
      start_(steady_clock::now()),
      cpu_start_(thread_cpu()),
      heap_start_(heap_in_use()) {}

void BudgetHost::note_over(Code code, std::string message) {
  if (!exceeded_) exceeded_ = Error(code, std::move(message));
}

Status BudgetHost::check() {
  if (cost_.calls++ % kCallsPerLookAtHeap == 0) (void)this->exceeded();
  if (steady_clock::now() - start_ > budget_.wall)
    note_over(Code::kTimedOut,
              "the probe took more than its " + std::to_string(budget_.wall.count()) + " ms");
  if (cost_.read_bytes > budget_.read_bytes)
    note_over(Code::kTooLarge,
              "the probe read more than its " + std::to_string(budget_.read_bytes >> 20U) + " MiB");
  if (exceeded_) return fail(*exceeded_);
  return {};
}

const std::optional<Error>& BudgetHost::exceeded() {
  cost_.cpu = duration_cast<microseconds>(thread_cpu() - cpu_start_);
  cost_.wall = duration_cast<microseconds>(steady_clock::now() - start_);
  const auto heap = heap_in_use();
  if (heap > heap_start_) cost_.memory_bytes = std::max(cost_.memory_bytes, heap - heap_start_);
  if (cost_.cpu > budget_.cpu)
    note_over(Code::kTimedOut, "the probe computed for more than its " +
                                   std::to_string(budget_.cpu.count()) + " ms");
  if (cost_.memory_bytes > budget_.memory_bytes)
    note_over(Code::kTooLarge, "the probe needed more memory than its " +
                                   std::to_string(budget_.memory_bytes >> 20U) + " MiB");
  return exceeded_;
}

Cost BudgetHost::cost() const {
  return cost_;
}

template <typename Call>
auto BudgetHost::within(Call call) -> decltype(call()) {
  if (auto left = check(); !left) return fail(std::move(left.error()));
  auto answer = call();
  if (answer) cost_.read_bytes += bytes_in(*answer);
  return answer;
}

Result<std::string> BudgetHost::read_file(std::string_view path, std::size_t max) {
  return within([&] { return inner_.read_file(path, max); });
}

Result<std::string> BudgetHost::read_range(std::string_view path, std::uint64_t offset,
                                           std::size_t bytes) {
  return within([&] { return inner_.read_range(path, offset, bytes); });
}

Result<evidence::Digest> BudgetHost::sha256_of(std::string_view path, std::uint64_t max) {
  return within([&] { return inner_.sha256_of(path, max); });
}

Result<std::vector<std::string>> BudgetHost::list_directory(std::string_view path,
                                                            std::size_t max) {
  return within([&] { return inner_.list_directory(path, max); });
}

Result<FileStatus> BudgetHost::status(std::string_view path) {
  return within([&] { return inner_.status(path); });
}

Result<std::string> BudgetHost::read_link(std::string_view path) {
  return within([&] { return inner_.read_link(path); });
}

// The clocks are looked at on the way: a walk is one call, and may be a long one.
class BudgetHost::Watched final : public TreeVisitor {
 public:
  Watched(BudgetHost& host, TreeVisitor& visitor) : host_(host), visitor_(visitor) {}
  void visit(const TreeEntry& entry) override { visitor_.visit(entry); }
  bool is_over() override { return ++asked_ % kFoldersPerLook == 0 && host_.exceeded(); }

 private:
  static constexpr int kFoldersPerLook = 256;
  BudgetHost& host_;
  TreeVisitor& visitor_;
  int asked_ = 0;
};

Result<WalkSummary> BudgetHost::walk(TreeVisitor& visitor) {
  Watched watched(*this, visitor);
  return within([&] { return inner_.walk(watched); });
}

Result<std::vector<Process>> BudgetHost::processes() {
  return within([&] { return inner_.processes(); });
}

Result<std::string> BudgetHost::run(const VendorTool& tool) {
  return within([&] { return inner_.run(tool); });
}

Result<std::vector<Socket>> BudgetHost::listening_sockets() {
  return within([&] { return inner_.listening_sockets(); });
}

Result<std::vector<SocketOwner>> BudgetHost::socket_owners(
    const std::vector<std::uint64_t>& inodes) {
  return within([&] { return inner_.socket_owners(inodes); });
}

Result<std::vector<InterfaceAddress>> BudgetHost::interface_addresses() {
  return within([&] { return inner_.interface_addresses(); });
}

Result<std::vector<Route>> BudgetHost::routes() {
  return within([&] { return inner_.routes(); });
}

Result<std::vector<Neighbour>> BudgetHost::neighbours() {
  return within([&] { return inner_.neighbours(); });
}

Result<std::uint32_t> BudgetHost::nft_generation() {
  return within([&] { return inner_.nft_generation(); });
}

Result<NftRuleset> BudgetHost::nft_ruleset(Counters counters) {
  return within([&] { return inner_.nft_ruleset(counters); });
}

Result<LegacyTable> BudgetHost::legacy_filter_table(std::uint8_t family, std::string_view name,
                                                    Counters counters) {
  return within([&] { return inner_.legacy_filter_table(family, name, counters); });
}

Result<ClockState> BudgetHost::clock_state() {
  return within([&] { return inner_.clock_state(); });
}

}  // namespace assay::agent
