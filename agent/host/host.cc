#include "agent/host/host.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxWholeBytes = 64U << 20U;

std::unexpected<Error> not_here(std::string_view what) {
  return fail(Code::kNotSupported, std::string(what).append(" is not possible on this host"));
}

}  // namespace

// For implementations that cannot read a part of a file.
Result<std::string> Host::read_range(std::string_view path, std::uint64_t offset,
                                     std::size_t bytes) {
  auto whole = read_file(path, kMaxWholeBytes);
  if (!whole) return whole;
  if (offset >= whole->size()) return std::string();
  return whole->substr(static_cast<std::size_t>(offset), bytes);
}

Result<evidence::Digest> Host::sha256_of(std::string_view path, std::uint64_t max_bytes) {
  const auto whole =
      read_file(path, static_cast<std::size_t>(std::min<std::uint64_t>(max_bytes, kMaxWholeBytes)));
  if (!whole) return fail(whole.error());
  return evidence::sha256(*whole);
}

Result<WalkSummary> Host::walk(TreeVisitor&) {
  return not_here("walking over all files");
}

Result<std::vector<Process>> Host::processes() {
  return not_here("listing processes");
}

Result<ClockState> Host::clock_state() {
  return not_here("asking for the state of the clock");
}

Result<std::string> Host::run(const VendorTool& tool) {
  return not_here("running " + tool.program);
}

Result<std::vector<Route>> Host::routes() {
  return not_here("listing routes");
}

Result<std::vector<Neighbour>> Host::neighbours() {
  return not_here("listing neighbours");
}

Result<std::uint32_t> Host::nft_generation() {
  return not_here("reading nftables' rules");
}

Result<NftRuleset> Host::nft_ruleset(Counters) {
  return not_here("reading nftables' rules");
}

Result<LegacyTable> Host::legacy_filter_table(std::uint8_t, std::string_view, Counters) {
  return not_here("reading iptables' rules");
}

}  // namespace assay::agent
