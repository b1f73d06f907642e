#include "agent/probes/linux/updates/stored_file.h"

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>

#include "evidence/compress.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/updates/bzip2.h"

namespace assay::agent {
namespace {

// Larger than several pieces, and not the same everywhere.
std::string large_text() {
  std::string text;
  for (int i = 0; text.size() < 5 * kStoredPieceBytes; ++i) text += std::to_string(i * 7919) + "\n";
  return text;
}

std::string lz4(const std::string& text) {
  std::string out(LZ4F_compressFrameBound(text.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), nullptr));
  return out;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string xz(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t written = 0;
  const auto* from = reinterpret_cast<const std::uint8_t*>(text.data());
  auto* to = reinterpret_cast<std::uint8_t*>(out.data());
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, from, text.size(), to, &written,
                                    out.size()),
            LZMA_OK);
  out.resize(written);
  return out;
}

Result<std::string> read(const std::string& path, const std::string& content) {
  MemoryHost host;
  host.files = {{path, content}};
  return read_stored_file(host, path, 64U << 20U);
}

TEST(StoredFileTest, EveryFormatGivesTheSameText) {
  const auto text = large_text();
  EXPECT_EQ(read("/l", text), text);
  EXPECT_EQ(read("/l.lz4", lz4(text)), text);
  EXPECT_EQ(read("/l.gz", gzip(text)), text);
  EXPECT_EQ(read("/l.xz", xz(text)), text);
  EXPECT_EQ(read("/l.bz2", bzip2(text)), text);
  EXPECT_EQ(read("/l.zst", *evidence::compress(text)), text);
}

TEST(StoredFileTest, WhatGrowsThousandfoldArrivesWhole) {
  const std::string text(8U << 20U, 'x');
  EXPECT_EQ(read("/l.lz4", lz4(text)), text);
  EXPECT_EQ(read("/l.xz", xz(text)), text);
  EXPECT_EQ(read("/l.gz", gzip(text)), text);
  EXPECT_EQ(read("/l.bz2", bzip2(text)), text);
  EXPECT_EQ(read("/l.zst", *evidence::compress(text)), text);
}

TEST(StoredFileTest, SeveralStreamsAreOneFile) {
  EXPECT_EQ(read("/l.xz", xz("first ") + xz("second")), "first second");
  EXPECT_EQ(read("/l.bz2", bzip2("first ") + bzip2("second")), "first second");
}

TEST(StoredFileTest, AFileThatIsCutShortIsAnError) {
  const auto text = large_text();
  for (const auto& [path, packed] : {std::pair<std::string, std::string>{"/l.lz4", lz4(text)},
                                     {"/l.gz", gzip(text)},
                                     {"/l.xz", xz(text)},
                                     {"/l.bz2", bzip2(text)},
                                     {"/l.zst", *evidence::compress(text)}}) {
    for (const auto kept : {std::size_t{0}, std::size_t{3}, packed.size() / 2, packed.size() - 1})
      EXPECT_FALSE(read(path, packed.substr(0, kept)).has_value()) << path << kept;
  }
}

TEST(StoredFileTest, WhatIsNotOfItsFormatIsRefused) {
  for (const auto* path : {"/l.lz4", "/l.gz", "/l.xz", "/l.zst", "/l.bz2", "/l.zck"})
    EXPECT_EQ(read(path, std::string(1000, 'x')).error().code(), Code::kInvalidData) << path;
}

TEST(StoredFileTest, OtherFormatsAreNotSupported) {
  EXPECT_EQ(read("/l.lzma", "x").error().code(), Code::kNotSupported);
}

TEST(StoredFileTest, MoreThanTheLimitIsRefused) {
  MemoryHost host;
  host.files = {{"/l.gz", gzip(std::string(1000, 'x'))}};
  EXPECT_EQ(read_stored_file(host, "/l.gz", 999).error().code(), Code::kTooLarge);
}

TEST(StoredFileTest, AFileThatIsReplacedWhileItIsReadIsAnError) {
  MemoryHost host;
  host.files = {{"/l", "a\n"}};
  auto file = StoredFile::open(host, "/l");
  ASSERT_TRUE(file->next().has_value());
  host.changed_ns = 2;
  EXPECT_EQ(file->next().error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace assay::agent
