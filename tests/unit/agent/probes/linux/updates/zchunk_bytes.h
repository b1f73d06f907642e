// Writes zchunk files as its format's description has them, also such as no program would write.
#pragma once

#include <zstd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"

namespace assay::agent {

inline std::string zchunk_number(std::uint64_t number) {
  std::string out;
  for (; number > 0x7F; number >>= 7U) out += static_cast<char>(number & 0x7FU);
  return out + static_cast<char>(number | 0x80U);
}

struct ZchunkBytes {
  std::string dictionary;
  std::vector<std::string> chunks;
  bool is_zstd = true;
  std::uint64_t flags = 0;
  std::uint64_t packing = 2;
  std::string options;              // in the preface, behind the flags
  std::uint64_t count_more = 0;     // in the index, than there are
  std::uint64_t unpacked_more = 0;  // of the last chunk, by the index
  std::string behind_index;         // within its size
  std::string checksum_of_chunk;    // instead of the right one
  std::string checksum_of_header;

  [[nodiscard]] std::string packed(const std::string& chunk, bool is_dictionary) const {
    if (!is_zstd) return chunk;
    std::string out(ZSTD_compressBound(chunk.size()), '\0');
    auto* context = ZSTD_createCCtx();
    const auto& with = is_dictionary ? std::string() : dictionary;
    out.resize(ZSTD_compress_usingDict(context, out.data(), out.size(), chunk.data(), chunk.size(),
                                       with.data(), with.size(), 3));
    ZSTD_freeCCtx(context);
    return out;
  }

  [[nodiscard]] std::string bytes() const {
    constexpr std::uint64_t kSha256 = 1;
    const std::string no_checksum(32, '\0');
    std::string body;
    std::string entries;
    const auto add = [&](const std::string& chunk, bool is_dictionary, std::uint64_t more) {
      const auto part = packed(chunk, is_dictionary);
      entries += checksum_of_chunk.empty() ? evidence::sha256(part).raw() : checksum_of_chunk;
      entries += zchunk_number(part.size()) + zchunk_number(chunk.size() + more);
      body += part;
    };
    if (dictionary.empty())
      entries += no_checksum + zchunk_number(0) + zchunk_number(0);
    else
      add(dictionary, true, 0);
    for (std::size_t i = 0; i < chunks.size(); ++i)
      add(chunks[i], false, i + 1 == chunks.size() ? unpacked_more : 0);
    const auto index = zchunk_number(kSha256) + zchunk_number(chunks.size() + 1 + count_more) +
                       entries + behind_index;
    const auto header = no_checksum + zchunk_number(flags) + zchunk_number(is_zstd ? packing : 0) +
                        options + zchunk_number(index.size()) + index + zchunk_number(0);
    const auto lead =
        std::string("\0ZCK1", 5) + zchunk_number(kSha256) + zchunk_number(header.size());
    const auto right = evidence::sha256(lead + header).raw();
    return lead + (checksum_of_header.empty() ? right : checksum_of_header) + header + body;
  }
};

}  // namespace assay::agent
