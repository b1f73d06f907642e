// LDAP (RFC 4511).
//
// Sent: a search for the root's entry, which any client may read; a bind without a name and a
// password; on a further connection, whether TLS is offered.
#include "agent/network/services/protocols/ber.h"
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/start_tls_question.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kBindResponse = 0x61;
constexpr std::uint8_t kEntry = 0x64;
constexpr std::uint8_t kSearchDone = 0x65;
// Results (RFC 4511 A.1): not without TLS.
constexpr unsigned char kStrongerAuthRequired = 8;
constexpr unsigned char kConfidentialityRequired = 13;
constexpr std::size_t kMaxMessage = 128U << 10U;

void put(tls::ByteWriter& out, std::uint32_t tag, std::string_view content) {
  out.u8(tag);
  out.block(1, [&] { out.raw(content); });
}

std::string root_search() {
  tls::ByteWriter out;
  out.u8(kSequence);
  out.block(1, [&] {
    put(out, 0x02, "\x01");
    out.u8(0x63);  // SearchRequest
    out.block(1, [&] {
      put(out, 0x04, "");                         // the root
      put(out, 0x0A, std::string_view("\0", 1));  // itself alone
      put(out, 0x0A, std::string_view("\0", 1));  // aliases are aliases
      put(out, 0x02, "\x02");                     // two entries
      put(out, 0x02, "\x05");                     // five seconds
      put(out, 0x01, std::string_view("\0", 1));  // with values
      put(out, 0x87, "objectClass");
      out.u8(kSequence);
      out.block(1, [&] {
        for (const auto* name : {"vendorName", "vendorVersion", "supportedSASLMechanisms"})
          put(out, 0x04, name);
      });
    });
  });
  return out.take();
}

std::string anonymous_bind() {
  tls::ByteWriter out;
  out.u8(kSequence);
  out.block(1, [&] {
    put(out, 0x02, "\x02");
    out.u8(0x60);  // BindRequest
    out.block(1, [&] {
      put(out, 0x02, "\x03");
      put(out, 0x04, "");
      put(out, 0x80, "");
    });
  });
  return out.take();
}

class Ldap : public Dialogue {
 public:
  explicit Ldap(const Setting& setting) : setting_(setting) {
    if (setting_.is_in_tls) facts.cleartext_login = false;
  }

  std::string opening() override { return root_search(); }

  Turn take(std::string& received, std::string& send) override {
    const auto foreign = facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    for (;;) {
      if (static_cast<unsigned char>(received[0]) != kSequence) return foreign;
      std::string_view rest(received);
      const auto message = take_element(rest);
      if (!message) {
        if (received.size() > kMaxMessage) return foreign;
        return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
      }
      auto inside = message->content;
      const auto number = take_element(inside);
      const auto operation = take_element(inside);
      if (!number || number->tag != 0x02 || !operation) return foreign;
      const auto turn = answer(*operation, send);
      received.erase(0, received.size() - rest.size());
      if (turn == Turn::kForeign) return foreign;
      if (turn == Turn::kDone || received.empty()) return turn;
    }
  }

  std::unique_ptr<Dialogue> follow_up() override {
    if (setting_.is_in_tls) return nullptr;
    facts.start_tls.reset();
    return std::make_unique<StartTlsQuestion>(facts, "ldap");
  }

 private:
  Turn answer(const Element& operation, std::string& send) {
    if (operation.tag == kEntry && !has_bound_) {
      facts.protocol = "ldap";
      note_entry(operation.content);
      return Turn::kMet;
    }
    if (operation.tag == kSearchDone && !has_bound_) {
      facts.protocol = "ldap";
      has_bound_ = true;
      send += anonymous_bind();
      return Turn::kMet;
    }
    if (operation.tag != kBindResponse || !has_bound_) return Turn::kForeign;
    auto inside = operation.content;
    const auto result = take_element(inside);
    if (result && result->tag == 0x0A && result->content.size() == 1) {
      const auto code = static_cast<unsigned char>(result->content[0]);
      facts.anonymous = code == 0;
      if (code == kStrongerAuthRequired || code == kConfidentialityRequired)
        facts.cleartext_login = false;
    }
    return Turn::kDone;
  }

  // A name, then attributes: each a name and a set of values.
  void note_entry(std::string_view entry) {
    (void)take_element(entry);
    auto list = take_element(entry);
    if (!list) return;
    while (const auto attribute = take_element(list->content)) {
      auto parts = attribute->content;
      const auto name = take_element(parts);
      auto values = take_element(parts);
      if (!name || !values) return;
      while (const auto value = take_element(values->content)) note(name->content, value->content);
    }
  }

  void note(std::string_view name, std::string_view value) {
    if (has_word(name, "supportedSASLMechanisms")) facts.add("auth_method", value);
    if (has_word(name, "vendorName")) facts.product = printable(value);
    if (has_word(name, "vendorVersion")) facts.version = printable(value, 40);
  }

  Setting setting_;
  bool has_bound_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_ldap(const Setting& setting) {
  return std::make_unique<Ldap>(setting);
}

}  // namespace assay::agent::services
