// The real program, killed in the middle of an upload.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

#include "evidence/compress.h"
#include "tests/integration/collector/test_agent.h"

namespace assay::collector {
namespace {

class CrashTest : public testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (std::filesystem::temp_directory_path() / "assay-crash-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    ASSERT_EQ(wait_for(run({"init", "--name", "127.0.0.1", "-o", "json"})), 0);
    ca_ = read(folder_ / "state/identity/ca.pem");
  }
  void TearDown() override {
    kill_serving();
    std::filesystem::remove_all(folder_);
  }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // Its output goes to <folder>/out.
  pid_t run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ASSAY_COLLECTOR);
    arguments.insert(arguments.end(), {"--state", (folder_ / "state").string()});
    const pid_t child = ::fork();
    if (child != 0) return child;
    const int out = ::open((folder_ / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(out, STDOUT_FILENO);
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    ::execv(ASSAY_COLLECTOR, words.data());
    ::_exit(127);
  }
  static int wait_for(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int serve() {
    serving_ = run({"serve", "--listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"});
    for (int i = 0; i < 100; ++i) {
      const auto file = nlohmann::json::parse(read(folder_ / "state/serve.json"), nullptr, false);
      if (file.is_object() && file["pid"] == serving_) return file["port"];
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "the collector did not become ready";
    return 0;
  }
  void kill_serving() {
    if (serving_ > 0) ::kill(serving_, SIGKILL);
    if (serving_ > 0) wait_for(serving_);
    serving_ = 0;
  }
  std::string token() {
    EXPECT_EQ(wait_for(run({"token", "create"})), 0);
    auto text = read(folder_ / "out");
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
  }

  std::filesystem::path folder_;
  std::string ca_;
  pid_t serving_ = 0;
};

TEST_F(CrashTest, AnUploadThatWasKilledIsResumedAndNothingIsDoubled) {
  TestAgent agent(serve(), ca_);
  ASSERT_TRUE(agent.enroll(token()).ok());
  const auto first = agent.scan({"kept"});
  ASSERT_TRUE(agent.submit(first)->has_receipt());
  const auto second = agent.scan({"half", "sent"});
  {
    Submission stream(agent.channel());
    stream.offer(second);
    ASSERT_TRUE(stream.answer()->has_wants());
    const auto frame = evidence::compress(second.tables.begin()->second).value();
    stream.part(second.tables.begin()->first, frame.substr(0, frame.size() / 2), false);
    kill_serving();
    EXPECT_FALSE(stream.answer());
  }
  agent.connect_to(serve());
  EXPECT_EQ(agent.submit(first)->receipt().sequence(), 1);  // what was acknowledged is there
  EXPECT_EQ(agent.submit(second)->receipt().sequence(), 2);
  EXPECT_EQ(wait_for(run({"agent", "list", "-o", "json"})), 0);
  const auto hosts = nlohmann::json::parse(read(folder_ / "out"));
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(hosts[0]["last_sequence"], 2);
}

TEST_F(CrashTest, TermDrainsAndLeavesNoServeFile) {
  TestAgent agent(serve(), ca_);
  ASSERT_TRUE(agent.enroll(token()).ok());
  ASSERT_TRUE(agent.submit(agent.scan())->has_receipt());
  ::kill(serving_, SIGTERM);
  EXPECT_EQ(wait_for(serving_), 0);
  serving_ = 0;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state/serve.json"));
}

TEST_F(CrashTest, ARevocationByTheCommandLineEndsOpenStreams) {
  TestAgent agent(serve(), ca_);
  ASSERT_TRUE(agent.enroll(token()).ok());
  grpc::ClientContext context;
  auto stub = v1::Attendance::NewStub(agent.channel());
  auto stream = stub->Attend(&context);
  stream->Write(v1::Beat());
  v1::Instruction instruction;
  ASSERT_TRUE(stream->Read(&instruction));
  ASSERT_EQ(wait_for(run({"agent", "revoke", agent.host_id()})), 0);
  EXPECT_FALSE(stream->Read(&instruction));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace assay::collector
