#include "agent/probes/linux/libraries/java/little_endian.h"
#include "agent/probes/linux/libraries/java/zip_archive.h"

namespace assay::agent {
namespace {

// APPNOTE.TXT of PKWARE, 4.3.12 to 4.3.16.
constexpr std::string_view kEndMark("PK\5\6", 4);
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kMaxCommentBytes = 65'535;
constexpr std::string_view kLocatorMark("PK\6\7", 4);
constexpr std::size_t kLocatorBytes = 20;
constexpr std::string_view kEnd64Mark("PK\6\6", 4);
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::string_view kMemberMark("PK\1\2", 4);
constexpr std::size_t kMemberBytes = 46;
constexpr std::uint16_t kExtra64 = 1;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF;  // the number is in the zip64 part
constexpr std::size_t kWindowBytes = 256U << 10U;
constexpr std::size_t kMaxMemberBytes = kMemberBytes + 3 * 65'535;
static_assert(kMaxMemberBytes < kWindowBytes);

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("no whole zip archive: ").append(why));
}

struct Directory {
  std::uint64_t begin = 0;  // in the source
  std::uint64_t bytes = 0;
  std::uint64_t members = 0;
  std::uint64_t shift = 0;  // what lies before the archive: to add to its positions
};

struct End {
  std::uint64_t at = 0;
  std::string bytes;
};

// The end record is the last thing but a comment whose length it tells.
Result<End> find_end(ByteSource& source) {
  if (source.size() < kEndBytes) return broken("it is too short");
  // Nearly all archives have no comment: the long look is for the others.
  for (const std::uint64_t look :
       {std::uint64_t{kEndBytes}, std::uint64_t{kEndBytes + kMaxCommentBytes}}) {
    const auto begin = source.size() - std::min(look, source.size());
    const auto tail = read_at_most(source, begin, static_cast<std::size_t>(source.size() - begin));
    if (!tail) return fail(tail.error());
    if (tail->size() < kEndBytes) return broken("it ends too early");
    for (auto at = tail->size() - kEndBytes + 1; at-- > 0;) {
      if (tail->compare(at, kEndMark.size(), kEndMark) != 0) continue;
      if (at + kEndBytes + little_endian<std::uint16_t>(*tail, at + 20) != tail->size()) continue;
      return End{.at = begin + at, .bytes = tail->substr(at, kEndBytes)};
    }
  }
  return broken("its end is missing");
}

// The numbers of a zip64 archive, when it is one.
Status read_end64(ByteSource& source, std::uint64_t end, Directory& directory) {
  if (end < kLocatorBytes) return broken("a number is too large");
  const auto locator = read_exactly(source, end - kLocatorBytes, kLocatorBytes);
  if (!locator) return fail(locator.error());
  if (!locator->starts_with(kLocatorMark)) return {};  // the numbers happen to be that large
  // Right before the locator, wherever the archive thinks it begins.
  if (end < kLocatorBytes + kEnd64Bytes) return broken("its zip64 end is missing");
  const auto at = end - kLocatorBytes - kEnd64Bytes;
  const auto record = read_exactly(source, at, kEnd64Bytes);
  if (!record) return fail(record.error());
  if (!record->starts_with(kEnd64Mark)) return broken("its zip64 end is missing");
  directory.members = little_endian<std::uint64_t>(*record, 32);
  directory.bytes = little_endian<std::uint64_t>(*record, 40);
  directory.begin = little_endian<std::uint64_t>(*record, 48);
  if (directory.bytes > at) return broken("its directory is larger than itself");
  directory.shift = at - directory.bytes - directory.begin;
  return {};
}

