// A line of the log that programs read.
#include "collector/log/json_lines.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "collector/log/log_fields.h"

namespace assay::collector {
namespace {

using Json = nlohmann::json;

Json line(std::string_view message) {
  return Json::parse(json_line("2026-11-29T00:00:00.000Z", "error", message));
}

TEST(JsonLines, TellTheComponentFromWhatItSays) {
  EXPECT_EQ(line("ledger: no time stamp: away"), Json({{"time", "2026-11-29T00:00:00.000Z"},
                                                       {"level", "error"},
                                                       {"component", "ledger"},
                                                       {"message", "no time stamp: away"}}));
}

TEST(JsonLines, WhereNoWordComesFirstAllIsTheMessage) {
  for (const auto* message : {"stopping", "evaluation of host web: away", ": x", "a b: c", ""}) {
    EXPECT_FALSE(line(message).contains("component")) << message;
    EXPECT_EQ(line(message)["message"], message);
  }
}

TEST(JsonLines, FieldsAreSaidWhileTheyLive) {
  {
    const LogFields outer{{"host", "web"}};
    EXPECT_EQ(line("x")["host"], "web");
    {
      const LogFields inner{{"user", "Mei-ling"}};
      EXPECT_EQ(line("x")["user"], "Mei-ling");
      EXPECT_FALSE(line("x").contains("host"));
    }
    EXPECT_EQ(line("x")["host"], "web");
  }
  EXPECT_FALSE(line("x").contains("host"));
}

TEST(JsonLines, NoFieldTakesThePlaceOfTheLine) {
  const LogFields fields{{"message", "forged"}, {"time", "never"}};
  EXPECT_EQ(line("said")["message"], "said");
  EXPECT_EQ(line("said")["time"], "2026-11-29T00:00:00.000Z");
}

TEST(JsonLines, WhateverIsSaidIsOneLineThatCanBeRead) {
  const auto text = json_line("t", "info", "a\nb\xff\"\x01");
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_TRUE(Json::accept(text));
}

TEST(JsonLines, AreWhatALoggerWrites) {
  std::ostringstream out;
  spdlog::logger logger("x", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
  logger.set_formatter(std::make_unique<JsonLines>());
  logger.error("API: {}", "cut off");
  logger.warn("again");
  std::istringstream lines(out.str());
  std::string first;
  std::getline(lines, first);
  const auto json = Json::parse(first);
  EXPECT_EQ(json["component"], "API");
  EXPECT_EQ(json["level"], "error");
  EXPECT_EQ(json["time"].get<std::string>().size(), 24U);
  EXPECT_EQ(json["time"].get<std::string>().back(), 'Z');
}

}  // namespace
}  // namespace assay::collector
