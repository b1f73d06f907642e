// Any bytes as a zchunk file, in one piece and in small ones: the same text, or an error, either
// way, and never more than the header announces.
//
// A checksum over the header keeps mutations from what is behind it; so the bytes are read a second
// time with the right one in its place.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/updates/zchunk_header.h"
#include "agent/probes/linux/updates/zchunk_unpacker.h"
#include "evidence/digest.h"

namespace {

using namespace assay::agent;

constexpr std::size_t kMaxText = 4U << 20U;
constexpr std::size_t kSha256At = 7;  // behind the id, a kind and a size of a byte each
constexpr std::size_t kSha256Bytes = 32;

std::string unpacked(std::string_view bytes, std::size_t piece) {
  const auto unpacker = make_zchunk_unpacker();
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    auto in = bytes.substr(at, piece);
    while (true) {
      const auto left = in.size();
      const auto made = text.size();
      if (!unpacker->unpack(in, text)) return "refused";
      if (text.size() > kMaxText) return "too large here";
      if (in.size() == left && text.size() == made) break;
    }
    if (!in.empty()) std::abort();  // it neither took them nor refused them
  }
  return unpacker->is_complete() ? text : "refused";  // as whoever feeds it refuses a cut file
}

void read(std::string_view bytes) {
  const auto text = unpacked(bytes, std::max<std::size_t>(bytes.size(), 1));
  for (const std::size_t piece : {1U, 7U})
    if (unpacked(bytes, piece) != text) std::abort();
  const auto size = zchunk_header_size(bytes.substr(0, kZchunkLeadBytes));
  if (!size || *size > bytes.size()) return;
  const auto header = parse_zchunk_header(bytes.substr(0, *size));
  if (header && header->pieces.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  if (size < kZchunkLeadBytes) return 0;
  constexpr auto kSha256 = static_cast<char>(0x81);
  bytes[5] = kSha256;
  const auto whole = zchunk_header_size(std::string_view(bytes).substr(0, kZchunkLeadBytes));
  const bool is_short = (static_cast<unsigned char>(bytes[6]) & 0x80U) != 0;
  if (!whole || !is_short || *whole > size || *whole < kSha256At + kSha256Bytes) return 0;
  const auto right = assay::evidence::sha256(
      bytes.substr(0, kSha256At) +
      bytes.substr(kSha256At + kSha256Bytes, *whole - kSha256At - kSha256Bytes));
  bytes.replace(kSha256At, kSha256Bytes, right.raw());
  read(bytes);
  return 0;
}
