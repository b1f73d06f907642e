#include "agent/network/sensor/capture/capture_file.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/network/sensor/frames.h"

namespace assay::agent::sensor {
namespace {

struct ReadAll {
  std::vector<std::string> frames;
  std::vector<std::int64_t> seconds;
  Next end = Next::kEnd;
  std::string problem;
  std::uint64_t lost = 0;
};

ReadAll read_all(const std::string& bytes) {
  auto file = CaptureFile::over(bytes_of(bytes));
  if (!file) return {{}, {}, Next::kBroken, file.error().message()};
  ReadAll all;
  Record record;
  while ((all.end = file->next(&record)) == Next::kRecord) {
    all.frames.emplace_back(text_of(record.data));
    all.seconds.push_back(record.seconds);
  }
  if (all.end == Next::kBroken) all.problem = file->problem().message();
  all.lost = file->lost_by_capture();
  return all;
}

TEST(CaptureFileTest, ReadsPcapInBothByteOrders) {
  const auto little = read_all(pcap_header() + pcap_record("one", 10) + pcap_record("second", 20));
  EXPECT_EQ(little.frames, (std::vector<std::string>{"one", "second"}));
  EXPECT_EQ(little.seconds, (std::vector<std::int64_t>{10, 20}));
  EXPECT_EQ(little.end, Next::kEnd);
  const auto big = number32(0xa1b23c4d) + number16(2) + number16(4) + number32(0) + number32(0) +
                   number32(65535) + number32(1) + number32(30) + number32(999) + number32(3) +
                   number32(3) + "abc";
  EXPECT_EQ(read_all(big).frames, std::vector<std::string>{"abc"});
  EXPECT_EQ(read_all(big).seconds, std::vector<std::int64_t>{30});
}

TEST(CaptureFileTest, ReadsPcapngWithItsClocks) {
  const std::string nanoseconds("\x09\x00\x01\x00\x09\x00\x00\x00", 8);
  const std::string powers_of_two("\x09\x00\x01\x00\x8a\x00\x00\x00", 8);  // 2^-10
  const auto all =
      read_all(pcapng_section() + pcapng_interface() + pcapng_interface(1, nanoseconds) +
               pcapng_interface(1, powers_of_two) + pcapng_block(4, "names of hosts") +
               pcapng_packet("a", 5'000'000) + pcapng_packet("bb", 6'000'000'000, 1) +
               pcapng_packet("ccc", 7168, 2) + pcapng_block(3, little32(4) + "dddd"));
  EXPECT_EQ(all.frames, (std::vector<std::string>{"a", "bb", "ccc", "dddd"}));
  EXPECT_EQ(all.seconds, (std::vector<std::int64_t>{5, 6, 7, 0}));
  EXPECT_EQ(all.end, Next::kEnd) << all.problem;
}

TEST(CaptureFileTest, TellsWhatTheCapturingProgramLost) {
  const auto lost = [](std::uint32_t count) {
    return pcapng_block(5, little32(0) + std::string(8, '\0') + std::string("\x05\x00\x08\x00", 4) +
                               little32(count) + little32(0));
  };
  const auto section = pcapng_section() + pcapng_interface();
  EXPECT_EQ(read_all(section + lost(3) + lost(7) + section + lost(2)).lost, 9U);
}

TEST(CaptureFileTest, AFileThatEndsAnywhereIsToldWithWhereAndWhat) {
  const auto pcap = pcap_header() + pcap_record("first") + pcap_record("second");
  const auto pcapng = pcapng_section() + pcapng_interface() + pcapng_packet("first", 1) +
                      pcapng_packet("second", 2);
  for (const auto& whole : {pcap, pcapng})
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto all = read_all(whole.substr(0, size));
      EXPECT_LT(all.frames.size(), 2U) << size;
      EXPECT_NE(all.end == Next::kBroken, all.problem.empty()) << size;
    }
  EXPECT_EQ(read_all(pcap.substr(0, 50)).problem, "byte 45: the file ends within a record");
  EXPECT_EQ(read_all("GIF89a..............................").problem,
            "the capture: neither a pcap nor a pcapng file");
}

TEST(CaptureFileTest, LengthsThatCannotBeAreRefusedBeforeAnythingIsReadForThem) {
  const auto endless = pcap_header() + little32(1) + little32(0) + little32(0xffffffff) +
                       little32(4) + std::string(600'000, 'x');
  EXPECT_EQ(read_all(endless).problem, "byte 24: a record is longer than any frame");
  const auto huge = pcapng_section() + pcapng_interface() + little32(6) + little32(0x7ffffffc) +
                    std::string(600'000, 'x');
  EXPECT_EQ(read_all(huge).problem, "byte 48: a block is longer than any frame");
  const auto odd = pcapng_section() + little32(1) + little32(13) + std::string(100, 'x');
  EXPECT_EQ(read_all(odd).problem, "byte 28: a block of impossible length");
  const auto nobody = pcapng_section() + pcapng_packet("a", 1);
  EXPECT_EQ(read_all(nobody).problem, "byte 28: a frame cannot be read");
}

}  // namespace
}  // namespace assay::agent::sensor
