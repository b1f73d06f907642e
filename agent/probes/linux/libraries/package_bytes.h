// Bytes that can be read at any place: a file, or a part of one, or memory.
// Readers of archives and of executables ask for the few pieces they need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

class PackageBytes {
 public:
  virtual ~PackageBytes() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // At most `bytes` bytes; fewer only where the source ends.
  [[nodiscard]] virtual Result<std::string> read(std::uint64_t offset, std::size_t bytes) = 0;

  // All of `bytes`; kInvalidData when the source ends before.
  [[nodiscard]] Result<std::string> read_exactly(std::uint64_t offset, std::size_t bytes) {
    auto read_bytes = read(offset, bytes);
    if (read_bytes && read_bytes->size() < bytes)
      return fail(Code::kInvalidData, "it ends too early");
    return read_bytes;
  }
};

// `host` must outlive it.
class PackageFileBytes final : public PackageBytes {
 public:
  PackageFileBytes(Host& host, std::string path, std::uint64_t size)
      : host_(host), path_(std::move(path)), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t bytes) override {
    return host_.read_range(path_, offset, bytes);
  }

 private:
  Host& host_;
  std::string path_;
  std::uint64_t size_;
};

// `bytes` must outlive it.
class PackageBytesInMemory final : public PackageBytes {
 public:
  explicit PackageBytesInMemory(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t bytes) override {
    if (offset >= bytes_.size()) return std::string();
    return std::string(bytes_.substr(static_cast<std::size_t>(offset), bytes));
  }

 private:
  std::string_view bytes_;
};

// A part of another source, which must outlive it.
class PackageBytesPart final : public PackageBytes {
 public:
  PackageBytesPart(PackageBytes& whole, std::uint64_t offset, std::uint64_t size)
      : whole_(whole), offset_(offset), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::string> read(std::uint64_t offset, std::size_t bytes) override {
    if (offset >= size_) return std::string();
    const auto left = size_ - offset;
    return whole_.read(offset_ + offset, bytes < left ? bytes : static_cast<std::size_t>(left));
  }

 private:
  PackageBytes& whole_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

}  // namespace assay::agent
