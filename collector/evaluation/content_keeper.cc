#include "collector/evaluation/content_keeper.h"

#include "collector/records/approvals.h"

namespace assay::collector {

ContentKeeper::ContentKeeper(Store& store, Evaluator& evaluator,
                             std::shared_ptr<const checks::Content> base,
                             std::function<evidence::Seconds()> now)
    : store_(store), evaluator_(evaluator), base_(std::move(base)), now_(std::move(now)) {}

Status ContentKeeper::refresh() {
  const std::lock_guard lock(mutex_);
  return refresh_locked();
}

Status ContentKeeper::refresh_if_due() {
  const std::lock_guard lock(mutex_);
  if (day_ == evidence::to_date(now_())) return {};
  return refresh_locked();
}

Status ContentKeeper::replace(std::shared_ptr<const checks::Content> base) {
  const std::lock_guard lock(mutex_);
  std::swap(base_, base);
  auto done = refresh_locked();
  if (!done) std::swap(base_, base);
  return done;
}

Status ContentKeeper::refresh_locked() {
  day_.clear();
  const auto now = now_();
  auto content = with_approvals(base_, store_, now);
  if (!content) return fail(content.error().within("approvals"));
  if ((*content)->digest != evaluator_.content()->digest) evaluator_.set_content(*content);
  day_ = evidence::to_date(now);
  return {};
}

}  // namespace assay::collector
