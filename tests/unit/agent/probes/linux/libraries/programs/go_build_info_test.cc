#include "agent/probes/linux/libraries/programs/go_build_info.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/libraries/programs/elf_builder.h"

namespace assay::agent {
namespace {

constexpr const char* kModules =
    "path\tfilippo.io/age/cmd/age\nmod\tfilippo.io/age\tv1.1.1\t\n"
    "dep\tgolang.org/x/crypto\tv0.7.0\th1:x=\n"
    "dep\texample.org/asked\tv1.0.0\n=>\texample.org/taken\tv1.0.1\th1:y=\n"
    "build\t-ldflags=-X main.token=secret\nbuild\tvcs.revision=0a1b\n";

Result<std::optional<GoBuildInfo>> read(std::string_view bytes) {
  MemoryBytes source(bytes);
  return read_go_build_info(source);
}

// A program as before Go 1.18: the header points to strings, which point to their bytes.
std::string old_program(std::string_view version, std::string_view modules) {
  const auto pointer = [](std::uint64_t address) { return ZipBuilder::number(address, 8); };
  ElfBuilder elf;
  const auto version_at = elf.add(".rodata", std::string(version));
  const auto modules_at = elf.add(".rodata2", std::string(modules));
  const auto words = elf.add(".data", pointer(version_at) + pointer(version.size()) +
                                          pointer(modules_at) + pointer(modules.size()));
  elf.add(".go.buildinfo",
          std::string("\xFF Go buildinf:") + '\x08' + '\0' + pointer(words) + pointer(words + 16));
  return elf.bytes();
}

TEST(GoBuildInfoTest, ReadsTheInlineForm) {
  const auto info = *read(go_program("go1.19.8", kModules));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->go_version, "go1.19.8");
  EXPECT_EQ(info->main_package, "filippo.io/age/cmd/age");
  EXPECT_EQ(info->main->path + info->main->version, "filippo.io/agev1.1.1");
  EXPECT_EQ(info->dependencies.size(), 2U);
}

TEST(GoBuildInfoTest, ReadsThePointersOfOlderPrograms) {
  const auto info = *read(old_program("go1.15.2", go_modules_text(kModules)));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->go_version, "go1.15.2");
  EXPECT_EQ(info->dependencies.size(), 2U);
}

TEST(GoBuildInfoTest, ReadsTheInfoOfAProgramWithoutSections) {
  ElfBuilder elf;
  elf.add("", "padding");
  elf.add("", go_build_info_inline("go1.20", go_modules_text("path\tx\n")));
  const auto info = *read(elf.bytes(false));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->go_version, "go1.20");
}

TEST(GoBuildInfoTest, AProgramWithoutModulesStillTellsItsGo) {
  const auto info = *read(old_program("go1.13", ""));
  ASSERT_TRUE(info);
  EXPECT_FALSE(info->main);
}

TEST(GoBuildInfoTest, WhatGoDidNotBuildHasNone) {
  ElfBuilder elf;
  elf.add(".text", "code");
  EXPECT_FALSE(read(elf.bytes())->has_value());
  EXPECT_FALSE(read("#!/bin/sh")->has_value());
}

TEST(GoBuildInfoTest, AProgramOfGoWithoutInfoIsAnError) {
  ElfBuilder elf;
  elf.add(".note.go.buildid", "id");
  EXPECT_EQ(read(elf.bytes()).error().message(), "built by Go, but it holds no build info");
}

TEST(GoBuildInfoTest, PointersToNowhereAreAnError) {
  ElfBuilder elf;
  elf.add(".go.buildinfo", std::string("\xFF Go buildinf:") + '\x08' + '\0' +
                               ZipBuilder::number(0x10, 8) + ZipBuilder::number(0x20, 8));
  EXPECT_EQ(read(elf.bytes()).error().code(), Code::kInvalidData);
}

TEST(GoBuildInfoTest, AHugeLengthIsAnError) {
  ElfBuilder elf;
  elf.add(".go.buildinfo", std::string("\xFF Go buildinf:") + '\0' + '\2' + std::string(16, '\0') +
                               "\xFF\xFF\xFF\xFF\x7F");
  EXPECT_EQ(read(elf.bytes()).error().code(), Code::kInvalidData);
}

TEST(GoModulesTest, AReplacementStandsInTheModulesPlace) {
  const auto info = *parse_go_modules(kModules);
  EXPECT_EQ(info.dependencies[1].path, "example.org/taken");
  EXPECT_EQ(info.dependencies[1].version, "v1.0.1");
  EXPECT_EQ(info.dependencies[1].replaces, "example.org/asked");
}

TEST(GoModulesTest, OfTheSettingsOnlyTheRevisionIsKept) {
  EXPECT_EQ(parse_go_modules(kModules)->revision, "0a1b");
}

TEST(GoModulesTest, OddLinesDoNoHarm) {
  EXPECT_TRUE(parse_go_modules("=>\tx\ty\ndep\nmod\n\t\t\t\n\xFF\n"));
}

TEST(GoModulesTest, TooManyModulesAreAnError) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxGoModules; ++i) text += "dep\ta\tv1\n";
  EXPECT_EQ(parse_go_modules(text).error().code(), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent
