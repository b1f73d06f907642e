// What stands before the chunks of a zchunk file: lead, preface and index.
//
// Of the format's options, streams and checksums for an unpacked source are not read; lists of
// packages have neither. Whether a signature is right is not asked: the lists' index vouches for
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// Of a distribution with 60,000 sources it has less than two.
inline constexpr std::size_t kMaxZchunkHeaderBytes = 8U << 20U;
inline constexpr std::uint64_t kMaxZchunkDictionaryBytes = 4U << 20U;
// So many bytes tell how long the header is; no file has fewer.
inline constexpr std::size_t kZchunkLeadBytes = 25;

struct ZchunkPiece {
  std::string_view checksum;  // of the packed bytes
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
};

struct ZchunkHeader {
  bool is_zstd = false;  // else the chunks are stored as they are
  std::uint64_t checksum_kind = 0;
  std::vector<ZchunkPiece> pieces;  // the first is the dictionary, mostly of no bytes
};

// With the lead. `begin`: kZchunkLeadBytes of the file. kInvalidData when it is no zchunk file,
// kTooLarge above the limit.
[[nodiscard]] Result<std::size_t> zchunk_header_size(std::string_view begin);

// `header`: all of those bytes; must outlive the answer. kInvalidData unless its checksum is right
// and the index is whole; kTooLarge when more would be unpacked than any list may have;
// kNotSupported for options that are not read.
[[nodiscard]] Result<ZchunkHeader> parse_zchunk_header(std::string_view header);

// kInvalidData: "not a valid zchunk file: …"
[[nodiscard]] std::unexpected<Error> damaged_zchunk(std::string_view what);

}  // namespace assay::agent
