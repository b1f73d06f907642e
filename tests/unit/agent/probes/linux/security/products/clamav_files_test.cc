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

// As clamscan 1.4 writes it: `lines`, then a summary.
std::string clamscan(const std::string& lines, int folders, const std::string& day) {
  return "\n-------------------------------------------------------------------------------\n\n" +
         lines + "\n----------- SCAN SUMMARY -----------\nKnown viruses: 1\n" +
         "Engine version: 1.4.6\nScanned directories: " + std::to_string(folders) +
         "\nScanned files: 9\nInfected files: 0\nTime: 21.894 sec (0 m 21 s)\n" +
         "Start Date: " + day + " 02:00:00\nEnd Date:   " + day + " 03:00:00\n";
}
// As clamdscan 1.4 does, which counts no folders.
std::string clamdscan(const std::string& lines) {
  return "--------------------------------------\n" + lines +
         "\n----------- SCAN SUMMARY -----------\nInfected files: 0\nTime: 0.008 sec (0 m 0 s)\n" +
         "Start Date: 2026:11:29 10:13:43\nEnd Date:   2026:11:29 10:13:43\n";
}
std::string full(const std::string& log) {
  const auto scans = parse_scan_log(log);
  return scans.full ? scans.full->day + scans.full->note : "none";
}
std::string why_not(const std::string& log) {
  const auto scans = parse_scan_log(log);
  return scans.other && !scans.full ? scans.other->note : "none";
}

constexpr const char* kOfRoot = "/proc: Excluded\n/bin: Symbolic link\n/etc/x: Empty file\n";

TEST(ClamavScanLogTest, AScanOfTheWholeSystemIsAFullOne) {
  EXPECT_EQ(full(clamscan(kOfRoot, 21384, "2026:11:21")), "2026-11-21");
  EXPECT_EQ(full(clamdscan("/: OK\n")), "2026-11-29");
}

TEST(ClamavScanLogTest, AScanOfAFileOrAFolderIsNone) {
  EXPECT_EQ(why_not(clamscan("", 0, "2026:11:21")), "of 0 folders only");
  EXPECT_EQ(why_not(clamscan("/home/a/x: Symbolic link\n", 9000, "2026:11:21")),
            "of 9000 folders, and not of /");
  EXPECT_EQ(why_not(clamdscan("/home: OK\n")), "its log does not tell what was scanned");
  EXPECT_EQ(why_not(clamdscan("/home/b/e: Eicar-Test FOUND\n")),
            "its log does not tell what was scanned");
}

TEST(ClamavScanLogTest, WithoutTheFoldersBelowItAScanOfTheRootIsNone) {
  EXPECT_EQ(why_not(clamscan(kOfRoot, 1, "2026:11:21")), "of 1 folders only");
  EXPECT_EQ(why_not(clamscan("/home: Excluded\n/bin: Symbolic link\n", 9000, "2026:11:21")),
            "it left out /home");
}

TEST(ClamavScanLogTest, WhenOnlyTheNumberOfFoldersIsToldItDecides) {
  EXPECT_EQ(why_not(clamscan("", 4999, "2026:11:21")), "of 4999 folders only");
  EXPECT_EQ(full(clamscan("/tmp/x: Eicar-Test FOUND\n", 5000, "2026:11:21")),
            "2026-11-21taken for a full one by its 5000 folders: its log does not tell what was "
            "scanned");
}

TEST(ClamavScanLogTest, TheLatestFullScanCountsWhateverCameAfterIt) {
  const auto log = clamscan(kOfRoot, 9000, "2026:11:21") + clamscan(kOfRoot, 9000, "2026:11:09") +
                   clamscan("", 0, "2026:11:28");
  EXPECT_EQ(full(log), "2026-11-21");
  EXPECT_EQ(parse_scan_log(log).other->day, "2026-11-28");
}

TEST(ClamavScanLogTest, WhatWasBrokenOffLendsNothingToTheNext) {
  EXPECT_EQ(why_not("----------------------------------------\n/bin: Symbolic link\n" +
                    clamscan("", 600, "2026:11:21")),
            "of 600 folders only");
}

TEST(ClamavScanLogTest, ADayThatIsNoneIsPassedOver) {
  EXPECT_EQ(full("/: OK\nEnd Date: 2026:13:45 00:00:00\n/: OK\nEnd Date: soon\n"), "none");
  EXPECT_FALSE(parse_scan_log("Scanned directories: 9x\n/x: \n/: OK").full.has_value());
}

TEST(ClamavFilesTest, ReadsAnOption) {
  constexpr std::string_view kSettings =
      "# DatabaseDirectory /no\nDatabaseDirectoryX /no\nDatabaseDirectory \t/srv/clam \n";
  EXPECT_EQ(clamav_option(kSettings, "DatabaseDirectory"), "/srv/clam");
  EXPECT_EQ(clamav_option(kSettings, "LogFile"), "");
}

}  // namespace
}  // namespace assay::agent
