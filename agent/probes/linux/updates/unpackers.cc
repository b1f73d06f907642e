#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "agent/probes/linux/updates/stored_file.h"
#include "agent/probes/linux/updates/zchunk_unpacker.h"

namespace assay::agent {
namespace {

// Grows `out` by one piece, lets `write` fill it, keeps what was written.
template <typename Write>
Status into_piece(std::string& out, Write write) {
  const auto before = out.size();
  out.resize(before + kStoredPieceBytes);
  std::size_t written = 0;
  auto status = write(out.data() + before, written);
  out.resize(before + written);
  return status;
}

class Lz4Unpacker final : public Unpacker {
 public:
  Lz4Unpacker() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0)
      context_ = nullptr;
  }
  ~Lz4Unpacker() override { LZ4F_freeDecompressionContext(context_); }
  Lz4Unpacker(const Lz4Unpacker&) = delete;
  Lz4Unpacker& operator=(const Lz4Unpacker&) = delete;

  Status unpack(std::string_view& in, std::string& out) override {
    if (context_ == nullptr) return fail(Code::kInternal, "no memory for LZ4");
    return into_piece(out, [&](char* to, std::size_t& written) -> Status {
      std::size_t taken = in.size();
      written = kStoredPieceBytes;
      const auto hint = LZ4F_decompress(context_, to, &written, in.data(), &taken, nullptr);
      if (LZ4F_isError(hint) != 0) {
        written = 0;
        return fail(Code::kInvalidData, "not a valid LZ4 frame");
      }
      in.remove_prefix(taken);
      is_complete_ = hint == 0;
      return {};
    });
  }
  [[nodiscard]] bool is_complete() const override { return is_complete_; }

 private:
  LZ4F_dctx* context_ = nullptr;
  bool is_complete_ = false;
};

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() { is_ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }  // 16: gzip's header
  ~GzipUnpacker() override { inflateEnd(&stream_); }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;

  Status unpack(std::string_view& in, std::string& out) override {
    if (!is_ready_) return fail(Code::kInternal, "no memory for gzip");
    if (is_complete_) inflateReset(&stream_);  // another member follows
    return into_piece(out, [&](char* to, std::size_t& written) -> Status {
      // zlib does not write to its input, but has no const in its interface.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
      stream_.avail_in = static_cast<uInt>(in.size());
      stream_.next_out = reinterpret_cast<Bytef*>(to);
      stream_.avail_out = static_cast<uInt>(kStoredPieceBytes);
      const int state = inflate(&stream_, Z_NO_FLUSH);
      in.remove_prefix(in.size() - stream_.avail_in);
      is_complete_ = state == Z_STREAM_END;
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
        return fail(Code::kInvalidData, "not a valid gzip stream");
      written = kStoredPieceBytes - stream_.avail_out;
      return {};
    });
  }
  [[nodiscard]] bool is_complete() const override { return is_complete_; }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
  bool is_complete_ = false;
};

class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : stream_(ZSTD_createDStream()) {
    // A frame may ask for a window of gigabytes; no list of packages does.
    if (stream_ != nullptr) ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 23);
  }
  ~ZstdUnpacker() override { ZSTD_freeDStream(stream_); }
  ZstdUnpacker(const ZstdUnpacker&) = delete;
  ZstdUnpacker& operator=(const ZstdUnpacker&) = delete;

  Status unpack(std::string_view& in, std::string& out) override {
    if (stream_ == nullptr) return fail(Code::kInternal, "no memory for zstd");
    return into_piece(out, [&](char* to, std::size_t& written) -> Status {
      ZSTD_inBuffer input{in.data(), in.size(), 0};
      ZSTD_outBuffer output{to, kStoredPieceBytes, 0};
      const auto state = ZSTD_decompressStream(stream_, &output, &input);
      if (ZSTD_isError(state) != 0) return fail(Code::kInvalidData, "not a valid zstd frame");
      in.remove_prefix(input.pos);
      written = output.pos;
      is_complete_ = state == 0;
      return {};
    });
  }
  [[nodiscard]] bool is_complete() const override { return is_complete_; }

 private:
  ZSTD_DStream* stream_;
  bool is_complete_ = false;
};

