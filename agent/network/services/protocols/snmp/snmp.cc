// SNMP: v3's discovery of the engine (RFC 3414 4), which needs no name; v1 and v2c where it is
// asked for.
//
// Sent: a request of v3 without a user; with the option, requests for sysDescr.0 in v1 and v2c with
// the communities that come with devices.
#include "agent/network/services/protocols/ber.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kOctets = 0x04;
constexpr std::uint8_t kResponse = 0xA2;
constexpr std::uint8_t kReport = 0xA8;

// The number of every request, which its answer bears (RFC 3412 6.2, RFC 3416 4.1).
constexpr std::string_view kNumber = "\x41\x53";

void put(tls::ByteWriter& out, std::uint32_t tag, std::string_view content) {
  out.u8(tag);
  out.block(1, [&] { out.raw(content); });
}

std::string get_with(std::uint32_t version, std::string_view community) {
  tls::ByteWriter out;
  out.u8(kSequence);
  out.block(1, [&] {
    out.u8(kInteger);
    out.block(1, [&] { out.u8(version); });
    put(out, kOctets, community);
    out.u8(0xA0);  // GetRequest
    out.block(1, [&] {
      put(out, kInteger, kNumber);
      put(out, kInteger, std::string_view("\0", 1));
      put(out, kInteger, std::string_view("\0", 1));
      out.u8(kSequence);
      out.block(1, [&] {
        out.u8(kSequence);
        out.block(1, [&] {
          put(out, 0x06, std::string_view("\x2B\x06\x01\x02\x01\x01\x01\0", 8));  // sysDescr.0
          put(out, 0x05, "");
        });
      });
    });
  });
  return out.take();
}

std::string discovery() {
  tls::ByteWriter out;
  out.u8(kSequence);
  out.block(1, [&] {
    put(out, kInteger, "\x03");
    out.u8(kSequence);
    out.block(1, [&] {
      put(out, kInteger, kNumber);
      put(out, kInteger, std::string_view("\0\xFF\xE3", 3));
      put(out, kOctets, "\x04");   // report it; neither signed nor encrypted
      put(out, kInteger, "\x03");  // the user-based model
    });
    out.u8(kOctets);
    out.block(1, [&] {
      out.u8(kSequence);
      out.block(1, [&] {
        put(out, kOctets, "");
        put(out, kInteger, std::string_view("\0", 1));
        put(out, kInteger, std::string_view("\0", 1));
        for (int i = 0; i < 3; ++i) put(out, kOctets, "");
      });
    });
    out.u8(kSequence);
    out.block(1, [&] {
      put(out, kOctets, "");
      put(out, kOctets, "");
      out.u8(0xA0);
      out.block(1, [&] {
        put(out, kInteger, kNumber);
        put(out, kInteger, std::string_view("\0", 1));
        put(out, kInteger, std::string_view("\0", 1));
        put(out, kSequence, "");
      });
    });
  });
  return out.take();
}

// Whether what comes first is the number of our request, be it in more bytes than it needs.
bool has_our_number(std::string_view content) {
  const auto number = take_element(content);
  if (!number || number->tag != kInteger) return false;
  auto digits = number->content;
  while (digits.starts_with('\0')) digits.remove_prefix(1);
  return digits == kNumber;
}

// Behind the version: the header, the parameters of security, and in clear what is reported. A
// service that gives back what it was sent does not report.
bool is_report(std::string_view rest) {
  const auto header = take_element(rest);
  const auto security = take_element(rest);
  const auto data = take_element(rest);
  if (!header || header->tag != kSequence || !has_our_number(header->content)) return false;
  if (!security || security->tag != kOctets || !data || data->tag != kSequence) return false;
  auto scoped = data->content;
  const auto engine = take_element(scoped);
  const auto name = take_element(scoped);
  return engine && name && scoped.starts_with(static_cast<char>(kReport));
}

}  // namespace

std::vector<std::string> snmp_requests(const Options& options) {
  std::vector<std::string> out{discovery()};
  if (!options.tries_communities) return out;
  for (const auto* community : {"public", "private"})
    for (const std::uint32_t version : {0U, 1U}) out.push_back(get_with(version, community));
  return out;
}

bool take_snmp(std::string_view answer, const Options&, Facts* facts) {
  const auto message = take_element(answer);
  if (!message || message->tag != kSequence) return false;
  auto inside = message->content;
  const auto version = take_element(inside);
  if (!version || version->tag != kInteger || version->content.size() != 1) return false;
  if (version->content[0] == 3) {
    if (!is_report(inside)) return false;
    facts->add_once("version", "3");
    return true;
  }
  const auto community = take_element(inside);
  const auto response = take_element(inside);
  if (version->content[0] > 1 || !community || community->tag != kOctets || !response ||
      response->tag != kResponse || !has_our_number(response->content))
    return false;
  facts->add_once("version", version->content[0] == 0 ? "1" : "2c");
  if (community->content == "public" || community->content == "private") {
    facts->default_community = true;
    facts->cleartext_login = true;  // the community is the password
    facts->add_once("community", community->content);
  }
  return true;
}

// A device that does not take a community stays silent about it, as does one without SNMP.
void end_snmp(const Options& options, Facts* facts) {
  if (options.tries_communities)
    facts->default_community = facts->default_community.value_or(false);
}

}  // namespace assay::agent::services
