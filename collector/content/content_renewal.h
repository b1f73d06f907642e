// Keeps what hosts are judged by in step with the files of content while the collector runs: looks
// for a change now and then, loads and checks beside everything else, and hands on what is good.
// Bad content changes nothing but what the log and state() say; at the start, the content that was
// kept last stands in for it.
//
// content(), state() and reload() are for any thread, the rest for the one that owns it. `take` is
// called on a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "collector/content/content_source.h"

namespace assay::collector {

struct RenewalOptions {
  // How often the files are looked at; they are not read unless they have changed.
  std::chrono::milliseconds look{30'000};
  // A changed file is left alone until it has not changed for so long: it may be being written.
  std::chrono::milliseconds settle{1'000};
};

class ContentRenewal {
 public:
  // Makes the content the one that hosts are judged by. When it fails, the content stays as it was
  // and it is tried again at the next look.
  using Take = std::function<Status(std::shared_ptr<const checks::Content>)>;

  ContentRenewal(ContentSource source, std::function<evidence::Seconds()> now,
                 RenewalOptions options = {});
  ~ContentRenewal();  // stop()
  ContentRenewal(const ContentRenewal&) = delete;
  ContentRenewal& operator=(const ContentRenewal&) = delete;

  // Loads the first content: that of the files or, when they are bad, the one that was kept. The
  // files' error when there is none.
  [[nodiscard]] Status open();
  // Begins to look; after open().
  void start(Take take);
  void stop();
  // Loads anew, whether or not a file has changed; does not wait for it.
  void reload();
  // One look, on the caller's thread, without start(): for tests.
  void look(const Take& take, bool is_forced = false);

  [[nodiscard]] std::shared_ptr<const checks::Content> content() const;
  [[nodiscard]] ContentState state() const;

 private:
  void work(const Take& take);
  // The fingerprint once the files rest; false when it ends first.
  bool wait_until_they_rest(std::string* fingerprint);
  void accept(LoadedContent loaded, const Take& take);
  void refuse(ContentFailure failure);
  // What requests are answered from; returns the content before it.
  std::shared_ptr<const checks::Content> hold(std::shared_ptr<const checks::Content> content,
                                              ContentState state);
  // The same, and to the file that `content show` reads.
  void publish(std::shared_ptr<const checks::Content> content, ContentState state);
  void keep(const checks::Content& content, const ContentState& state);

  const ContentSource source_;
  const std::function<evidence::Seconds()> now_;
  const RenewalOptions options_;
  std::string seen_;          // the fingerprint of the files that were loaded last
  bool is_to_retry_ = false;  // what failed may go well next time without a change of the files
  mutable std::mutex mutex_;  // of all below
  std::condition_variable wake_;
  std::shared_ptr<const checks::Content> content_;
  ContentState state_;
  bool is_reload_wanted_ = false;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace assay::collector
