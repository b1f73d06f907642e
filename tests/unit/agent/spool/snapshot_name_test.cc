#include "agent/spool/snapshot_name.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(SnapshotName, GoesThroughTextUnchanged) {
  const SnapshotName name{12, evidence::sha256("x")};
  EXPECT_EQ(to_text(name), "000000000012-" + evidence::sha256("x").hex());
  EXPECT_EQ(snapshot_name_from(to_text(name)), name);
}

TEST(SnapshotName, NothingElseIsAName) {
  const auto digest = evidence::sha256("x").hex();
  for (const auto& text :
       {std::string(), digest, "000000000000-" + digest, "-00000000012-" + digest,
        "00000000001x-" + digest, "000000000012_" + digest, "000000000012-" + digest + "0"})
    EXPECT_FALSE(snapshot_name_from(text)) << text;
}

TEST(SnapshotName, TableFilesAreNamedByTheirDigest) {
  const auto digest = evidence::sha256("x");
  EXPECT_EQ(table_digest_from(table_file_name(digest)), digest);
  EXPECT_FALSE(table_digest_from("notes.txt"));
}

}  // namespace
}  // namespace assay::agent
