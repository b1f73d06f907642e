// Numbers in network order, written and read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::agent::tls {

class ByteWriter {
 public:
  void u8(std::uint32_t value) { bytes_ += static_cast<char>(value & 0xFFU); }
  void u16(std::uint32_t value) {
    u8(value >> 8U);
    u8(value);
  }
  void u24(std::uint32_t value) {
    u8(value >> 16U);
    u16(value);
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }

  // Calls `write_body` and puts the length of what it wrote, in `width` bytes, before it.
  template <typename Body>
  void block(int width, Body&& write_body) {
    const auto at = bytes_.size();
    bytes_.append(static_cast<std::size_t>(width), '\0');
    write_body();
    const auto length = bytes_.size() - at - static_cast<std::size_t>(width);
    for (int i = 0; i < width; ++i)
      bytes_[at + static_cast<std::size_t>(i)] = static_cast<char>(length >> (8 * (width - 1 - i)));
  }

  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads as far as there are bytes. After a read past the end every further one gives 0 or nothing,
// and is_short() says so.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint32_t number(std::size_t width) {
    const auto bytes = raw(width);
    std::uint32_t value = 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
  }
  [[nodiscard]] std::uint32_t u8() { return number(1); }
  [[nodiscard]] std::uint32_t u16() { return number(2); }
  [[nodiscard]] std::uint32_t u24() { return number(3); }
  [[nodiscard]] std::string_view raw(std::size_t length) {
    if (length > rest_.size()) {
      is_short_ = true;
      rest_ = {};
      return {};
    }
    const auto bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return bytes;
  }
  // What a length of `width` bytes stands before.
  [[nodiscard]] std::string_view block(std::size_t width) { return raw(number(width)); }

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  [[nodiscard]] bool is_short() const { return is_short_; }

 private:
  std::string_view rest_;
  bool is_short_ = false;
};

}  // namespace assay::agent::tls
