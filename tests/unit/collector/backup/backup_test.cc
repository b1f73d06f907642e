#include "collector/backup/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "collector/identity/token.h"
#include "collector/store/sqlite/sqlite_store.h"

namespace assay::collector {
namespace {

namespace fs = std::filesystem;

std::string read(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

class Backup : public testing::Test {
 protected:
  Backup() : folder_(testing::TempDir() + "backup-" + std::to_string(getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(state() + "/identity");
    write(state() + "/identity/ca.key", "a key");
    write(state() + "/collector.yaml", "listen: 127.0.0.1:0\n");
    write(state() + "/serve.json", "{}");
    write(state() + "/lock", "");
    store_ = sqlite::SqliteStore::open({state() + "/store.db"}).value();
    add_token("before");
  }
  ~Backup() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string state() const { return folder_ + "/state"; }
  [[nodiscard]] std::string copy() const { return folder_ + "/copy"; }
  static void write(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
  }
  void add_token(const std::string& name) {
    const auto token =
        new_person_token(evidence::Digest(), name, Role::kAuditor, now_, std::nullopt).value();
    ASSERT_TRUE(store_->add_token(token.record));
  }
  static std::vector<std::string> names_in(const std::string& state) {
    auto store = sqlite::SqliteStore::open({state + "/store.db"}).value();
    std::vector<std::string> names;
    const auto tokens = store->tokens({}).value();
    for (const auto& token : tokens.items) names.push_back(token.name);
    return names;
  }

  const evidence::Seconds now_ = evidence::from_timestamp("2026-11-28T01:02:03Z").value();
  std::string folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(Backup, HoldsAllThatTheStateHoldsAndComesBackAsItWas) {
  const auto taken = take_backup(state(), copy(), now_);
  ASSERT_TRUE(taken) << taken.error().message();
  std::vector<std::string> paths;
  for (const auto& file : taken->files) paths.push_back(file.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"collector.yaml", "identity/ca.key", "store.db"}));
  EXPECT_EQ(taken->taken_at, "2026-11-28T01:02:03Z");
  struct stat facts{};
  for (const auto* path : {"/identity/ca.key", "/store.db", "/backup.json"}) {
    ASSERT_EQ(::stat((copy() + path).c_str(), &facts), 0) << path;
    EXPECT_EQ(facts.st_mode & 0777U, 0600U) << path;
  }
  ASSERT_EQ(::stat(copy().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0700U);
  add_token("after");
  const auto restored = restore_backup(copy(), folder_ + "/restored");
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_EQ(read(folder_ + "/restored/identity/ca.key"), "a key");
  EXPECT_EQ(names_in(folder_ + "/restored"), std::vector<std::string>{"before"});
  EXPECT_FALSE(fs::exists(folder_ + "/restored/serve.json"));
}

TEST_F(Backup, IsOfOneMomentWhileTheStoreIsWrittenTo) {
  std::atomic<bool> is_over = false;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    for (int i = 0; !is_over && i < 20'000; ++i) {
      add_token("t" + std::to_string(i));
      ++written;
    }
  });
  while (written < 50) std::this_thread::yield();
  const auto taken = take_backup(state(), copy(), now_);
  is_over = true;
  writer.join();
  ASSERT_TRUE(taken) << taken.error().message();
  ASSERT_TRUE(restore_backup(copy(), folder_ + "/restored"));
  auto store = sqlite::SqliteStore::open({folder_ + "/restored/store.db"}).value();
  // Of the tokens that were added one after another, none is missing in between.
  PageRequest page{{}, kMaxPage};
  std::int64_t count = 0;
  do {
    const auto tokens = store->tokens(page).value();
    count += static_cast<std::int64_t>(tokens.items.size());
    page.cursor = tokens.next;
  } while (!page.cursor.empty());
  EXPECT_GE(count, 51);
  EXPECT_LE(count, written + 1);
}

TEST_F(Backup, EveryByteThatIsAlteredIsFound) {
  ASSERT_TRUE(take_backup(state(), copy(), now_));
  ASSERT_TRUE(check_backup(copy()));
  for (const auto* path : {"/collector.yaml", "/identity/ca.key", "/store.db"}) {
    auto bytes = read(copy() + path);
    for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      auto altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ 1);
      write(copy() + path, altered);
      const auto checked = check_backup(copy());
      ASSERT_FALSE(checked) << path << " at " << at;
      EXPECT_EQ(checked.error().code(), Code::kInvalidData);
      EXPECT_FALSE(restore_backup(copy(), folder_ + "/restored"));
      EXPECT_FALSE(fs::exists(folder_ + "/restored")) << "nothing is left half done";
    }
    write(copy() + path, bytes.substr(0, bytes.size() - 1));
    EXPECT_FALSE(check_backup(copy())) << path << " cut";
    write(copy() + path, bytes);
  }
  fs::remove(copy() + "/identity/ca.key");
  EXPECT_FALSE(check_backup(copy()));
}