Result<Directory> find_directory(ByteSource& source) {
  const auto end = find_end(source);
  if (!end) return fail(end.error());
  Directory directory{.begin = little_endian<std::uint32_t>(end->bytes, 16),
                      .bytes = little_endian<std::uint32_t>(end->bytes, 12),
                      .members = little_endian<std::uint16_t>(end->bytes, 10)};
  const bool may_be_64 =
      directory.begin == kIn64 || directory.bytes == kIn64 || directory.members == 0xFFFF;
  directory.shift = end->at - directory.bytes - directory.begin;
  if (may_be_64)
    if (auto read = read_end64(source, end->at, directory); !read) return fail(read.error());
  // Numbers without sign: a directory that would begin before the source shows as a huge shift.
  directory.begin += directory.shift;
  if (directory.begin > end->at || directory.bytes > end->at - directory.begin ||
      directory.shift > end->at)
    return broken("its directory is larger than itself");
  if (directory.bytes > kMaxZipDirectoryBytes || directory.members > kMaxZipMembers)
    return fail(Code::kTooLarge, "its directory is larger than is read");
  return directory;
}

// Sizes and position of a large member stand in its extra fields, those of them that did not fit.
Status read_extra64(std::string_view extra, ZipMember& member) {
  while (extra.size() >= 4) {
    const auto id = little_endian<std::uint16_t>(extra, 0);
    const auto bytes = little_endian<std::uint16_t>(extra, 2);
    extra.remove_prefix(4);
    if (bytes > extra.size()) return {};  // padding of some tools
    auto field = extra.substr(0, bytes);
    extra.remove_prefix(bytes);
    if (id != kExtra64) continue;
    for (auto* number : {&member.unpacked_bytes, &member.packed_bytes, &member.header}) {
      if (*number != kIn64) continue;
      if (field.size() < 8) return broken("a member's zip64 part is too short");
      *number = little_endian<std::uint64_t>(field, 0);
      field.remove_prefix(8);
    }
    return {};
  }
  return {};
}

// How many bytes of `window` the member takes that begins there; 0 when it is not all there.
Result<std::size_t> read_member(std::string_view window, const Directory& directory,
                                ZipMember& member) {
  if (window.size() < kMemberBytes) return 0;
  if (!window.starts_with(kMemberMark)) return broken("its directory is damaged");
  const std::size_t name = little_endian<std::uint16_t>(window, 28);
  const std::size_t extra = little_endian<std::uint16_t>(window, 30);
  const std::size_t all = kMemberBytes + name + extra + little_endian<std::uint16_t>(window, 32);
  if (all > window.size()) return 0;
  member.name.assign(window.substr(kMemberBytes, name));
  member.flags = little_endian<std::uint16_t>(window, 8);
  member.method = little_endian<std::uint16_t>(window, 10);
  member.checksum = little_endian<std::uint32_t>(window, 16);
  member.packed_bytes = little_endian<std::uint32_t>(window, 20);
  member.unpacked_bytes = little_endian<std::uint32_t>(window, 24);
  member.header = little_endian<std::uint32_t>(window, 42);
  if (auto read = read_extra64(window.substr(kMemberBytes + name, extra), member); !read)
    return fail(read.error());
  if (member.header > directory.begin - directory.shift) return broken("a member lies outside");
  member.header += directory.shift;
  return all;
}

}  // namespace

Status read_zip_directory(ByteSource& source, const ZipMemberSeen& see) {
  const auto directory = find_directory(source);
  if (!directory) return fail(directory.error());
  ZipMember member;
  std::uint64_t seen = 0;
  for (std::uint64_t done = 0; done < directory->bytes;) {
    const auto window = read_at_most(
        source, directory->begin + done,
        static_cast<std::size_t>(std::min<std::uint64_t>(kWindowBytes, directory->bytes - done)));
    if (!window) return fail(window.error());
    std::size_t at = 0;
    for (;;) {
      const auto bytes = read_member(std::string_view(*window).substr(at), *directory, member);
      if (!bytes) return fail(bytes.error());
      if (*bytes == 0) break;
      if (++seen > kMaxZipMembers)
        return fail(Code::kTooLarge, "it has more members than are read");
      if (auto go_on = see(member); !go_on) return go_on;
      at += *bytes;
    }
    if (at == 0) return broken("its directory is cut short");
    done += at;
  }
  if (directory->members != (directory->members <= 0xFFFF ? seen & 0xFFFFU : seen))
    return broken("its directory lacks members");
  return {};
}

}  // namespace assay::agent
