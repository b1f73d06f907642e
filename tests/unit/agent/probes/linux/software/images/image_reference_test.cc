#include "agent/probes/linux/software/images/image_reference.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

std::string parts(std::string_view text) {
  const auto reference = parse_image_reference(text);
  return reference.repository + "|" + reference.tag + "|" + reference.digest;
}

TEST(ImageReferenceTest, ReadsNameTagAndDigest) {
  EXPECT_EQ(parts("alpine:3.20"), "alpine|3.20|");
  EXPECT_EQ(parts("docker.io/library/alpine"), "docker.io/library/alpine||");
  EXPECT_EQ(parts("alpine@sha256:ab"), "alpine||sha256:ab");
  EXPECT_EQ(parts("alpine:3@sha256:ab"), "alpine|3|sha256:ab");
}

TEST(ImageReferenceTest, APortIsNoTag) {
  EXPECT_EQ(parts("registry.example:5000/app"), "registry.example:5000/app||");
  EXPECT_EQ(parts("registry.example:5000/app:1"), "registry.example:5000/app|1|");
}

TEST(ImageReferenceTest, AUserInFrontOfTheRegistryGoesNoFurther) {
  EXPECT_EQ(parts("lin:secret@registry.example/app:1"), "registry.example/app|1|");
  EXPECT_EQ(parts("lin:secret@app"), "app||");
}

TEST(ImageTimeTest, ReadsFractionsAndOffsets) {
  EXPECT_EQ(image_time("2026-11-21T01:02:03.123456789Z"), 1795222923);
  EXPECT_EQ(image_time("2026-11-21T01:02:03Z"), 1795222923);
  EXPECT_EQ(image_time("2026-11-21T09:02:03.5+08:00"), 1795222923);
}

TEST(ImageTimeTest, AnUnknownTimeIsNoTime) {
  for (const auto* text : {"", "0001-01-01T00:00:00Z", "yesterday", "2026-11-21T01:02:03",
                           "2026-11-21T01:02:03.5", "2026-11-21T01:02:03+8"})
    EXPECT_FALSE(image_time(text).has_value()) << text;
}

}  // namespace
}  // namespace assay::agent
