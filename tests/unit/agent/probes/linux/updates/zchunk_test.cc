#include <gtest/gtest.h>

#include "agent/probes/linux/updates/stored_file.h"
#include "agent/probes/linux/updates/zchunk_header.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/updates/zchunk_bytes.h"

namespace assay::agent {
namespace {

// Written by zck 1.2.3 of Debian: zck -m -s '<package>' p.xml. A made-up list of two packages.
constexpr const char* kFromZck =
    "005a434b3181eed10803832dcf3361db8bb9fa7397c3c7939983de4f6f123de529f7b529e8d77dc28c936056"
    "0f79a4692ad24dd1bf117372c6c0a50fdf3c9d3db5bcdb9bc062b98082ca8384000000000000000000000000"
    "00000000808082075844920d5e28093aa85f0b53cbad948b79dda1edac698e67217282e9aa45905de1e3e89f"
    "0517975294675d50909bc1c9c15aecef8028b52ffd200b5900003c6d657461646174613e0a28b52ffd2063c5"
    "020012c5121980a90e9c72b61ffbc5c48ca1e8286774830dcd731c6051090146ea269ad38502c094f027684a"
    "00d3fb23786052cd9a93c50eeefd69ea41032458acea674d558e09eb0a5eba6e604473d30300e50295304f75"
    "5b9828b52ffd206f1d030092c5141b6089db63c552d8431b50dded35080269f743c949c5e0ba861d560928d5"
    "d1823aace0113ef1006b0d0977ba80a1ae353fe9d4b5639986d3c22089e6e7f8c5064ca0c8635b8f2720c922"
    "59d1e5c90745ac360f04005ca0839678609eeab63001";
constexpr const char* kList =
    "<metadata>\n"
    "<package><name>bash</name><arch>x86_64</arch><version epoch=\"0\" ver=\"5.2\" "
    "rel=\"3.fc42\"/></package>\n"
    "<package><name>zlib</name><arch>x86_64</arch><version epoch=\"1\" ver=\"1.3\" "
    "rel=\"1.fc42\"/></package>\n"
    "</metadata>\n";

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return out;
}

Result<std::string> unpacked(const std::string& packed) {
  MemoryHost host;
  host.files = {{"/l.zck", packed}};
  return read_stored_file(host, "/l.zck", 64U << 20U);
}

std::string refused(const std::string& packed) {
  const auto text = unpacked(packed);
  return text ? "not refused"
              : std::string(name_of(text.error().code())) + ": " + text.error().message();
}

ZchunkBytes of(std::vector<std::string> chunks) {
  ZchunkBytes bytes;
  bytes.chunks = std::move(chunks);
  return bytes;
}

// Not the same everywhere, and larger than a piece.
std::string large(char salt) {
  std::string text;
  for (int i = 0; text.size() < 3 * kStoredPieceBytes; ++i) text += std::to_string(i * 7919) + salt;
  return text;
}

TEST(ZchunkTest, ReadsWhatZckWrites) {
  EXPECT_EQ(unpacked(from_hex(kFromZck)), kList);
}

TEST(ZchunkTest, ChunksFollowEachOther) {
  EXPECT_EQ(unpacked(of({"one ", "", "two"}).bytes()), "one two");
  EXPECT_EQ(unpacked(of({large('a'), large('b')}).bytes()), large('a') + large('b'));
  EXPECT_EQ(unpacked(of({}).bytes()), "");
  const std::string zeros(8U << 20U, '0');
  EXPECT_EQ(unpacked(of({zeros}).bytes()), zeros);
}

TEST(ZchunkTest, ADictionaryServesEveryChunk) {
  auto bytes = of({"<package><name>a</name></package>", "<package><name>b</name></package>"});
  bytes.dictionary = "<package><name></name></package>";
  EXPECT_EQ(unpacked(bytes.bytes()), bytes.chunks[0] + bytes.chunks[1]);
}

TEST(ZchunkTest, ChunksMayBeStoredAsTheyAre) {
  auto bytes = of({"one ", large('a')});
  bytes.is_zstd = false;
  EXPECT_EQ(unpacked(bytes.bytes()), "one " + large('a'));
}

TEST(ZchunkTest, OptionalElementsAreSkipped) {
  auto bytes = of({"text"});
  bytes.flags = 2;
  bytes.options = zchunk_number(1) + zchunk_number(7) + zchunk_number(3) + "abc";
  EXPECT_EQ(unpacked(bytes.bytes()), "text");
  bytes.options = zchunk_number(1'000'000);
  EXPECT_EQ(unpacked(bytes.bytes()).error().code(), Code::kInvalidData);
}

TEST(ZchunkTest, WhatIsNotReadIsNotSupported) {
  for (const std::uint64_t flags : {1U, 4U, 8U}) {
    auto bytes = of({"text"});
    bytes.flags = flags;
    EXPECT_EQ(unpacked(bytes.bytes()).error().code(), Code::kNotSupported) << flags;
  }
  auto bytes = of({"text"});
  bytes.packing = 1;
  EXPECT_EQ(unpacked(bytes.bytes()).error().code(), Code::kNotSupported);
  auto unknown_checksum = of({"text"}).bytes();
  unknown_checksum[5] = static_cast<char>(0x84);
  EXPECT_EQ(unpacked(unknown_checksum).error().code(), Code::kNotSupported);
}

TEST(ZchunkTest, EveryCutIsAnError) {
  auto bytes = of({"<package><name>a</name></package>", "<package><name>b</name></package>"});
  bytes.dictionary = "<package><name></name></package>";
  const auto whole = bytes.bytes();
  for (std::size_t kept = 0; kept < whole.size(); ++kept)
    EXPECT_EQ(unpacked(whole.substr(0, kept)).error().code(), Code::kInvalidData) << kept;
  EXPECT_EQ(unpacked(whole + "x").error().code(), Code::kInvalidData);
}

TEST(ZchunkTest, EveryAlteredByteIsAnError) {
  const auto whole = from_hex(kFromZck);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto altered = whole;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(unpacked(altered).has_value()) << i;
  }
}

