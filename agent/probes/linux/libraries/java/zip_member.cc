#include <zlib.h>

#include "agent/probes/linux/libraries/java/little_endian.h"
#include "agent/probes/linux/libraries/java/zip_archive.h"

namespace assay::agent {
namespace {

constexpr std::string_view kHeaderMark("PK\3\4", 4);
constexpr std::size_t kHeaderBytes = 30;
constexpr std::uint16_t kIsEncrypted = 1;
constexpr std::uint16_t kDeflated = 8;
constexpr std::size_t kPieceBytes = 64U << 10U;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("a member cannot be unpacked: ").append(why));
}

// zlib's stream of raw deflated bytes.
class Inflater {
 public:
  Inflater() { is_ready_ = ::inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  ~Inflater() {
    if (is_ready_) ::inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  [[nodiscard]] bool is_ended() const { return is_ended_; }

  // Appends what `packed` gives to `out`, until that has `most` bytes.
  Status add(std::string& packed, std::size_t most, std::string& out) {
    if (!is_ready_) return broken("no memory");
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (stream_.avail_in > 0 && out.size() < most && !is_ended_) {
      const auto before = out.size();
      const auto room = std::min(most - before, kPieceBytes);
      out.resize(before + room);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream_.avail_out = static_cast<uInt>(room);
      const int state = ::inflate(&stream_, Z_NO_FLUSH);
      out.resize(before + room - stream_.avail_out);
      is_ended_ = state == Z_STREAM_END;
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
        return broken("its bytes are damaged");
      if (state == Z_BUF_ERROR && out.size() == before) return {};
    }
    return {};
  }

 private:
  ::z_stream stream_{};
  bool is_ready_ = false;
  bool is_ended_ = false;
};

// The first `most` bytes, or all.
Result<std::string> unpack(ByteSource& source, const ZipMember& member, std::size_t most) {
  if ((member.flags & kIsEncrypted) != 0) return fail(Code::kNotSupported, "a member is encrypted");
  if (!member.is_stored() && member.method != kDeflated)
    return fail(Code::kNotSupported, "a member is packed by method " +
                                         std::to_string(member.method) + ", which is not known");
  const auto begin = content_offset(source, member);
  if (!begin) return fail(begin.error());
  if (member.packed_bytes > source.size() - *begin) return broken("it ends too early");
  if (member.is_stored())
    return read_exactly(
        source, *begin,
        static_cast<std::size_t>(std::min<std::uint64_t>(member.packed_bytes, most)));
  Inflater inflater;
  std::string out;
  for (std::uint64_t done = 0; done < member.packed_bytes && out.size() < most;) {
    auto piece = read_exactly(
        source, *begin + done,
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, member.packed_bytes - done)));
    if (!piece) return piece;
    done += piece->size();
    if (auto added = inflater.add(*piece, most, out); !added) return fail(added.error());
    if (inflater.is_ended()) return out;
  }
  if (out.size() < most) return broken("it ends too early");
  return out;
}

}  // namespace

Result<std::uint64_t> content_offset(ByteSource& source, const ZipMember& member) {
  const auto header = read_exactly(source, member.header, kHeaderBytes);
  if (!header) return fail(header.error());
  if (!header->starts_with(kHeaderMark)) return broken("it is not where the directory says");
  const auto begin = member.header + kHeaderBytes + little_endian<std::uint16_t>(*header, 26) +
                     little_endian<std::uint16_t>(*header, 28);
  if (begin > source.size()) return broken("it ends too early");
  return begin;
}

Result<std::string> read_start_of(ByteSource& source, const ZipMember& member, std::size_t most) {
  return unpack(source, member, most);
}

Result<std::string> read_whole(ByteSource& source, const ZipMember& member, std::size_t most) {
  if (member.unpacked_bytes > most)
    return fail(Code::kTooLarge, "a member is larger than is unpacked");
  // One byte more than allowed would tell of a size that is not true.
  auto content = unpack(source, member, static_cast<std::size_t>(member.unpacked_bytes) + 1);
  if (!content) return content;
  if (content->size() != member.unpacked_bytes) return broken("its size is not the stated one");
  const auto* bytes = reinterpret_cast<const Bytef*>(content->data());
  if (::crc32(0, bytes, static_cast<uInt>(content->size())) != member.checksum)
    return broken("its checksum is wrong");
  return content;
}

}  // namespace assay::agent
