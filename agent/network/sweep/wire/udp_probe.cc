#include "agent/network/sweep/wire/udp_probe.h"

#include <array>

namespace assay::agent::sweep {

namespace {

using std::string_view_literals::operator""sv;

struct Question {
  std::uint16_t port;
  std::string_view bytes;
};

// DNS: a standard query for the name servers of the root (RFC 1035 §4).
constexpr auto kDns = "\x2a\x2a\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"sv;
// mDNS: which services are there (RFC 6763 §9); a question with the bit for a direct answer.
constexpr auto kMdns =
    "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    "\x09_services\x07_dns-sd\x04_udp\x05local\x00\x00\x0c\x80\x01"sv;
// TFTP: read a file that nobody has (RFC 1350); the server says so.
constexpr auto kTftp =
    "\x00\x01"
    "assay-no-such-file\x00octet\x00"sv;
// Portmapper: the null procedure of program 100000, version 2 (RFC 1833, RFC 5531).
constexpr auto kPortmapper =
    "\x2a\x2a\x2a\x2a\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01\x86\xa0\x00\x00\x00\x02\x00\x00\x00"
    "\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv;
// NTP: version 4, client (RFC 5905 §7.3).
constexpr auto kNtp =
    "\x23\x00\x06\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x2a\x2a\x2a\x2a\x2a\x2a\x2a\x2a"sv;
// NetBIOS name service: node status of "*" (RFC 1002 §4.2.17).
constexpr auto kNetbios =
    "\x2a\x2a\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x20"
    "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00\x21\x00\x01"sv;
// SNMP version 3: a get request without an engine, to which the engine's report is the answer
// (RFC 3414 §4).
constexpr auto kSnmp =
    "\x30\x3a\x02\x01\x03\x30\x0f\x02\x02\x2a\x2a\x02\x03\x00\xff\xe3\x04\x01\x04\x02\x01\x03"
    "\x04\x10\x30\x0e\x04\x00\x02\x01\x00\x02\x01\x00\x04\x00\x04\x00\x04\x00"
    "\x30\x12\x04\x00\x04\x00\xa0\x0c\x02\x02\x2a\x2a\x02\x01\x00\x02\x01\x00\x30\x00"sv;
// IKE version 1, main mode: one proposal, 3DES, SHA-1, pre-shared key, group 2 (RFC 2409, RFC
// 2407).
constexpr auto kIke =
    "\x2a\x2a\x2a\x2a\x2a\x2a\x2a\x2a\x00\x00\x00\x00\x00\x00\x00\x00\x01\x10\x02\x00\x00\x00\x00"
    "\x00"
    "\x00\x00\x00\x54"
    "\x00\x00\x00\x38\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x2c\x01\x01\x00\x01"
    "\x00\x00\x00\x24\x01\x01\x00\x00"
    "\x80\x01\x00\x05\x80\x02\x00\x02\x80\x03\x00\x01\x80\x04\x00\x02"
    "\x80\x0b\x00\x01\x00\x0c\x00\x04\x00\x00\x70\x80"sv;
// RIP version 2: the whole table (RFC 2453 §3.9.1).
constexpr auto kRip =
    "\x01\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10"sv;
// SSDP: a search for root devices (UPnP Device Architecture 1.1 §1.3.2).
constexpr auto kSsdp =
    "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
    "ST: upnp:rootdevice\r\n\r\n"sv;
// memcached: the frame header of its UDP protocol, then "version" (doc/protocol.txt of memcached).
constexpr auto kMemcached = "\x00\x01\x00\x00\x00\x01\x00\x00version\r\n"sv;

constexpr std::array kQuestions{
    Question{53, kDns},      Question{69, kTftp},   Question{111, kPortmapper}, Question{123, kNtp},
    Question{137, kNetbios}, Question{161, kSnmp},  Question{500, kIke},        Question{520, kRip},
    Question{1900, kSsdp},   Question{5353, kMdns}, Question{11211, kMemcached}};

}  // namespace

std::string_view udp_question(std::uint16_t port) {
  for (const auto& question : kQuestions)
    if (question.port == port) return question.bytes;
  return {};
}

}  // namespace assay::agent::sweep