TEST(ZchunkTest, AHeaderThatContradictsItselfIsRefused) {
  auto bytes = of({"text"});
  bytes.checksum_of_header = std::string(32, 'x');
  EXPECT_EQ(refused(bytes.bytes()),
            "invalid_data: reading /l.zck: not a valid zchunk file: the header does not fit its "
            "checksum");
  bytes = of({"text"});
  bytes.checksum_of_chunk = std::string(32, 'x');
  EXPECT_TRUE(refused(bytes.bytes()).ends_with("a chunk that does not fit its checksum"));
  bytes = of({"text"});
  bytes.count_more = 1;
  EXPECT_TRUE(refused(bytes.bytes()).ends_with("an index that is cut short"));
  bytes.count_more = std::uint64_t{1} << 60U;
  EXPECT_TRUE(refused(bytes.bytes()).ends_with("an index that is cut short"));
  bytes = of({"text"});
  bytes.behind_index = "x";
  EXPECT_TRUE(refused(bytes.bytes()).ends_with("an index of another size"));
}

TEST(ZchunkTest, AChunkIsNeitherLargerNorSmallerThanItsIndexSays) {
  for (const auto more : {std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{1} << 20U}) {
    auto bytes = of({"text"});
    bytes.unpacked_more = more;  // ~0: one less
    EXPECT_TRUE(refused(bytes.bytes()).ends_with("a chunk of another size than its index says"))
        << more;
  }
  auto stored = of({"text"});
  stored.is_zstd = false;
  stored.unpacked_more = 1;
  EXPECT_TRUE(refused(stored.bytes()).ends_with("a chunk that is not packed and has two sizes"));
}

TEST(ZchunkTest, WhatWouldBecomeTooLargeIsRefusedBeforeItIsUnpacked) {
  auto bytes = of({"text"});
  bytes.unpacked_more = kMaxStoredFileBytes;
  EXPECT_EQ(unpacked(bytes.bytes()).error().code(), Code::kTooLarge);
  bytes = of({"text"});
  bytes.dictionary = std::string(kMaxZchunkDictionaryBytes + 1, 'd');
  EXPECT_EQ(unpacked(bytes.bytes()).error().code(), Code::kTooLarge);
  const auto lead = std::string("\0ZCK1", 5) + zchunk_number(1) +
                    zchunk_number(kMaxZchunkHeaderBytes + 1) + std::string(40, 'x');
  EXPECT_EQ(unpacked(lead).error().code(), Code::kTooLarge);
}

TEST(ZchunkTest, WhatIsNoZchunkFileIsRefused) {
  EXPECT_EQ(unpacked(std::string(1000, 'x')).error().code(), Code::kInvalidData);
  EXPECT_EQ(unpacked(std::string("\0ZHR1", 5) + std::string(100, '\x81')).error().code(),
            Code::kInvalidData);
  EXPECT_EQ(unpacked(std::string("\0ZCK1", 5) + std::string(100, '\0')).error().code(),
            Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
