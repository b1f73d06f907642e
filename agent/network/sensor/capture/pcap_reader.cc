#include "agent/network/sensor/capture/pcap_reader.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;

}  // namespace

LinkType link_type_of(std::uint32_t number) {
  number &= 0x03ffffffU;  // above: the length of a frame check sequence
  if (number == 12 || number == 14) number = 101;
  return static_cast<LinkType>(number);
}

std::optional<PcapReader> PcapReader::begin(ByteSource& source) {
  const auto header = source.peek(kFileHeader);
  if (header.size() < kFileHeader) return std::nullopt;
  PcapReader reader;
  const auto magic = be32(header.data());
  reader.is_network_order_ = magic == kMicroseconds || magic == kNanoseconds;
  if (const auto value = reader.word(header.data());
      value != kMicroseconds && value != kNanoseconds)
    return std::nullopt;
  reader.link_ = link_type_of(reader.word(header.data() + 20));
  source.take(kFileHeader);
  return reader;
}

Next PcapReader::next(ByteSource& source, Record* record) {
  const auto header = source.peek(kRecordHeader);
  if (header.size() < kRecordHeader) {
    if (header.empty() && source.failure()) return Next::kEnd;
    return broken("the file ends within a record");
  }
  const auto captured = word(header.data() + 8);
  record->seconds = word(header.data());
  record->wire_bytes = word(header.data() + 12);
  if (captured > kMaxFrameBytes) return broken("a record is longer than any frame");
  const auto whole = source.peek(kRecordHeader + captured);
  if (whole.size() < kRecordHeader + captured) return broken("the file ends within a record");
  record->data = whole.subspan(kRecordHeader);
  record->link = link_;
  source.take(whole.size());
  return Next::kRecord;
}

}  // namespace assay::agent::sensor
