#include "agent/probes/linux/updates/zchunk_unpacker.h"

#include <zstd.h>

#include <algorithm>
#include <optional>

#include "agent/probes/linux/updates/zchunk_checksum.h"
#include "agent/probes/linux/updates/zchunk_header.h"

namespace assay::agent {
namespace {

class ZchunkUnpacker final : public Unpacker {
 public:
  ZchunkUnpacker() : zstd_(ZSTD_createDCtx()) {
    // A frame may ask for a window of gigabytes; no list of packages does.
    if (zstd_ != nullptr) ZSTD_DCtx_setParameter(zstd_, ZSTD_d_windowLogMax, 23);
  }
  ~ZchunkUnpacker() override { ZSTD_freeDCtx(zstd_); }
  ZchunkUnpacker(const ZchunkUnpacker&) = delete;
  ZchunkUnpacker& operator=(const ZchunkUnpacker&) = delete;

  Status unpack(std::string_view& in, std::string& out) override {
    if (zstd_ == nullptr) return fail(Code::kInternal, "no memory for zstd");
    if (!header_) {
      if (auto read = read_header(in); !read || !header_) return read;
    }
    const auto begin = out.size();
    bool goes_on = true;
    while (goes_on && !is_complete() && out.size() - begin < kStoredPieceBytes) {
      const auto stepped = header_->is_zstd ? inflate(in, out) : copy(in, out);
      if (!stepped) return fail(stepped.error());
      goes_on = *stepped;
    }
    if (is_complete() && !in.empty()) return damaged_zchunk("bytes behind the last chunk");
    return {};
  }
  [[nodiscard]] bool is_complete() const override {
    return header_ && at_ == header_->pieces.size();
  }

 private:
  void take_until(std::size_t size, std::string_view& in) {
    const auto part = in.substr(0, size - std::min(size, bytes_.size()));
    bytes_ += part;
    in.remove_prefix(part.size());
  }

  // Returns with no header yet when there are too few bytes.
  Status read_header(std::string_view& in) {
    if (header_bytes_ == 0) {
      take_until(kZchunkLeadBytes, in);
      if (bytes_.size() < kZchunkLeadBytes) return {};
      const auto size = zchunk_header_size(bytes_);
      if (!size) return fail(size.error());
      header_bytes_ = *size;
    }
    take_until(header_bytes_, in);
    if (bytes_.size() < header_bytes_) return {};
    auto header = parse_zchunk_header(bytes_);
    if (!header) return fail(std::move(header.error()));
    auto checksum = ZchunkChecksum::of_kind(header->checksum_kind);
    if (!checksum) return fail(std::move(checksum.error()));
    checksum_ = *std::move(checksum);
    header_ = *std::move(header);
    skip_empty();
    return {};
  }

  void skip_empty() {
    while (!is_complete() && header_->pieces[at_].packed_bytes == 0) ++at_;
  }

  // Of the chunk at hand.
  [[nodiscard]] std::string_view its_part_of(std::string_view in) const {
    return in.substr(0, header_->pieces[at_].packed_bytes - taken_);
  }
  void take(std::size_t size, std::string_view& in) {
    checksum_->add(in.substr(0, size));
    in.remove_prefix(size);
    taken_ += size;
  }

  // False when it needs more bytes to go on.
  Result<bool> copy(std::string_view& in, std::string& out) {
    const auto part = its_part_of(in).substr(0, kStoredPieceBytes);
    out += part;
    made_ += part.size();
    take(part.size(), in);
    if (taken_ != header_->pieces[at_].packed_bytes) return !part.empty();
    if (auto ended = end_chunk(); !ended) return fail(std::move(ended.error()));
    return true;
  }

  Result<bool> inflate(std::string_view& in, std::string& out) {
    const auto& piece = header_->pieces[at_];
    auto& to = at_ == 0 ? dictionary_ : out;
    const auto part = its_part_of(in);
    const auto before = to.size();
    to.resize(before + std::min<std::uint64_t>(kStoredPieceBytes, piece.unpacked_bytes - made_));
    ZSTD_inBuffer input{part.data(), part.size(), 0};
    ZSTD_outBuffer output{to.data() + before, to.size() - before, 0};
    const auto state = ZSTD_decompressStream(zstd_, &output, &input);
    to.resize(before + output.pos);
    if (ZSTD_isError(state) != 0) return damaged_zchunk("a chunk that is no zstd frame");
    made_ += output.pos;
    take(input.pos, in);
    if (state == 0) {
      if (auto ended = end_chunk(); !ended) return fail(std::move(ended.error()));
      return true;
    }
    const bool is_stuck = input.pos == 0 && output.pos == 0;
    // It was given all there is, or would write more than there may be.
    if (is_stuck && (!part.empty() || taken_ == piece.packed_bytes))
      return damaged_zchunk("a chunk of another size than its index says");
    return !is_stuck;
  }

  Status end_chunk() {
    const auto& piece = header_->pieces[at_];
    if (taken_ != piece.packed_bytes || made_ != piece.unpacked_bytes)
      return damaged_zchunk("a chunk of another size than its index says");
    if (checksum_->finish() != piece.checksum)
      return damaged_zchunk("a chunk that does not fit its checksum");
    if (at_ == 0 &&
        ZSTD_isError(ZSTD_DCtx_loadDictionary(zstd_, dictionary_.data(), dictionary_.size())) != 0)
      return damaged_zchunk("a dictionary that is none");
    ++at_;
    taken_ = 0;
    made_ = 0;
    skip_empty();
    return {};
  }

  ZSTD_DCtx* zstd_;
  std::string bytes_;  // of the header, which refers to them
  std::size_t header_bytes_ = 0;
  std::optional<ZchunkHeader> header_;
  std::optional<ZchunkChecksum> checksum_;
  std::string dictionary_;
  std::size_t at_ = 0;       // the chunk at hand
  std::uint64_t taken_ = 0;  // of its packed bytes
  std::uint64_t made_ = 0;   // of its unpacked ones
};

}  // namespace

std::unique_ptr<Unpacker> make_zchunk_unpacker() {
  return std::make_unique<ZchunkUnpacker>();
}

}  // namespace assay::agent
