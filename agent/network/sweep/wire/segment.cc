#include "agent/network/sweep/wire/segment.h"

#include <algorithm>
#include <cstring>

namespace assay::agent::sweep {

namespace {

constexpr std::uint8_t kTcpProtocol = 6;
constexpr std::uint8_t kTcpBytes = 24;
constexpr std::uint8_t kV4Bytes = 20;
constexpr std::uint8_t kV6Bytes = 40;
constexpr std::uint8_t kTimeToLive = 64;
constexpr std::uint8_t kSynFlag = 0x02;
constexpr std::uint16_t kWindow = 1024;
constexpr std::uint16_t kSegmentSize = 1460;

void put16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8U);
  at[1] = static_cast<std::uint8_t>(value);
}

void put32(std::uint8_t* at, std::uint32_t value) {
  put16(at, static_cast<std::uint16_t>(value >> 16U));
  put16(at + 2, static_cast<std::uint16_t>(value));
}

void put_address(std::uint8_t* at, const Address& address, bool is_v4) {
  if (!is_v4) {
    put32(at, static_cast<std::uint32_t>(address.high >> 32U));
    put32(at + 4, static_cast<std::uint32_t>(address.high));
    at += 8;
    put32(at, static_cast<std::uint32_t>(address.low >> 32U));
    at += 4;
  }
  put32(at, static_cast<std::uint32_t>(address.low));
}

}  // namespace

std::uint64_t checksum_add(std::uint64_t sum, std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  for (; at + 1 < bytes.size(); at += 2)
    sum += static_cast<unsigned>(bytes[at] << 8U | bytes[at + 1]);
  if (at < bytes.size()) sum += static_cast<unsigned>(bytes[at] << 8U);
  return sum;
}

std::uint16_t checksum_fold(std::uint64_t sum) {
  while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

SynTemplate::SynTemplate(const Address& source, std::uint16_t source_port,
                         const Address& destination) {
  const bool is_v4 = destination.is_v4();
  auto* ip = bytes_.data();
  tcp_at_ = is_v4 ? kV4Bytes : kV6Bytes;
  size_ = static_cast<std::uint8_t>(tcp_at_ + kTcpBytes);
  std::span<const std::uint8_t> addresses;
  if (is_v4) {
    ip[0] = 0x45;  // version 4, five words
    put16(ip + 2, size_);
    put16(ip + 6, 0x4000);  // not to be fragmented
    ip[8] = kTimeToLive;
    ip[9] = kTcpProtocol;
    put_address(ip + 12, source, true);
    put_address(ip + 16, destination, true);
    put16(ip + 10, checksum_fold(checksum_add(0, {ip, kV4Bytes})));
    addresses = {ip + 12, 8};
  } else {
    ip[0] = 0x60;
    put16(ip + 4, kTcpBytes);
    ip[6] = kTcpProtocol;
    ip[7] = kTimeToLive;
    put_address(ip + 8, source, false);
    put_address(ip + 24, destination, false);
    addresses = {ip + 8, 32};
  }
  auto* tcp = ip + tcp_at_;
  put16(tcp, source_port);
  tcp[12] = kTcpBytes / 4 << 4U;
  tcp[13] = kSynFlag;
  put16(tcp + 14, kWindow);
  tcp[20] = 2;  // maximum segment size
  tcp[21] = 4;
  put16(tcp + 22, kSegmentSize);
  sum_ = checksum_add(kTcpProtocol + std::uint64_t{kTcpBytes}, addresses);
  sum_ = checksum_add(sum_, {tcp, kTcpBytes});
}

std::size_t SynTemplate::write(std::uint16_t port, std::uint32_t sequence,
                               std::array<std::uint8_t, kMaxSynBytes>* into) const {
  *into = bytes_;
  auto* tcp = into->data() + tcp_at_;
  put16(tcp + 2, port);
  put32(tcp + 4, sequence);
  put16(tcp + 16, checksum_fold(sum_ + port + (sequence >> 16U) + (sequence & 0xffffU)));
  return size_;
}

}  // namespace assay::agent::sweep
