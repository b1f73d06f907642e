#include "cli/terminal/answer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace assay::cli {
namespace {

namespace fs = std::filesystem;

class AnswerTest : public testing::Test {
 protected:
  void SetUp() override {
    answer_.json = {{{"id", 1}}, {{"id", 2}}};
    answer_.grid.headings = {{"id", {"Id", "編號"}}};
    answer_.grid.rows = {{cell("1")}, {cell("2")}};
    folder_ = testing::TempDir() + "answer-" + std::to_string(getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  static std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
  static Code refusal(const std::vector<std::string>& words) {
    const auto outputs = parse_outputs(words);
    return outputs ? Code::kInternal : outputs.error().code();
  }

  Answer answer_;
  std::string folder_;
};

TEST_F(AnswerTest, ATableOnStandardOutputIsTheDefault) {
  const auto outputs = parse_outputs({});
  ASSERT_TRUE(outputs && outputs->size() == 1);
  EXPECT_EQ(outputs->front().format, Format::kTable);
  EXPECT_EQ(outputs->front().path, "");
}

TEST_F(AnswerTest, SeveralFormsGoToSeveralFiles) {
  const auto outputs = parse_outputs({"table", "json=" + folder_ + "/a.json", "csv=b=c.csv"});
  ASSERT_TRUE(outputs && outputs->size() == 3);
  EXPECT_EQ((*outputs)[1].path, folder_ + "/a.json");
  EXPECT_EQ((*outputs)[2].path, "b=c.csv");
}

TEST_F(AnswerTest, WrongWordsAreAUsageError) {
  EXPECT_EQ(refusal({"xml"}), Code::kUsage);
  EXPECT_EQ(refusal({"json="}), Code::kUsage);
  EXPECT_EQ(refusal({"json", "table"}), Code::kUsage);
}

TEST_F(AnswerTest, NdjsonHasOneItemPerLine) {
  EXPECT_EQ(to_text(answer_, Format::kNdjson, {}), "{\"id\":1}\n{\"id\":2}\n");
}

TEST_F(AnswerTest, BytesThatAreNotUtf8DoNotBreakJson) {
  answer_.json = nlohmann::ordered_json::array({"bad\xff"});
  EXPECT_NE(to_text(answer_, Format::kJson, {}).find("bad"), std::string::npos);
}

TEST_F(AnswerTest, AFileIsReplacedAsAWhole) {
  const auto path = folder_ + "/out.csv";
  ASSERT_TRUE(write_file(path, "old", 0644));
  ASSERT_TRUE(deliver(answer_, {{Format::kCsv, path}}, {}));
  EXPECT_EQ(content(path), "\xEF\xBB\xBFid\r\n1\r\n2\r\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing else is left";
}

TEST_F(AnswerTest, ASecretFileIsForItsOwnerOnly) {
  const auto path = folder_ + "/login.json";
  ASSERT_TRUE(write_file(path, "{}", 0600));
  struct stat facts{};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST_F(AnswerTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_EQ(write_file(folder_ + "/none/out", "x", 0644).error().code(), Code::kNotFound);
}

TEST_F(AnswerTest, AFullDiskIsSaid) {
  EXPECT_EQ(write_file("/dev/full", "x", 0644).error().code(), Code::kNoSpace);
}

}  // namespace
}  // namespace assay::cli
