#include "evidence/compress.h"

#include <gtest/gtest.h>
#include <zstd.h>

namespace assay::evidence {
namespace {

// A frame (RFC 8878) with an eight-byte content size and one last, raw block.
std::string raw_frame(std::uint64_t stated, const std::string& content) {
  std::string frame("\x28\xb5\x2f\xfd\xe0", 5);
  for (unsigned shift = 0; shift < 64; shift += 8)
    frame.push_back(static_cast<char>((stated >> shift) & 255U));
  const std::uint64_t header = (content.size() << 3U) | 1U;
  for (unsigned shift = 0; shift < 24; shift += 8)
    frame.push_back(static_cast<char>((header >> shift) & 255U));
  return frame + content;
}

TEST(Compress, GivesBackWhatItTook) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(1 << 20, 'y')})
    EXPECT_EQ(decompress(compress(text).value(), 1 << 20).value(), text);
}

TEST(Compress, ReadsAHandMadeFrame) {
  EXPECT_EQ(decompress(raw_frame(5, "hello"), 100).value(), "hello");
}

TEST(Compress, RefusesAFrameThatStatesATebibyte) {
  EXPECT_EQ(decompress(raw_frame(std::uint64_t{1} << 40U, "x"), 1U << 30U).error().code(),
            Code::kTooLarge);
}

TEST(Compress, RefusesAShortFrameThatStatesAGibibyteBeforeAllocatingIt) {
  const auto result = decompress(raw_frame(std::uint64_t{1} << 30U, "x"), 1U << 30U);
  EXPECT_EQ(result.error().message(), "a zstd frame that is too short for the size it states");
}

TEST(Compress, RefusesAWrongSize) {
  EXPECT_EQ(decompress(raw_frame(4, "hello"), 100).error().code(), Code::kInvalidData);
  EXPECT_EQ(decompress(raw_frame(6, "hello"), 100).error().code(), Code::kInvalidData);
}

TEST(Compress, RefusesBytesBehindTheFrame) {
  const std::string frame = compress("hello").value();
  EXPECT_EQ(decompress(frame + '\0', 100).error().code(), Code::kInvalidData);
  EXPECT_EQ(decompress(frame + frame, 100).error().code(), Code::kInvalidData);
}

TEST(Compress, RefusesAFrameThatIsCutAnywhere) {
  const std::string frame = compress("hello, hello, hello, hello").value();
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_FALSE(decompress(frame.substr(0, size), 100)) << size;
}

TEST(Compress, RefusesAFrameThatDoesNotStateItsSize) {
  std::string frame(64, '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), "hello", 5));
  ZSTD_freeCCtx(context);
  EXPECT_EQ(decompress(frame, 100).error().code(), Code::kInvalidData);
}

TEST(Compress, RefusesMoreThanIsAllowed) {
  const std::string frame = compress("hello").value();
  EXPECT_TRUE(decompress(frame, 5));
  EXPECT_EQ(decompress(frame, 4).error().code(), Code::kTooLarge);
}

TEST(CompressWith, GivesBackWhatItTookWithTheSamePrefixOnly) {
  const std::string prefix = "what both sides know already, a hundred times over";
  const std::string text = "what both sides know already, a hundred times more";
  const std::string frame = compress_with(prefix, text).value();
  EXPECT_EQ(decompress_with(prefix, frame, 100).value(), text);
  EXPECT_NE(decompress_with("another prefix of some fifty bytes, just not the one", frame, 100)
                .value_or(""),
            text);
  EXPECT_FALSE(decompress(frame, 100));
}

TEST(CompressWith, HoldsLittleMoreThanTheDifference) {
  std::string prefix;
  for (int i = 0; i < 10'000; ++i) prefix += std::to_string(i * 7919);
  std::string text = prefix;
  text[20'000] = 'x';
  EXPECT_LT(compress_with(prefix, text).value().size(), 64U);
}

TEST(CompressWith, NeedsNoPrefixAndNoContent) {
  EXPECT_EQ(decompress_with("", compress_with("", "hello").value(), 5).value(), "hello");
  EXPECT_EQ(decompress_with("hello", compress_with("hello", "").value(), 0).value(), "");
}

TEST(CompressWith, IsBoundLikeAnyFrame) {
  const std::string frame = compress_with("hello", "hello, hello, hello").value();
  EXPECT_EQ(decompress_with("hello", frame, 18).error().code(), Code::kTooLarge);
  EXPECT_EQ(decompress_with("hello", frame + '\0', 100).error().code(), Code::kInvalidData);
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_FALSE(decompress_with("hello", frame.substr(0, size), 100)) << size;
  EXPECT_EQ(decompress_with("", raw_frame(std::uint64_t{1} << 40U, "x"), 1U << 30U).error().code(),
            Code::kTooLarge);
}

}  // namespace
}  // namespace assay::evidence