TEST_F(Backup, AListThatLeavesItsFolderIsRefused) {
  const std::string digest(64, '0');
  const auto with_path = [&](const std::string& path) {
    return backup_list_from(R"({"assay":"backup/1","taken_at":"2026-11-28T01:02:03Z",)"
                            R"("version":"x","files":[{"path":")" +
                            path + R"(","bytes":0,"sha256":")" + digest + R"("}]})");
  };
  EXPECT_TRUE(with_path("identity/ca.key"));
  for (const auto* bad :
       {"/etc/shadow", "../x", "a/../../x", "", ".", "a/./b", "backup.json", "a/"})
    EXPECT_FALSE(with_path(bad)) << bad;
  for (const auto* bad :
       {"", "[]", "{}", R"({"assay":"backup/2"})", R"({"assay":"backup/1","taken_at":"x"})",
        R"({"assay":"backup/1","taken_at":"2026-11-28T01:02:03Z","version":1,"files":[]})",
        R"({"assay":"backup/1","taken_at":"2026-11-28T01:02:03Z","version":"1","files":{}})"})
    EXPECT_FALSE(backup_list_from(bad)) << bad;
}

TEST_F(Backup, RefusesWhatWouldMixOrLose) {
  EXPECT_EQ(take_backup(folder_ + "/none", copy(), now_).error().code(), Code::kNotFound);
  EXPECT_EQ(take_backup(state(), state() + "/copy", now_).error().code(), Code::kUsage);
  EXPECT_EQ(check_backup(state()).error().code(), Code::kNotFound);
  fs::create_directories(copy());
  write(copy() + "/something", "there");
  EXPECT_EQ(take_backup(state(), copy(), now_).error().code(), Code::kConflict);
  EXPECT_TRUE(fs::exists(copy() + "/something"));
  fs::remove(copy() + "/something");
  ASSERT_TRUE(take_backup(state(), copy(), now_)) << "an empty folder will do";
  EXPECT_EQ(restore_backup(copy(), state()).error().code(), Code::kConflict);
  EXPECT_EQ(read(state() + "/identity/ca.key"), "a key");
  fs::create_symlink("/etc/hostname", state() + "/identity/link");
  EXPECT_EQ(take_backup(state(), folder_ + "/again", now_).error().code(), Code::kInvalidData);
  EXPECT_FALSE(fs::exists(folder_ + "/again"));
}

TEST_F(Backup, ADamagedStoreIsNotCopiedInSilence) {
  for (int i = 0; i < 400; ++i) add_token("t" + std::to_string(i));
  store_.reset();
  auto bytes = read(state() + "/store.db");
  for (std::size_t at = 8192; at + 4096 < bytes.size(); at += 4096)
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 512, '\xff');
  write(state() + "/store.db", bytes);
  const auto taken = take_backup(state(), copy(), now_);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), Code::kInvalidData) << taken.error().message();
  EXPECT_FALSE(fs::exists(copy()));
}

}  // namespace
}  // namespace assay::collector
