#include "collector/content/content_renewal.h"

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <thread>

#include "tests/unit/collector/content/files.h"

namespace assay::collector {
namespace {

constexpr RenewalOptions kAtOnce{std::chrono::milliseconds(5), std::chrono::milliseconds(1)};

class ContentRenewalTest : public ContentFiles {
 protected:
  ContentRenewalTest() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("t", sink_)); }
  ~ContentRenewalTest() override { spdlog::set_default_logger(before_); }

  std::unique_ptr<ContentRenewal> renewal() {
    return std::make_unique<ContentRenewal>(
        ContentSource(places_), [this] { return now_; }, kAtOnce);
  }
  std::unique_ptr<ContentRenewal> opened() {
    auto made = renewal();
    const auto done = made->open();
    EXPECT_TRUE(done) << done.error().message();
    return made;
  }
  // What is handed on.
  ContentRenewal::Take take() {
    return [this](std::shared_ptr<const checks::Content> content) -> Status {
      if (!refusal_.empty()) return fail(Code::kIo, refusal_);
      taken_.push_back(std::move(content));
      return {};
    };
  }
  // The failure that the state tells after a look.
  ContentFailure failure_after_look(ContentRenewal& renewal) {
    renewal.look(take());
    EXPECT_TRUE(renewal.state().failure);
    return renewal.state().failure.value_or(ContentFailure{});
  }
  int lines_with(const std::string& words) {
    int count = 0;
    for (const auto& line : sink_->last_formatted())
      count += line.find(words) == std::string::npos ? 0 : 1;
    return count;
  }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> sink_ =
      std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(100);
  std::vector<std::shared_ptr<const checks::Content>> taken_;
  std::string refusal_;
};

TEST_F(ContentRenewalTest, NothingIsLoadedWhileNoFileChanges) {
  const auto renewal = opened();
  const auto content = renewal->content();
  renewal->look(take());
  EXPECT_TRUE(taken_.empty());
  EXPECT_EQ(renewal->content(), content) << "not even loaded";
  EXPECT_FALSE(renewal->state().failure);
  EXPECT_EQ(renewal->state().origin.path, shipped());
}

TEST_F(ContentRenewalTest, AFileOfOnesOwnIsTakenUpAndGivenUp) {
  const auto renewal = opened();
  const auto digest = renewal->state().digest;
  write(own("a.yaml"), rule("OWN-1", 5));
  now_ += std::chrono::hours(1);
  renewal->look(take());
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_NE(taken_[0]->check("OWN-1"), nullptr);
  EXPECT_EQ(renewal->state().origin.own_files, std::vector{own("a.yaml")});
  EXPECT_EQ(renewal->state().loaded_since, "2026-11-21T06:00:00Z");
  std::filesystem::remove(own("a.yaml"));
  renewal->look(take());
  EXPECT_EQ(renewal->state().digest, digest);
}

TEST_F(ContentRenewalTest, WhoHoldsTheOldContentKeepsItWhole) {
  const auto renewal = opened();
  const auto held = renewal->content();
  const auto* check = held->check("BASE-1");
  write(shipped(), checks::to_json(shipped_content(77)));
  renewal->look(take());
  EXPECT_NE(renewal->content()->check("BASE-1")->query.find("77"), std::string::npos);
  EXPECT_EQ(check->query, "SELECT username FROM users WHERE uid > 0");
}

TEST_F(ContentRenewalTest, BadFilesChangeNothingAndAreSaidOnceWithFileAndLine) {
  const auto renewal = opened();
  const auto content = renewal->content();
  struct Case {
    std::string text;
    std::int64_t line;
    std::string reason;
  };
  const auto good = rule("OWN-1", 5);
  const auto with = [&good](const std::string& from, const std::string& to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const auto& [text, line, reason] : std::vector<Case>{
           {good.substr(0, good.find("  remedy")), 1, "remedy"},
           {with("test:1", "test:99"), 1, "no control \"99\""},
           {with("FROM users", "FROM userz"), 6, "no such table: userz"},
           {with("uid >", "uidd >"), 6, "no such column: uidd"},
           {rule("BASE-1", 5), 1, "exists already"},
           {"- id: [\n", 2, ""},
       }) {
    write(own("a.yaml"), text);
    const auto failure = failure_after_look(*renewal);
    EXPECT_EQ(failure.file, own("a.yaml")) << reason;
    EXPECT_EQ(failure.line, line) << failure.text();
    EXPECT_NE(failure.reason.find(reason), std::string::npos) << failure.text();
    EXPECT_EQ(lines_with(failure.text()), 1);
    renewal->look(take());
    renewal->look(take(), true);
    EXPECT_EQ(lines_with(failure.text()), 1) << "said again";
    EXPECT_EQ(renewal->content(), content);
  }
  EXPECT_TRUE(taken_.empty());
  write(own("a.yaml"), good);
  renewal->look(take());
  EXPECT_FALSE(renewal->state().failure);
  EXPECT_EQ(taken_.size(), 1U);
}

