#include "agent/network/sensor/capture/pcapng_reader.h"

#include <algorithm>

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kBlockHeader = 8;
constexpr std::size_t kBlockFrame = 12;  // type, length, and the length again
constexpr std::uint32_t kSection = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kOldPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kStatistics = 5;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::size_t kPacketHeader = 20;
constexpr std::uint64_t kWorstUnits = 1'000'000'000'000'000'000ULL;

// if_tsresol: a negative power of 10, or of 2 when the high bit is set.
std::uint64_t units_of(std::uint8_t resolution) {
  const unsigned power = resolution & 0x7fU;
  if ((resolution & 0x80U) != 0) return power < 64 ? 1ULL << power : kWorstUnits;
  std::uint64_t units = 1;
  for (unsigned count = 0; count < std::min(power, 18U); ++count) units *= 10;
  return units;
}

}  // namespace

bool PcapngReader::is_at_start(ByteSource& source) {
  const auto head = source.peek(kBlockHeader + 4);
  if (head.size() < kBlockHeader + 4 || be32(head.data()) != kSection) return false;
  const auto order = be32(head.data() + kBlockHeader);
  return order == kByteOrder || __builtin_bswap32(order) == kByteOrder;
}

// code, length, value, padding to four bytes; 0 ends the list.
template <typename Visit>
void PcapngReader::each_option(Bytes options, const Visit& visit) const {
  while (options.size() >= 4) {
    const auto code = half(options.data());
    const std::size_t length = half(options.data() + 2);
    const std::size_t padded = (length + 3) / 4 * 4;
    if (code == 0 || options.size() - 4 < length) return;
    visit(code, options.subspan(4, length));
    options = options.subspan(std::min(options.size(), 4 + padded));
  }
}

bool PcapngReader::begin_section(ByteSource& source) {
  const auto head = source.peek(kBlockHeader + 4);
  if (head.size() < kBlockHeader + 4 || !is_at_start(source)) return false;
  is_network_order_ = be32(head.data() + kBlockHeader) == kByteOrder;
  lost_before_ = lost_by_capture();
  interfaces_.clear();
  return true;
}

bool PcapngReader::read_interface(Bytes body) {
  if (body.size() < 8 || interfaces_.size() == kMaxInterfaces) return false;
  Interface made{.link = link_type_of(half(body.data())), .snap_length = word(body.data() + 4)};
  each_option(body.subspan(8), [&](std::uint16_t code, Bytes value) {
    if (code == 9 && value.size() == 1) made.units_per_second = units_of(value[0]);
    if (code == 14 && value.size() == 8) {
      const auto raw = be64(value.data());
      made.offset_seconds =
          static_cast<std::int64_t>(is_network_order_ ? raw : __builtin_bswap64(raw));
    }
  });
  interfaces_.push_back(made);
  return true;
}

void PcapngReader::read_statistics(Bytes body) {
  if (body.size() < 12 || word(body.data()) >= interfaces_.size()) return;
  std::uint64_t lost = 0;
  each_option(body.subspan(12), [&](std::uint16_t code, Bytes value) {
    if ((code != 5 && code != 7) || value.size() != 8) return;  // lost by the card, by the system
    const auto raw = be64(value.data());
    lost += is_network_order_ ? raw : __builtin_bswap64(raw);
  });
  auto& known = interfaces_[word(body.data())].lost;
  known = std::max(known, lost);  // counters since the beginning, said again and again
}

bool PcapngReader::read_packet(std::uint32_t type, Bytes body, Record* record) {
  std::size_t interface = 0;
  std::size_t captured = 0;
  Bytes data;
  if (type == kSimplePacket) {
    if (body.size() < 4 || interfaces_.empty()) return false;
    record->wire_bytes = word(body.data());
    data = body.subspan(4);
    captured = std::min<std::size_t>(data.size(), record->wire_bytes);
    if (const auto snap = interfaces_[0].snap_length; snap != 0)
      captured = std::min<std::size_t>(captured, snap);
    record->seconds = 0;  // the block bears no time
  } else {
    if (body.size() < kPacketHeader) return false;
    interface = type == kOldPacket ? half(body.data()) : word(body.data());
    if (interface >= interfaces_.size()) return false;
    captured = word(body.data() + 12);
    record->wire_bytes = word(body.data() + 16);
    data = body.subspan(kPacketHeader);
    const auto ticks = std::uint64_t{word(body.data() + 4)} << 32U | word(body.data() + 8);
    record->seconds = static_cast<std::int64_t>(
        ticks / interfaces_[interface].units_per_second +
        static_cast<std::uint64_t>(interfaces_[interface].offset_seconds));
  }
  if (captured > data.size() || captured > kMaxFrameBytes) return false;
  record->data = data.first(captured);
  record->link = interfaces_[interface].link;
  return true;
}

Next PcapngReader::next(ByteSource& source, Record* record) {
  for (;;) {
    const auto head = source.peek(kBlockHeader);
    if (head.size() < kBlockHeader) {
      if (head.empty() && source.failure()) return Next::kEnd;
      return broken("the file ends within a block");
    }
    if (be32(head.data()) == kSection && !begin_section(source))
      return broken("a section without its byte order");
    const auto type = word(source.peek(kBlockHeader).data());
    const auto length = word(source.peek(kBlockHeader).data() + 4);
    if (length < kBlockFrame || length % 4 != 0) return broken("a block of impossible length");
    const bool has_frame = type == kEnhancedPacket || type == kSimplePacket || type == kOldPacket;
    if (!has_frame && type != kInterface && type != kStatistics) {
      if (!source.skip(length)) return broken("the file ends within a block");
      continue;
    }
    if (length > ByteSource::kMaxRun) return broken("a block is longer than any frame");
    const auto block = source.peek(length);
    if (block.size() < length) return broken("the file ends within a block");
    const auto body = block.subspan(kBlockHeader, length - kBlockFrame);
    if (type == kInterface && !read_interface(body)) return broken("an interface cannot be read");
    if (type == kStatistics) read_statistics(body);
    if (has_frame && !read_packet(type, body, record)) return broken("a frame cannot be read");
    source.take(length);
    if (has_frame) return Next::kRecord;
  }
}

std::uint64_t PcapngReader::lost_by_capture() const {
  auto lost = lost_before_;
  for (const auto& each : interfaces_) lost += each.lost;
  return lost;
}

}  // namespace assay::agent::sensor
