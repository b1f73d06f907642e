#include "agent/probes/linux/libraries/java/zip_archive.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/libraries/java/zip_builder.h"

namespace assay::agent {
namespace {

std::vector<ZipMember> members_of(std::string_view bytes) {
  MemoryBytes source(bytes);
  std::vector<ZipMember> members;
  auto read = read_zip_directory(source, [&](const ZipMember& member) -> Status {
    members.push_back(member);
    return {};
  });
  EXPECT_TRUE(read) << (read ? "" : read.error().message());
  return members;
}

Code failure_of(std::string_view bytes) {
  MemoryBytes source(bytes);
  const auto read = read_zip_directory(source, [](const ZipMember&) { return Status(); });
  return read ? Code::kInternal : read.error().code();
}

Result<std::string> content(std::string_view bytes, std::size_t most = 1 << 20) {
  MemoryBytes source(bytes);
  return read_whole(source, members_of(bytes).at(0), most);
}

TEST(ZipArchiveTest, ListsMembersInTheirOrder) {
  const auto members =
      members_of(ZipBuilder().add("b", "1").add_deflated("a/", "").add("c", "22").bytes());
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].name + members[1].name + members[2].name, "ba/c");
  EXPECT_EQ(members[2].unpacked_bytes, 2U);
}

TEST(ZipArchiveTest, UnpacksStoredAndDeflatedMembers) {
  const std::string text(300'000, 'x');
  EXPECT_EQ(content(ZipBuilder().add("a", text).bytes()), text);
  EXPECT_EQ(content(ZipBuilder().add_deflated("a", text).bytes()), text);
}

TEST(ZipArchiveTest, ReadsOnlyTheStartOfAMember) {
  const auto bytes = ZipBuilder().add_deflated("a", std::string(5'000'000, 'x')).bytes();
  MemoryBytes source(bytes);
  EXPECT_EQ(read_start_of(source, members_of(bytes).at(0), 10), "xxxxxxxxxx");
}

TEST(ZipArchiveTest, AnEmptyArchiveHasNoMembers) {
  EXPECT_EQ(members_of(ZipBuilder().bytes()).size(), 0U);
}

TEST(ZipArchiveTest, ACommentIsSkippedEvenWhenItLooksLikeAnEnd) {
  const auto bytes = ZipBuilder().add("a", "1").bytes("PK\5\6 and more than twenty-two bytes");
  EXPECT_EQ(members_of(bytes).size(), 1U);
}

TEST(ZipArchiveTest, AScriptBeforeTheArchiveIsSkipped) {
  const auto bytes = "#!/bin/sh\nexec java -jar $0\n" + ZipBuilder().add("a", "text").bytes();
  EXPECT_EQ(content(bytes), "text");
}

TEST(ZipArchiveTest, ReadsZip64) {
  const auto archive = ZipBuilder().add("a", "text").add("b", "");
  EXPECT_EQ(content(archive.bytes64()), "text");
  EXPECT_EQ(members_of("#!script\n" + archive.bytes64()).size(), 2U);
}

TEST(ZipArchiveTest, EveryTruncationIsRefused) {
  const auto bytes = ZipBuilder().add("a", "text").add_deflated("b", "more").bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(failure_of(bytes.substr(0, size)), Code::kInvalidData) << size;
}

TEST(ZipArchiveTest, ADirectoryThatLacksMembersIsRefused) {
  auto bytes = ZipBuilder().add("a", "text").bytes();
  bytes[bytes.size() - 12] = 2;  // the number of members
  EXPECT_EQ(failure_of(bytes), Code::kInvalidData);
}

TEST(ZipArchiveTest, AMemberThatSaysTooLittleOfItsSizeIsRefused) {
  const std::string text(100'000, 'x');
  const auto bytes = ZipBuilder().add_member("a", "short", ZipBuilder::deflated(text), 8).bytes();
  EXPECT_EQ(content(bytes).error().code(), Code::kInvalidData);
}

TEST(ZipArchiveTest, ABombIsNotUnpackedBeyondTheLimit) {
  const auto bytes = ZipBuilder().add_deflated("a", std::string(50'000'000, '\0')).bytes();
  EXPECT_EQ(content(bytes, 1000).error().code(), Code::kTooLarge);
}

TEST(ZipArchiveTest, AWrongChecksumIsRefused) {
  const auto bytes = ZipBuilder().add_member("a", "text", "tezt", 0).bytes();
  EXPECT_EQ(content(bytes).error().code(), Code::kInvalidData);
}

TEST(ZipArchiveTest, WhatCannotBeUnpackedSaysWhy) {
  const auto encrypted = ZipBuilder().add_member("a", "text", "text", 0, 1).bytes();
  EXPECT_EQ(content(encrypted).error().message(), "a member is encrypted");
  const auto unknown = ZipBuilder().add_member("a", "text", "text", 14).bytes();
  EXPECT_EQ(content(unknown).error().code(), Code::kNotSupported);
}

TEST(ZipArchiveTest, DamagedDeflatedBytesAreRefused) {
  const auto bytes = ZipBuilder().add_member("a", "text", "\xFF\xFF\xFF\xFF", 8).bytes();
  EXPECT_EQ(content(bytes).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
