// The catalogue of a content: what its answers are told by (checks with their words, frameworks,
// parameters), without the reference tables that it judges by. It is kept since when it is in
// force, so that what was answered then can be answered again. Pure, but for keep_catalogue().
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "checks/engine/content.h"
#include "collector/store/posture_store.h"

namespace assay::collector {

struct Catalogue {
  std::string json;  // as content_from_json() takes it
  evidence::Digest digest;
};
[[nodiscard]] Catalogue catalogue_of(const checks::Content& content);

// Has the store keep it as the one in force from `now` on, unless it is already.
[[nodiscard]] Status keep_catalogue(PostureStore& store, const checks::Content& content,
                                    evidence::Seconds now);

// Contents of before, as answers need them. Safe from any thread.
class PastContent {
 public:
  struct Then {
    std::shared_ptr<const checks::Content> content;
    evidence::Digest catalogue;
  };
  // What was in force at `when`, as far as it is known: of a time before catalogues were kept the
  // first one. `present` itself where that is the one.
  [[nodiscard]] Result<Then> at(PostureStore& store,
                                const std::shared_ptr<const checks::Content>& present,
                                evidence::Seconds when);

 private:
  evidence::Digest catalogue_of_present(const std::shared_ptr<const checks::Content>& present);

  std::mutex mutex_;
  std::shared_ptr<const checks::Content> present_;  // whose catalogue this is:
  evidence::Digest present_catalogue_;
  std::vector<Then> read_;  // the last one used last; a few
};

}  // namespace assay::collector
