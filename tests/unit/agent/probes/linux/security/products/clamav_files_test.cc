#include "agent/probes/linux/security/products/clamav_files.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(ClamavFilesTest, ReadsVersionAndDateOfADatabase) {
  const auto header =
      parse_clamav_header("ClamAV-VDB:21 Nov 2026 04-21 +0000:27000:2066:90:X:Y:z:1");
  EXPECT_EQ(header.value().version, "27000");
  EXPECT_EQ(header->date, "2026-11-21");
}

TEST(ClamavFilesTest, ATimeWithColonsDoesNotShiftTheVersion) {
  EXPECT_EQ(parse_clamav_header("ClamAV-VDB:1 Feb 2026 04:21 +0000:27000:9:")->version, "27000");
  EXPECT_EQ(parse_clamav_header("ClamAV-VDB:1 Feb 2026 04:21 +0000:27000:9:")->date, "2026-02-01");
}

TEST(ClamavFilesTest, RefusesWhatIsNoDatabase) {
  for (const auto* text :
       {"", "PK\x03\x04", "ClamAV-VDB:", "ClamAV-VDB:21 Nov", "ClamAV-VDB:31 Feb 2026 0:1:2:3",
        "ClamAV-VDB:21 Xxx 2026 04-21:27000:", "ClamAV-VDB:21 Nov 2026 04-21 +0000"})
    EXPECT_FALSE(parse_clamav_header(text).has_value()) << text;
}

TEST(ClamavFilesTest, TheLatestScanCounts) {
  EXPECT_EQ(parse_last_scan("End Date:   2026:11:21 03:12:01\nx\nEnd Date: 2026:11:09 1:1:1\n"),
            "2026-11-21");
  EXPECT_EQ(parse_last_scan("End Date: 2026:13:45 00:00:00\nEnd Date: soon\n"), std::nullopt);
}

TEST(ClamavFilesTest, ReadsAnOption) {
  constexpr std::string_view kSettings =
      "# DatabaseDirectory /no\nDatabaseDirectoryX /no\nDatabaseDirectory \t/srv/clam \n";
  EXPECT_EQ(clamav_option(kSettings, "DatabaseDirectory"), "/srv/clam");
  EXPECT_EQ(clamav_option(kSettings, "LogFile"), "");
}

}  // namespace
}  // namespace assay::agent
