#include "agent/network/services/protocols/dns/dns_answer.h"

#include "agent/network/services/protocols/product.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::uint32_t kRootId = 0x4153;
constexpr std::uint32_t kVersionId = 0x4154;
constexpr std::uint32_t kRefused = 5;

std::string question(std::uint32_t id, std::string_view name, std::uint32_t type,
                     std::uint32_t dns_class) {
  tls::ByteWriter out;
  out.u16(id);
  out.u16(0x0100);  // recursion desired
  out.u16(1);
  for (int i = 0; i < 3; ++i) out.u16(0);
  out.raw(name);
  out.u16(type);
  out.u16(dns_class);
  return out.take();
}

// Skips a name; false: it breaks off or is none.
bool skip_name(tls::ByteReader& in) {
  for (int labels = 0; labels < 128; ++labels) {
    const auto length = in.u8();
    if (in.is_short()) return false;
    if (length == 0) return true;
    if ((length & 0xC0U) == 0xC0U) {
      (void)in.u8();
      return !in.is_short();
    }
    if (length > 63) return false;
    (void)in.raw(length);
  }
  return false;
}

// The first text of the answer: "dnsmasq-2.89", "9.18.28-1~deb12u2-Debian", "unbound 1.17.1".
void note_version(tls::ByteReader in, Facts* facts) {
  if (!skip_name(in)) return;
  constexpr std::uint32_t kText = 16;
  if (in.u16() != kText) return;
  (void)in.raw(6);  // class, time to live
  tls::ByteReader data(in.block(2));
  const auto text = data.block(1);
  if (in.is_short() || data.is_short()) return;
  note_product(text, {"dnsmasq", "unbound", "PowerDNS Recursor", "PowerDNS", "NSD", "Knot"}, facts);
  if (!facts->product.empty() || text.empty()) return;
  // BIND says nothing but its version.
  if (text.front() == '9' && text.size() > 1 && text[1] == '.') {
    facts->product = "BIND";
    facts->version = printable(text.substr(0, text.find_first_of("- ")), 40);
  }
}

}  // namespace

std::vector<std::string> dns_questions() {
  using std::string_view_literals::operator""sv;
  // The version first: a server that cannot reach others may hang up on the second.
  return {question(kVersionId, "\7version\4bind\0"sv, 16, 3), question(kRootId, "\0"sv, 2, 1)};
}

bool is_dns_number(std::string_view bytes) {
  tls::ByteReader in(bytes);
  const auto number = in.u16();
  return number == kRootId || number == kVersionId;
}

bool take_dns_answer(std::string_view message, Facts* facts) {
  tls::ByteReader in(message);
  const auto id = in.u16();
  const auto flags = in.u16();
  const auto questions = in.u16();
  const auto answers = in.u16();
  (void)in.raw(4);
  const bool is_answer = (flags & 0x8000U) != 0 && (flags & 0x7800U) == 0;
  if (in.is_short() || !is_answer || (id != kRootId && id != kVersionId) || questions > 1)
    return false;
  const auto code = flags & 0xFU;
  facts->protocol = "dns";
  if (id == kRootId) facts->recursion = (flags & 0x0080U) != 0 && code != kRefused;
  if (id != kVersionId || answers == 0) return true;
  if (questions == 1) {
    if (!skip_name(in)) return true;
    (void)in.raw(4);
  }
  note_version(in, facts);
  return true;
}

}  // namespace assay::agent::services
