// SNMP v1 (RFC 1157), v2c (RFC 1901) with a community in clear, and v3 (RFC 3412).
#include "agent/network/sensor/recognise/ber.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

bool look_for_snmp(Bytes datagram, Recognised* found) {
  if (datagram.size() < 10 || datagram[0] != 0x30) return false;
  const auto message = read_ber(datagram);
  if (!message || message->size != datagram.size()) return false;
  auto list = message->content;
  const auto version = take_ber(&list);
  const auto second = take_ber(&list);
  if (!version || version->tag != 0x02 || version->content.size() != 1 || !second) return false;
  const auto number = version->content[0];
  if (number == 3) {  // msgGlobalData is a sequence of four
    if (second->tag != 0x30) return false;
    found->is_certain = true;
    return true;
  }
  if (number > 1 || second->tag != 0x04) return false;
  const auto request = read_ber(list);
  if (!request || request->tag < 0xa0 || request->tag > 0xa8) return false;
  found->is_certain = true;
  found->secret = Secret::kCommunity;
  return true;
}

}  // namespace assay::agent::sensor
