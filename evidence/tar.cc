#include "evidence/tar.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "evidence/limits.h"

namespace assay::evidence {

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMaxName = 99;
using Block = std::array<char, kBlock>;

bool is_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && std::ranges::all_of(part, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

bool is_member_name(std::string_view name) {
  if (name.size() > kMaxName) return false;
  while (true) {
    const auto slash = name.find('/');
    if (!is_part(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

// `width` octal digits at `at`.
void put_octal(Block& block, std::size_t at, std::size_t width, std::size_t value) {
  for (std::size_t i = width; i > 0; --i, value >>= 3U)
    block[at + i - 1] = static_cast<char>('0' + (value & 7U));
}

void put(Block& block, std::size_t at, std::string_view text) {
  std::ranges::copy(text, block.begin() + static_cast<std::ptrdiff_t>(at));
}

// The fields and their places: POSIX.1-2017, pax, "ustar Interchange Format".
Block header_of(std::string_view name, std::size_t size) {
  Block block{};
  put(block, 0, name);
  put(block, 100, "0000644");
  put(block, 108, "0000000");  // owner
  put(block, 116, "0000000");  // group
  put_octal(block, 124, 11, size);
  put_octal(block, 136, 11, 0);  // time of modification
  put(block, 148, "        ");   // counts as spaces in the checksum
  block[156] = '0';              // a regular file
  put(block, 257,
      std::string_view("ustar\0"
                       "00",
                       8));
  std::size_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, 148, 6, sum);
  block[154] = '\0';
  return block;
}

std::size_t padding_of(std::size_t size) {
  return (kBlock - size % kBlock) % kBlock;
}

bool is_zero(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

// The size that the header states, or more than any member may have.
std::size_t size_of(std::string_view header) {
  std::size_t size = 0;
  for (const char c : header.substr(124, 11)) {
    if (c < '0' || c > '7') return kMaxTableBytes + 1;
    size = size * 8 + static_cast<std::size_t>(c - '0');
  }
  return size;
}

Error at_byte(std::size_t at, std::string_view what) {
  return {Code::kInvalidData, "archive byte " + std::to_string(at) + ": " + std::string(what)};
}

Status check_order(std::string_view previous, std::string_view name) {
  if (!is_member_name(name)) return fail(Code::kInvalidData, "a name that no member may have");
  if (previous >= name)
    return fail(Code::kInvalidData, "members that are not sorted by name, or one twice");
  return {};
}

}  // namespace

Result<std::string> write_tar(std::span<const TarMember> members) {
  if (members.size() > kMaxBundleEntries)
    return fail(Code::kTooLarge, "archive: over 100000 files");
  std::size_t total = kTarEndBytes;
  std::string_view previous;
  for (const auto& member : members) {
    const std::size_t size = member.content.size();
    if (auto order = check_order(previous, member.name); !order)
      return fail(order.error().within("archive: " + std::string(member.name)));
    if (size > kMaxTableBytes) return fail(Code::kTooLarge, "archive: a file over 64 MiB");
    total += tar_bytes_of(size);
    if (total > kMaxBundleBytes) return fail(Code::kTooLarge, "archive: over 1 GiB");
    previous = member.name;
  }
  std::string out;
  out.reserve(total);
  for (const auto& [name, content] : members) {
    const Block header = header_of(name, content.size());
    out.append(header.data(), header.size()).append(content);
    out.append(padding_of(content.size()), '\0');
  }
  out.append(2 * kBlock, '\0');
  return out;
}

Result<std::string> tar_header(std::string_view name, std::size_t size) {
  if (!is_member_name(name)) return fail(Code::kInvalidData, "a name that no member may have");
  if (size > kMaxTableBytes) return fail(Code::kTooLarge, "archive: a file over 64 MiB");
  const Block header = header_of(name, size);
  return std::string(header.data(), header.size());
}

std::string tar_padding(std::size_t size) {
  return std::string(padding_of(size), '\0');
}

std::string tar_end() {
  return std::string(kTarEndBytes, '\0');
}

std::size_t tar_bytes_of(std::size_t size) {
  return kBlock + size + padding_of(size);
}

Result<std::vector<TarMember>> read_tar(std::string_view bytes) {
  if (bytes.size() > kMaxBundleBytes) return fail(Code::kTooLarge, "archive: over 1 GiB");
  if (bytes.size() % kBlock != 0)
    return fail(at_byte(bytes.size(), "not a whole number of blocks"));
  std::vector<TarMember> members;
  std::string_view previous;
  std::size_t at = 0;
  while (bytes.size() - at > 2 * kBlock) {
    const std::string_view header = bytes.substr(at, kBlock);
    const std::string_view name = header.substr(0, std::min(header.find('\0'), kMaxName + 1));
    const std::size_t size = size_of(header);
    if (size > kMaxTableBytes) return fail(at_byte(at, "a file over 64 MiB, or no header"));
    if (auto order = check_order(previous, name); !order)
      return fail(at_byte(at, order.error().message()));
    const Block expected = header_of(name, size);
    if (header != std::string_view(expected.data(), expected.size()))
      return fail(at_byte(at, "not the header of a regular file in this form"));
    at += kBlock;
    const std::size_t padding = padding_of(size);
    if (bytes.size() - at < size + padding) return fail(at_byte(at, "a file that is cut"));
    if (!is_zero(bytes.substr(at + size, padding)))
      return fail(at_byte(at + size, "no zero padding"));
    if (members.size() == kMaxBundleEntries)
      return fail(Code::kTooLarge, "archive: over 100000 files");
    members.push_back({name, bytes.substr(at, size)});
    previous = name;
    at += size + padding;
  }
  if (bytes.size() - at != 2 * kBlock || !is_zero(bytes.substr(at)))
    return fail(at_byte(at, "no two zero blocks at the end"));
  return members;
}

}  // namespace assay::evidence
