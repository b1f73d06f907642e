// Bytes that are looked at here and there and are too many to hold at once:
// package databases of hundreds of megabytes, and the parts of them.
//
// Used by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Exactly `length` bytes from `offset` on; kInvalidData when there are not so many. The view is
  // valid until the next call on this source or on the one that it is a part of.
  [[nodiscard]] virtual Result<std::string_view> at(std::uint64_t offset, std::size_t length) = 0;
};

class MemoryBytes final : public ByteSource {
 public:
  // `bytes` must outlive this.
  explicit MemoryBytes(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t length) override;

 private:
  std::string_view bytes_;
};

// A part of another source, which must outlive this.
class PartOfBytes final : public ByteSource {
 public:
  PartOfBytes(ByteSource& whole, std::uint64_t offset, std::uint64_t size)
      : whole_(whole), offset_(offset), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t length) override;

 private:
  ByteSource& whole_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

// A file of a host, read through a few windows: large ones where it is read in order, small ones
// where it is not.
class HostBytes final : public ByteSource {
 public:
  // `host` must outlive this. `size` as the file's status has it.
  HostBytes(Host& host, std::string_view path, std::uint64_t size)
      : host_(host), path_(path), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t length) override;

 private:
  struct Window {
    std::uint64_t offset = 0;
    std::string bytes;
    std::uint64_t last_use = 0;
  };
  [[nodiscard]] Result<std::string_view> load(std::uint64_t offset, std::size_t length);

  Host& host_;
  std::string path_;
  std::uint64_t size_;
  std::vector<Window> windows_;
  std::uint64_t uses_ = 0;
  std::uint64_t expected_next_ = 0;  // where the last window ended
};

}  // namespace assay::agent
