#include "agent/network/sensor/packet/packet.h"

namespace assay::agent::sensor {

std::string_view name_of(Undecoded reason) {
  switch (reason) {
    case Undecoded::kNone: return "decoded";
    case Undecoded::kUnknownLink: return "unknown link type";
    case Undecoded::kLinkCut: return "cut in the link header";
    case Undecoded::kOtherProtocol: return "neither IP nor ARP";
    case Undecoded::kTooManyTags: return "more than two VLAN tags";
    case Undecoded::kIpCut: return "cut in the IP header";
    case Undecoded::kIpMalformed: return "malformed IP header";
    case Undecoded::kTooManyExtensions: return "too many IPv6 extension headers";
    case Undecoded::kFragment: return "fragment";
    case Undecoded::kFragmentMalformed: return "malformed fragment";
    case Undecoded::kTransportCut: return "cut in the transport header";
    case Undecoded::kTransportMalformed: return "malformed transport header";
    case Undecoded::kCount: break;
  }
  return "unknown";
}

}  // namespace assay::agent::sensor
