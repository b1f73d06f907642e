// Zip archives for tests, made in memory.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::agent {

class ZipBuilder {
 public:
  ZipBuilder& add(std::string_view name, std::string_view content) {
    return add_member(name, content, std::string(content), 0);
  }
  ZipBuilder& add_deflated(std::string_view name, std::string_view content) {
    return add_member(name, content, deflated(content), 8);
  }
  // A member with any numbers in its headers.
  ZipBuilder& add_member(std::string_view name, std::string_view content, const std::string& packed,
                         std::uint16_t method, std::uint16_t flags = 0) {
    const auto header = static_cast<std::uint32_t>(members_.size());
    const auto* bytes = reinterpret_cast<const Bytef*>(content.data());
    const auto sum =
        static_cast<std::uint32_t>(::crc32(0, bytes, static_cast<uInt>(content.size())));
    std::string common = number(flags, 2) + number(method, 2) + number(0, 4) + number(sum, 4) +
                         number(packed.size(), 4) + number(content.size(), 4) +
                         number(name.size(), 2);
    members_ += "PK\3\4" + number(20, 2) + common + number(0, 2);
    members_.append(name).append(packed);
    directory_ += "PK\1\2" + number(20, 2) + number(20, 2) + common + number(0, 2) + number(0, 2) +
                  number(0, 2) + number(0, 2) + number(0, 4) + number(header, 4);
    directory_.append(name);
    ++count_;
    return *this;
  }

  [[nodiscard]] std::string bytes(std::string_view comment = {}) const {
    return members_ + directory_ + "PK\5\6" + number(0, 4) + number(count_, 2) + number(count_, 2) +
           number(directory_.size(), 4) + number(members_.size(), 4) + number(comment.size(), 2) +
           std::string(comment);
  }
  // The same with its numbers in zip64 records.
  [[nodiscard]] std::string bytes64() const {
    const auto end = members_.size() + directory_.size();
    return members_ + directory_ + "PK\6\6" + number(44, 8) + number(45, 2) + number(45, 2) +
           number(0, 8) + number(count_, 8) + number(count_, 8) + number(directory_.size(), 8) +
           number(members_.size(), 8) + "PK\6\7" + number(0, 4) + number(end, 8) + number(1, 4) +
           "PK\5\6" + number(0, 4) + number(0xFFFF, 2) + number(0xFFFF, 2) + number(0xFFFFFFFF, 4) +
           number(0xFFFFFFFF, 4) + number(0, 2);
  }

  static std::string number(std::uint64_t value, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
  }

  static std::string deflated(std::string_view content) {
    ::z_stream stream{};
    (void)::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    std::string out(::deflateBound(&stream, content.size()), '\0');
    std::string in(content);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    (void)::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    (void)::deflateEnd(&stream);
    return out;
  }

 private:
  std::string members_;
  std::string directory_;
  std::size_t count_ = 0;
};

}  // namespace assay::agent
