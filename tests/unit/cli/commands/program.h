// The whole program with a made-up collector: arguments in, exit code and output out.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/commands/command.h"

namespace assay::cli {

// Answers by path; remembers the last query.
class FakeRemote final : public Remote {
 public:
  struct Memory {
    std::map<std::string, Json> answers;
    std::map<std::string, Json> answers_to_post;
    std::map<std::string, Json> answers_to_put;
    std::map<std::string, std::string> files;
    Query last_query;
    std::string last_body;
    std::string last_type;
    std::map<std::string, std::string> sent;  // by PUT
  };
  explicit FakeRemote(Memory& memory) : memory_(memory) {}

  Result<Json> get(const std::vector<std::string>& path, const Query& query) override {
    memory_.last_query = query;
    const auto found = memory_.answers.find(joined_path(path));
    if (found == memory_.answers.end())
      return assay::fail(Code::kNotFound, "no " + joined_path(path));
    return found->second;
  }
  Result<Json> post(const std::vector<std::string>& path, const Query& query,
                    const RequestBody& body) override {
    memory_.last_query = query;
    memory_.last_body = body.text;
    memory_.last_type = body.type;
    const auto found = memory_.answers_to_post.find(joined_path(path));
    if (found == memory_.answers_to_post.end())
      return assay::fail(Code::kConflict, "web-1 is not attached");
    return found->second;
  }
  Result<Json> put(const std::vector<std::string>& path, const std::string& bytes) override {
    const auto found = memory_.answers_to_put.find(joined_path(path));
    if (found == memory_.answers_to_put.end()) return assay::fail(Code::kConflict, "it has ended");
    memory_.sent[joined_path(path)] = bytes;
    return found->second;
  }
  Result<std::string> download(const std::vector<std::string>& path) override {
    const auto found = memory_.files.find(joined_path(path));
    if (found == memory_.files.end())
      return assay::fail(Code::kNotFound, "no " + joined_path(path));
    return found->second;
  }

 private:
  static std::string joined_path(const std::vector<std::string>& path) {
    std::string out;
    for (const auto& segment : path) out += '/' + segment;
    return out;
  }
  Memory& memory_;
};

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() : folder_(testing::TempDir() + "cli-" + std::to_string(getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ProgramTest() override { std::filesystem::remove_all(folder_); }

  // What it wrote to standard output is in out_, to standard error in err_.
  int run(const std::vector<std::string>& arguments) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = cli::run(arguments, [this]() -> Result<std::unique_ptr<Remote>> {
      return std::make_unique<FakeRemote>(remote_);
    });
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }
  std::string file(const std::string& name, std::string_view text) {
    const auto path = folder_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }
  static std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
  std::string asked_for(const std::string& name) {
    for (const auto& [key, value] : remote_.last_query)
      if (key == name) return value;
    return "";
  }

  std::string folder_;
  FakeRemote::Memory remote_;
  std::string out_;
  std::string err_;
};

}  // namespace assay::cli
