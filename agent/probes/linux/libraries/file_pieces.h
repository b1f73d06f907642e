// A file of a host of which a few small pieces are wanted: each look is one
// read of just that, for thousands of programs would not bear a byte more.
//
// Beside it, looks that give a copy, which outlives the next look.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "agent/probes/linux/software/bytes/byte_source.h"

namespace assay::agent {

class FilePieces final : public ByteSource {
 public:
  // `host` must outlive this. `size` as the file's status has it.
  FilePieces(Host& host, std::string_view path, std::uint64_t size)
      : host_(host), path_(path), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t length) override {
    auto bytes = host_.read_range(path_, offset, length);
    if (!bytes) return fail(std::move(bytes.error()));
    if (bytes->size() < length) return fail(Code::kInvalidData, "the data ends before it should");
    piece_ = *std::move(bytes);
    return piece_;
  }

 private:
  Host& host_;
  std::string path_;
  std::uint64_t size_;
  std::string piece_;
};

// All of `length` bytes; kInvalidData when the source ends before.
[[nodiscard]] inline Result<std::string> read_exactly(ByteSource& source, std::uint64_t offset,
                                                      std::size_t length) {
  const auto bytes = source.at(offset, length);
  if (!bytes) return fail(bytes.error());
  return std::string(*bytes);
}

// Fewer only where the source ends.
[[nodiscard]] inline Result<std::string> read_at_most(ByteSource& source, std::uint64_t offset,
                                                      std::size_t length) {
  if (offset >= source.size()) return std::string();
  const auto left = source.size() - offset;
  return read_exactly(source, offset,
                      static_cast<std::size_t>(std::min<std::uint64_t>(length, left)));
}

}  // namespace assay::agent
