#include "collector/content/content_renewal.h"

#include <spdlog/spdlog.h>

#include "collector/content/installed_content.h"
#include "collector/content/last_good.h"
#include "collector/identity/key_file.h"

namespace assay::collector {
namespace {

// A file that never rests is loaded all the same: then what it says is checked like any other.
constexpr int kMostWaits = 30;
constexpr int kMostLoads = 3;

// Whether the same files may be good the next time.
bool is_passing(Code code) {
  return code != Code::kConfiguration && code != Code::kInvalidData && code != Code::kTooLarge &&
         code != Code::kNotFound;
}

std::string short_digest(const ContentState& state) {
  return state.digest.substr(0, 12);
}

}  // namespace

ContentRenewal::ContentRenewal(ContentSource source, std::function<evidence::Seconds()> now,
                               RenewalOptions options)
    : source_(std::move(source)), now_(std::move(now)), options_(options) {}

ContentRenewal::~ContentRenewal() {
  stop();
}

Status ContentRenewal::open() {
  seen_ = source_.fingerprint();
  auto loaded = source_.load();
  if (!loaded) {
    auto failure = std::move(loaded.error());
    failure.since = evidence::to_timestamp(now_());
    is_to_retry_ = is_passing(failure.code);
    auto kept = kept_content(source_.places());
    if (!kept) {
      if (kept.error().code() != Code::kNotFound)
        spdlog::error("content: what was kept cannot be used either: {}",
                      failure_in("", kept.error()).text());
      return fail(failure.code,
                  failure.text() + (failure.others.empty() ? "" : "\n") + failure.others);
    }
    spdlog::error("content: {}; judging by the last good content, {}, which is kept since {}",
                  failure.text(), short_digest(kept->state), kept->state.loaded_since);
    kept->state.is_kept = true;
    kept->state.failure = std::move(failure);
    publish(std::move(kept->content), std::move(kept->state));
    return {};
  }
  auto state = state_of(*loaded->content);
  state.origin = std::move(loaded->origin);
  state.loaded_since = evidence::to_timestamp(now_());
  // It has been in force since an earlier run.
  if (const auto before = told_state(source_.places());
      before && before->digest == state.digest && !before->loaded_since.empty())
    state.loaded_since = before->loaded_since;
  keep(*loaded->content, state);
  publish(std::move(loaded->content), std::move(state));
  return {};
}

void ContentRenewal::start(Take take) {
  thread_ = std::thread([this, take = std::move(take)] { work(take); });
}

void ContentRenewal::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ContentRenewal::reload() {
  {
    const std::lock_guard lock(mutex_);
    is_reload_wanted_ = true;
  }
  wake_.notify_all();
}

std::shared_ptr<const checks::Content> ContentRenewal::content() const {
  const std::lock_guard lock(mutex_);
  return content_;
}

ContentState ContentRenewal::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void ContentRenewal::work(const Take& take) {
  for (;;) {
    bool is_forced = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, options_.look, [this] { return is_stopping_ || is_reload_wanted_; });
      if (is_stopping_) return;
      is_forced = std::exchange(is_reload_wanted_, false);
    }
    look(take, is_forced);
  }
}

bool ContentRenewal::wait_until_they_rest(std::string* fingerprint) {
  for (int i = 0; i < kMostWaits; ++i) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, options_.settle, [this] { return is_stopping_; })) return false;
    }
    auto now = source_.fingerprint();
    if (now == *fingerprint) return true;
    *fingerprint = std::move(now);
  }
  return true;
}

void ContentRenewal::look(const Take& take, bool is_forced) {
  auto fingerprint = source_.fingerprint();
  if (!is_forced && !is_to_retry_ && fingerprint == seen_) return;
  if (fingerprint != seen_ && !wait_until_they_rest(&fingerprint)) return;
  auto loaded = source_.load();
  // What changed while it was read is read again; what never rests, at the next look.
  for (int i = 0; i < kMostLoads; ++i) {
    auto after = source_.fingerprint();
    if (after == fingerprint) break;
    fingerprint = std::move(after);
    if (!wait_until_they_rest(&fingerprint)) return;
    loaded = source_.load();
  }
  seen_ = std::move(fingerprint);
  if (loaded)
    accept(std::move(*loaded), take);
  else
    refuse(std::move(loaded.error()));
}

void ContentRenewal::accept(LoadedContent loaded, const Take& take) {
  const auto before = state();
  auto state = state_of(*loaded.content);
  state.origin = std::move(loaded.origin);
  const bool is_other = state.digest != before.digest;
  state.loaded_since = is_other ? evidence::to_timestamp(now_()) : before.loaded_since;
  if (is_other) {
    // What is told is in force before the first verdict by it can be seen.
    auto content_before = hold(loaded.content, state);
    if (Status taken = take(loaded.content); !taken) {
      (void)hold(std::move(content_before), before);
      auto failure = failure_in(state.origin.path, taken.error().within("taking it up"));
      refuse(std::move(failure));
      is_to_retry_ = true;
      return;
    }
    spdlog::info("content: now judging by {} of {}, with {} files of one's own: {} checks",
                 short_digest(state), state.origin.path, state.origin.own_files.size(),
                 state.checks);
  } else if (before.failure) {
    spdlog::info("content: the files are good again, and say what is in force: {}",
                 short_digest(state));
  }
  is_to_retry_ = false;
  keep(*loaded.content, state);
  publish(std::move(loaded.content), std::move(state));
}

void ContentRenewal::refuse(ContentFailure failure) {
  auto now = state();
  is_to_retry_ = is_passing(failure.code);
  if (now.failure && now.failure->is_like(failure)) return;  // it was said
  failure.since = evidence::to_timestamp(now_());
  spdlog::error("content: {}; hosts are judged by the last good content, {}", failure.text(),
                short_digest(now));
  now.failure = std::move(failure);
  publish(content(), std::move(now));
}

std::shared_ptr<const checks::Content> ContentRenewal::hold(
    std::shared_ptr<const checks::Content> content, ContentState state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
  return std::exchange(content_, std::move(content));
}

void ContentRenewal::publish(std::shared_ptr<const checks::Content> content, ContentState state) {
  const auto& places = source_.places();
  const auto json = to_json(state, now_()).dump(1) + "\n";
  (void)hold(std::move(content), std::move(state));
  Status written = make_key_folder(content_folder(places));
  if (written) written = write_key_file(told_state_path(places), json);
  if (!written)
    spdlog::error("content: {}; `assay-collector content show` does not know what is in force",
                  written.error().message());
}

void ContentRenewal::keep(const checks::Content& content, const ContentState& state) {
  if (Status kept = keep_content(source_.places(), content, state); !kept)
    spdlog::error("content: {}; there is no copy to start with, should the files be bad then",
                  kept.error().message());
}

}  // namespace assay::collector
