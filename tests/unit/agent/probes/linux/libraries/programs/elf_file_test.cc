#include "agent/probes/linux/libraries/programs/elf_file.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/probes/linux/libraries/programs/elf_builder.h"

namespace assay::agent {
namespace {

Result<std::optional<ElfFile>> read(std::string_view bytes) {
  MemoryBytes source(bytes);
  return ElfFile::read(source);
}

// An error, no ELF, or one whose parts and sections are within their bounds.
bool is_harmless(std::string_view bytes) {
  const auto file = read(bytes);
  if (!file) return file.error().code() == Code::kInvalidData;
  if (!file->has_value()) return true;
  return (*file)->loaded().size() <= kMaxElfParts && (*file)->sections().size() <= kMaxElfSections;
}

TEST(ElfFileTest, FindsSectionsByName) {
  ElfBuilder elf;
  elf.add(".text", "code");
  elf.add(".data", "datadata");
  const auto bytes = elf.bytes();
  const auto file = *read(bytes);
  const auto* section = file->find_section(".data");
  ASSERT_NE(section, nullptr);
  EXPECT_EQ(bytes.substr(section->offset, section->bytes), "datadata");
  EXPECT_EQ(file->find_section(".bss"), nullptr);
}

TEST(ElfFileTest, FindsTheByteOfAnAddress) {
  ElfBuilder elf;
  const auto address = elf.add(".data", "datadata");
  const auto bytes = elf.bytes();
  const auto file = *read(bytes);
  EXPECT_EQ(bytes.substr(file->offset_of(address).value(), 8), "datadata");
  EXPECT_EQ(file->offset_of(ElfBuilder::kAddress - 1), std::nullopt);
  EXPECT_EQ(file->offset_of(address + 8), std::nullopt);
}

TEST(ElfFileTest, WhatIsNoElfIsNone) {
  EXPECT_EQ(read("")->has_value(), false);
  EXPECT_EQ(read("#!/bin/sh\n")->has_value(), false);
}

TEST(ElfFileTest, AProgramWithoutSectionsIsWhole) {
  ElfBuilder elf;
  elf.add(".data", "data");
  const auto file = *read(elf.bytes(false));
  EXPECT_EQ(file->sections().size(), 0U);
  EXPECT_EQ(file->loaded().size(), 1U);
}

TEST(ElfFileTest, NoTruncationOrDamageDoesHarm) {
  ElfBuilder elf;
  elf.add(".go.buildinfo", "data");
  const auto bytes = elf.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_TRUE(is_harmless(bytes.substr(0, i))) << i;
    auto damaged = bytes;
    damaged[i] = '\xFF';
    EXPECT_TRUE(is_harmless(damaged)) << i;
  }
}

TEST(ElfFileTest, ACutHeaderIsAnError) {
  ElfBuilder elf;
  EXPECT_EQ(read(elf.bytes().substr(0, 40)).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
