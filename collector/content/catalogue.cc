#include "collector/content/catalogue.h"

#include <algorithm>

#include "collector/store/catalogue_frame.h"
#include "evidence/compress.h"

namespace assay::collector {

namespace {

constexpr std::size_t kMostRead = 4;

}  // namespace

Catalogue catalogue_of(const checks::Content& content) {
  auto bare = content;
  bare.references.clear();
  bare.derived.clear();
  for (auto& check : bare.checks) check.derived.clear();
  Catalogue catalogue{checks::to_json(bare), {}};
  catalogue.digest = evidence::sha256(catalogue.json);
  return catalogue;
}

Status keep_catalogue(PostureStore& store, const checks::Content& content, evidence::Seconds now) {
  const auto [json, digest] = catalogue_of(content);
  auto frame = evidence::compress(json);
  if (!frame) return fail(frame.error());
  return store.add_catalogue({digest, now, std::move(*frame)});
}

evidence::Digest PastContent::catalogue_of_present(
    const std::shared_ptr<const checks::Content>& present) {
  const std::lock_guard lock(mutex_);
  if (present_ != present) {
    present_ = present;
    present_catalogue_ = catalogue_of(*present).digest;
  }
  return present_catalogue_;
}

Result<PastContent::Then> PastContent::at(PostureStore& store,
                                          const std::shared_ptr<const checks::Content>& present,
                                          evidence::Seconds when) {
  const auto now = catalogue_of_present(present);
  const auto digest = store.catalogue_at(when);
  if (!digest && digest.error().code() == Code::kNotFound) return Then{present, now};
  if (!digest) return fail(digest.error());
  if (*digest == now) return Then{present, now};
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(read_, *digest, &Then::catalogue);
    if (found != read_.end()) {
      std::rotate(found, found + 1, read_.end());
      return read_.back();
    }
  }
  const auto frame = store.catalogue(*digest);
  if (!frame) return fail(frame.error());
  const auto json = unpack_catalogue(*frame, *digest);
  if (!json) return fail(json.error());
  auto content = checks::content_from_json(*json);
  if (!content) return fail(content.error());
  const Then then{std::make_shared<const checks::Content>(std::move(*content)), *digest};
  const std::lock_guard lock(mutex_);
  if (read_.size() == kMostRead) read_.erase(read_.begin());
  read_.push_back(then);
  return then;
}

}  // namespace assay::collector
