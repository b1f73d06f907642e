// Reads the directory at the end of a zip archive, and single members of it.
//
// Everything is taken for hostile: sizes are bounded before anything is read or
// unpacked, positions are checked, and an archive that contradicts itself is
// kInvalidData. Knows zip64 and bytes before the archive, as in jars that are
// also shell scripts; stored and deflated members; no encryption.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "agent/probes/linux/libraries/file_pieces.h"
#include "evidence/result.h"

namespace assay::agent {

struct ZipMember {
  std::string name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t checksum = 0;  // CRC-32 of the content
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;  // as the archive says
  std::uint64_t header = 0;          // where the member begins in the source

  [[nodiscard]] bool is_stored() const { return method == 0; }
};

// Shows all members in the order of the directory. `see` may refuse to go on.
using ZipMemberSeen = std::function<Status(const ZipMember& member)>;
[[nodiscard]] Status read_zip_directory(ByteSource& source, const ZipMemberSeen& see);

// Where the packed bytes of a member begin.
[[nodiscard]] Result<std::uint64_t> content_offset(ByteSource& source, const ZipMember& member);

// The first bytes of a member, at most `most`.
[[nodiscard]] Result<std::string> read_start_of(ByteSource& source, const ZipMember& member,
                                                std::size_t most);
// All of it, checked against size and checksum; kTooLarge above `most`, whatever the archive says
// of its size.
[[nodiscard]] Result<std::string> read_whole(ByteSource& source, const ZipMember& member,
                                             std::size_t most);

inline constexpr std::uint64_t kMaxZipMembers = 1'000'000;
inline constexpr std::uint64_t kMaxZipDirectoryBytes = 128U << 20U;

}  // namespace assay::agent
