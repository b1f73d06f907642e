#include "agent/probes/linux/updates/zchunk_header.h"

#include "agent/probes/linux/updates/stored_file.h"
#include "agent/probes/linux/updates/zchunk_checksum.h"

namespace assay::agent {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kId = "\0ZCK1"sv;
constexpr std::uint64_t kHasOptions = 2;  // a flag: there is more in the preface
constexpr std::uint64_t kMaxOptions = 64;

// Reads on until the bytes end. Then, and after a number that cannot be, it has failed, and all
// that it answers is empty.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}

  // Seven bits a byte, the lowest first; the last has the top bit set.
  std::uint64_t number() {
    constexpr unsigned kMaxShift = 56;  // larger ones are none of this program's
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift <= kMaxShift && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte >= 0x80U) return value;
    }
    fail_now();
    return 0;
  }

  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) {
      fail_now();
      return {};
    }
    const auto found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }

  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  void fail_now() {
    has_failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool has_failed_ = false;
};

struct Lead {
  std::uint64_t kind = 0;
  std::size_t checksum_at = 0;
  std::size_t checksum_size = 0;
  std::size_t whole = 0;  // with the header
};

Result<Lead> parse_lead(std::string_view begin) {
  if (!begin.starts_with(kId)) return damaged_zchunk("it does not begin as one");
  Fields fields(begin.substr(kId.size()));
  Lead lead{.kind = fields.number()};
  const auto behind = fields.number();
  if (fields.has_failed()) return damaged_zchunk("no size of its header");
  const auto checksum = ZchunkChecksum::of_kind(lead.kind);
  if (!checksum) return fail(checksum.error());
  if (behind > kMaxZchunkHeaderBytes)
    return fail(Code::kTooLarge, "a zchunk file with a header larger than the limit");
  lead.checksum_at = begin.size() - fields.left();
  lead.checksum_size = checksum->size();
  lead.whole = lead.checksum_at + lead.checksum_size + behind;
  if (lead.whole < kZchunkLeadBytes) return damaged_zchunk("a header without an index");
  return lead;
}

Status skip_preface(Fields& fields, std::size_t checksum_size, ZchunkHeader& header) {
  constexpr std::uint64_t kStored = 0;
  constexpr std::uint64_t kZstd = 2;
  (void)fields.bytes(checksum_size);  // of all chunks together: each is checked by itself
  const auto flags = fields.number();
  const auto packing = fields.number();
  if ((flags & ~kHasOptions) != 0)
    return fail(Code::kNotSupported, "a zchunk file with options that this agent does not read");
  if (packing != kStored && packing != kZstd)
    return fail(Code::kNotSupported, "a zchunk file packed in a way that this agent does not read");
  header.is_zstd = packing == kZstd;
  if ((flags & kHasOptions) == 0) return {};
  const auto count = fields.number();
  if (count > kMaxOptions) return damaged_zchunk("too many optional elements");
  for (std::uint64_t i = 0; i < count; ++i) {
    (void)fields.number();
    (void)fields.bytes(fields.number());
  }
  return {};
}

Status check_piece(const ZchunkPiece& piece, const ZchunkHeader& header) {
  const bool is_dictionary = header.pieces.empty();
  if (piece.packed_bytes == 0 && piece.unpacked_bytes != 0)
    return damaged_zchunk("a chunk that is made of nothing");
  if (!header.is_zstd && piece.packed_bytes != piece.unpacked_bytes)
    return damaged_zchunk("a chunk that is not packed and has two sizes");
  if (is_dictionary && piece.unpacked_bytes > kMaxZchunkDictionaryBytes)
    return fail(Code::kTooLarge, "a zchunk file with a dictionary larger than the limit");
  if (is_dictionary && !header.is_zstd && piece.packed_bytes != 0)
    return damaged_zchunk("a dictionary that nothing needs");
  return {};
}

Status read_index(Fields fields, ZchunkHeader& header) {
  header.checksum_kind = fields.number();
  const auto count = fields.number();
  const auto checksum = ZchunkChecksum::of_kind(header.checksum_kind);
  if (!checksum) return fail(checksum.error());
  // Each has a checksum and two numbers; so the vector is no larger than the file says.
  if (fields.has_failed() || count == 0 || count > fields.left() / (checksum->size() + 2))
    return damaged_zchunk("an index that is cut short");
  header.pieces.reserve(count);
  std::uint64_t unpacked = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    ZchunkPiece piece{.checksum = fields.bytes(checksum->size())};
    piece.packed_bytes = fields.number();
    piece.unpacked_bytes = fields.number();
    if (piece.packed_bytes > kMaxStoredFileBytes || piece.unpacked_bytes > kMaxStoredFileBytes)
      return fail(Code::kTooLarge, "a zchunk file with a chunk larger than the limit");
    if (auto right = check_piece(piece, header); !right) return right;
    unpacked += i == 0 ? 0 : piece.unpacked_bytes;
    if (unpacked > kMaxStoredFileBytes)
      return fail(Code::kTooLarge, "a zchunk file that becomes larger than the limit");
    header.pieces.push_back(piece);
  }
  if (fields.has_failed() || fields.left() != 0) return damaged_zchunk("an index of another size");
  return {};
}

// Of all but the checksum itself.
Status check_header(std::string_view header, const Lead& lead) {
  auto checksum = ZchunkChecksum::of_kind(lead.kind);
  if (!checksum) return fail(std::move(checksum.error()));
  checksum->add(header.substr(0, lead.checksum_at));
  checksum->add(header.substr(lead.checksum_at + lead.checksum_size));
  if (checksum->finish() != header.substr(lead.checksum_at, lead.checksum_size))
    return damaged_zchunk("the header does not fit its checksum");
  return {};
}

}  // namespace

std::unexpected<Error> damaged_zchunk(std::string_view what) {
  return fail(Code::kInvalidData, std::string("not a valid zchunk file: ").append(what));
}

Result<std::size_t> zchunk_header_size(std::string_view begin) {
  const auto lead = parse_lead(begin);
  if (!lead) return fail(lead.error());
  return lead->whole;
}

Result<ZchunkHeader> parse_zchunk_header(std::string_view header) {
  const auto lead = parse_lead(header);
  if (!lead) return fail(lead.error());
  if (lead->whole != header.size()) return damaged_zchunk("a header of another size");
  if (auto right = check_header(header, *lead); !right) return fail(std::move(right.error()));
  ZchunkHeader found;
  Fields fields(header.substr(lead->checksum_at + lead->checksum_size));
  if (auto read = skip_preface(fields, lead->checksum_size, found); !read)
    return fail(std::move(read.error()));
  const auto index = fields.bytes(fields.number());
  if (fields.has_failed()) return damaged_zchunk("a header that is cut short");
  if (auto read = read_index(Fields(index), found); !read) return fail(std::move(read.error()));
  return found;
}

}  // namespace assay::agent