class XzUnpacker final : public Unpacker {
 public:
  XzUnpacker() {
    // A stream says itself how much memory it wants: 9 MiB at the usual level, 33 at 8 of 9.
    constexpr std::uint64_t kMaxMemory = 40U << 20U;
    is_ready_ = lzma_stream_decoder(&stream_, kMaxMemory, LZMA_CONCATENATED) == LZMA_OK;
  }
  ~XzUnpacker() override { lzma_end(&stream_); }
  XzUnpacker(const XzUnpacker&) = delete;
  XzUnpacker& operator=(const XzUnpacker&) = delete;

  Status unpack(std::string_view& in, std::string& out) override {
    if (!is_ready_) return fail(Code::kInternal, "no memory for xz");
    return into_piece(out, [&](char* to, std::size_t& written) -> Status {
      stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
      stream_.avail_in = in.size();
      stream_.next_out = reinterpret_cast<std::uint8_t*>(to);
      stream_.avail_out = kStoredPieceBytes;
      // Of several streams in a row only the caller knows which is the last.
      const auto state = lzma_code(&stream_, in.empty() ? LZMA_FINISH : LZMA_RUN);
      in.remove_prefix(in.size() - stream_.avail_in);
      is_complete_ = state == LZMA_STREAM_END;
      if (state == LZMA_MEMLIMIT_ERROR)
        return fail(Code::kTooLarge, "the xz stream wants more memory than the limit");
      if (state != LZMA_OK && state != LZMA_STREAM_END && state != LZMA_BUF_ERROR)
        return fail(Code::kInvalidData, "not a valid xz stream");
      written = kStoredPieceBytes - stream_.avail_out;
      return {};
    });
  }
  [[nodiscard]] bool is_complete() const override { return is_complete_; }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool is_ready_ = false;
  bool is_complete_ = false;
};

class Bzip2Unpacker final : public Unpacker {
 public:
  Bzip2Unpacker() { begin(); }
  ~Bzip2Unpacker() override { BZ2_bzDecompressEnd(&stream_); }
  Bzip2Unpacker(const Bzip2Unpacker&) = delete;
  Bzip2Unpacker& operator=(const Bzip2Unpacker&) = delete;

  Status unpack(std::string_view& in, std::string& out) override {
    if (is_complete_) {  // another stream follows
      BZ2_bzDecompressEnd(&stream_);
      begin();
    }
    if (!is_ready_) return fail(Code::kInternal, "no memory for bzip2");
    return into_piece(out, [&](char* to, std::size_t& written) -> Status {
      // libbz2 does not write to its input, but has no const in its interface.
      stream_.next_in = const_cast<char*>(in.data());
      stream_.avail_in = static_cast<unsigned>(in.size());
      stream_.next_out = to;
      stream_.avail_out = static_cast<unsigned>(kStoredPieceBytes);
      const int state = BZ2_bzDecompress(&stream_);
      in.remove_prefix(in.size() - stream_.avail_in);
      is_complete_ = state == BZ_STREAM_END;
      if (state == BZ_MEM_ERROR) return fail(Code::kInternal, "no memory for bzip2");
      if (state != BZ_OK && state != BZ_STREAM_END)
        return fail(Code::kInvalidData, "not a valid bzip2 stream");
      written = kStoredPieceBytes - stream_.avail_out;
      return {};
    });
  }
  [[nodiscard]] bool is_complete() const override { return is_complete_; }

 private:
  void begin() {
    stream_ = {};
    is_ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    is_complete_ = false;
  }

  bz_stream stream_{};
  bool is_ready_ = false;
  bool is_complete_ = false;
};

}  // namespace

Result<std::unique_ptr<Unpacker>> unpacker_for(std::string_view path) {
  if (path.ends_with(".lz4")) return std::make_unique<Lz4Unpacker>();
  if (path.ends_with(".gz")) return std::make_unique<GzipUnpacker>();
  if (path.ends_with(".zst")) return std::make_unique<ZstdUnpacker>();
  if (path.ends_with(".xz")) return std::make_unique<XzUnpacker>();
  if (path.ends_with(".bz2")) return std::make_unique<Bzip2Unpacker>();
  if (path.ends_with(".zck")) return make_zchunk_unpacker();
  if (path.ends_with(".lzma")) return fail(Code::kNotSupported, "this agent does not unpack .lzma");
  return nullptr;
}

}  // namespace assay::agent
