#include "agent/scan/kept_digests.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxLineBytes = 192;
constexpr std::size_t kMaxFileBytes = kMaxCachedDigests * kMaxLineBytes;

}  // namespace

KeptDigests::KeptDigests(const StateFolder& state) : path_(state.digests()) {
  if (auto text = read_state_file(path_, kMaxFileBytes)) stored_ = std::move(*text);
  cache_ = DigestCache::from_text(stored_);
}

Status KeptDigests::store(Disk& disk) {
  auto text = cache_.to_text();
  if (text.empty() || text == stored_) return {};
  if (auto written = disk.write(path_, text); !written) return written;
  stored_ = std::move(text);
  return {};
}

}  // namespace assay::agent
