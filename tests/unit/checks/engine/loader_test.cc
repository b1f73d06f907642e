#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "checks/engine/content.h"

namespace assay::checks {
namespace {

namespace fs = std::filesystem;

class LoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "loader-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
  }
  [[nodiscard]] std::string problem() const {
    const auto content = compile_content({folder_.string()});
    return content ? "" : content.error().message();
  }
  void expect_problem(const std::string& name, std::string_view words) const {
    EXPECT_TRUE(problem().starts_with((folder_ / name).string() + ":1: ")) << problem();
    EXPECT_NE(problem().find(words), std::string::npos) << problem();
  }

  fs::path folder_;
};

TEST_F(LoaderTest, PassesOverWhatIsNoContent) {
  write("README.md", "[");
  write(".local.yaml.swp", "[");
  fs::create_symlink("someone@host.1", folder_ / ".#local.yaml");
  EXPECT_EQ(problem(), "");
}

TEST_F(LoaderTest, TellsAFileWithTheOtherEnding) {
  write("local.yml", "");
  expect_problem("local.yml", "must end in .yaml");
}

TEST_F(LoaderTest, TellsALinkThatLeadsNowhere) {
  fs::create_symlink("nowhere", folder_ / "local.yaml");
  expect_problem("local.yaml", "No such file or directory");
}

TEST_F(LoaderTest, TellsAFolderThatIsNotThere) {
  EXPECT_EQ(compile_content({(folder_ / "none").string()}).error().code(), Code::kNotFound);
}

TEST_F(LoaderTest, TellsThatTheCompiledContentIsAFolder) {
  ::setenv("ASSAY_CONTENT", folder_.c_str(), 1);
  const auto content = load_content();
  ::unsetenv("ASSAY_CONTENT");
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code(), Code::kIo);
  EXPECT_EQ(content.error().message(), folder_.string());
}

}  // namespace
}  // namespace assay::checks