TEST_F(ContentRenewalTest, ADamagedContentFileChangesNothing) {
  const auto renewal = opened();
  const auto content = renewal->content();
  const auto whole = read(shipped());
  for (const auto& text : {whole.substr(0, whole.size() / 2), std::string("{}"), std::string()}) {
    write(shipped(), text);
    const auto failure = failure_after_look(*renewal);
    EXPECT_EQ(failure.file, shipped());
    EXPECT_EQ(failure.code, Code::kInvalidData);
  }
  std::filesystem::remove(shipped());
  EXPECT_NE(failure_after_look(*renewal).reason, "");
  EXPECT_EQ(renewal->content(), content);
  EXPECT_TRUE(taken_.empty());
}

TEST_F(ContentRenewalTest, ACompiledFileThatWasEditedIsRefused) {
  const auto renewal = opened();
  auto edited = read(shipped());
  const std::string from = "uid > 0";
  edited.replace(edited.find(from), from.size(), "gone>0");
  write(shipped(), edited);
  const auto failure = failure_after_look(*renewal);
  EXPECT_NE(failure.reason.find("BASE-1"), std::string::npos) << failure.text();
  EXPECT_EQ(failure.file, shipped());
}

TEST_F(ContentRenewalTest, StartsWithTheLastGoodContentWhenTheFilesAreBad) {
  const auto digest = opened()->state().digest;
  const auto since = opened()->state().loaded_since;
  now_ += std::chrono::days(2);
  write(shipped(), "{");
  const auto renewal = opened();
  const auto state = renewal->state();
  EXPECT_EQ(state.digest, digest);
  EXPECT_EQ(state.loaded_since, since) << "it was in force all the time";
  EXPECT_EQ(renewal->content()->digest.hex(), digest);
  EXPECT_TRUE(state.is_kept);
  ASSERT_TRUE(state.failure);
  EXPECT_EQ(state.failure->file, shipped());
  EXPECT_EQ(lines_with("judging by the last good content"), 1);
  write(shipped(), checks::to_json(shipped_content(0)));
  renewal->look(take());
  EXPECT_FALSE(renewal->state().failure);
  EXPECT_FALSE(renewal->state().is_kept);
  EXPECT_TRUE(taken_.empty()) << "it is the same content";
}

TEST_F(ContentRenewalTest, RefusesToStartWithNothingGood) {
  write(own("a.yaml"), "- id: x\n");
  auto refused = renewal()->open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kConfiguration);
  EXPECT_TRUE(refused.error().message().starts_with(own("a.yaml") + ":1: "))
      << refused.error().message();
  std::filesystem::remove(own("a.yaml"));
  (void)opened();
  write(places_.state + "/content/last-good", "damaged");
  write(own("a.yaml"), "- id: x\n");
  refused = renewal()->open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kConfiguration) << "the files' error, not the copy's";
}

TEST_F(ContentRenewalTest, WhatCannotBeTakenUpIsTriedAgain) {
  const auto renewal = opened();
  const auto content = renewal->content();
  write(own("a.yaml"), rule("OWN-1", 5));
  refusal_ = "the disk is away";
  EXPECT_NE(failure_after_look(*renewal).reason.find("the disk is away"), std::string::npos);
  EXPECT_EQ(renewal->content(), content);
  refusal_.clear();
  renewal->look(take());
  EXPECT_EQ(taken_.size(), 1U);
  EXPECT_FALSE(renewal->state().failure);
}

TEST_F(ContentRenewalTest, FollowsAnInstalledBundleAndItsTrust) {
  trust(signer_);
  const auto renewal = opened();
  ASSERT_TRUE(install(bundle(signer_, "20")));
  renewal->look(take());
  ASSERT_EQ(taken_.size(), 1U);
  ASSERT_TRUE(renewal->state().origin.bundle);
  EXPECT_EQ(renewal->state().origin.bundle->title, "Head office");
  EXPECT_EQ(renewal->state().origin.bundle->signer.file, "head-office.pem");
  std::filesystem::remove(places_.trust + "/head-office.pem");
  EXPECT_NE(failure_after_look(*renewal).reason.find("nobody is trusted"), std::string::npos);
  EXPECT_EQ(renewal->content(), taken_[0]);
}

TEST_F(ContentRenewalTest, LooksByItselfAndWhenTold) {
  const auto renewal = opened();
  std::atomic<int> taken = 0;
  renewal->start([&taken](const std::shared_ptr<const checks::Content>&) -> Status {
    ++taken;
    return {};
  });
  const auto await = [&taken](int count) {
    for (int i = 0; i < 2000 && taken < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return taken == count;
  };
  put(own("a.yaml"), rule("OWN-1", 5));
  EXPECT_TRUE(await(1));
  // Read from here while it is replaced there.
  for (int uid = 6; uid < 12; ++uid) {
    put(own("a.yaml"), rule("OWN-1", uid));
    renewal->reload();
    EXPECT_NE(renewal->content()->check("BASE-1"), nullptr);
    EXPECT_EQ(renewal->state().checks, 2);
    EXPECT_TRUE(await(uid - 4)) << uid;
  }
  renewal->stop();
}

}  // namespace
}  // namespace assay::collector
