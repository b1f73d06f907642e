// PostgreSQL: "Frontend/Backend Protocol", StartupMessage and SSLRequest.
//
// Sent: a start in a version of the protocol that there is none of, which any server refuses in its
// own way before it asks who we are; on a further connection, whether TLS is offered.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/start_tls_question.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::uint32_t kNoVersion = 0x00FF'00FF;  // 255.255
constexpr std::size_t kMaxMessage = 8192;

class Postgresql : public Dialogue {
 public:
  explicit Postgresql(const Setting& setting) : setting_(setting) {}

  std::string opening() override {
    tls::ByteWriter out;
    out.u16(0);
    out.u16(8);
    out.u16(kNoVersion >> 16U);
    out.u16(kNoVersion);
    return out.take();
  }

  Turn take(std::string& received, std::string&) override {
    if (received[0] != 'E') return Turn::kForeign;
    tls::ByteReader in(received);
    (void)in.u8();
    const std::size_t length = in.number(4);
    if (in.is_short()) return Turn::kMore;
    if (length < 8 || length > kMaxMessage) return Turn::kForeign;
    const auto body = in.raw(length - 4);
    if (in.is_short()) return Turn::kMore;
    // Fields, each a letter and a text: severity S, code C. 0A000: feature_not_supported.
    const bool is_error = body.starts_with("SFATAL") || body.starts_with("SERROR") ||
                          body.find(std::string_view("\0C0A000", 7)) != std::string_view::npos;
    if (!is_error) return Turn::kForeign;
    facts.protocol = "postgresql";
    facts.product = "PostgreSQL";
    if (setting_.is_in_tls) facts.cleartext_login = false;
    return Turn::kDone;
  }

  std::unique_ptr<Dialogue> follow_up() override {
    if (setting_.is_in_tls) return nullptr;
    facts.start_tls.reset();
    return std::make_unique<StartTlsQuestion>(facts, "postgresql");
  }

 private:
  Setting setting_;
};

}  // namespace

std::unique_ptr<Dialogue> make_postgresql(const Setting& setting) {
  return std::make_unique<Postgresql>(setting);
}

}  // namespace assay::agent::services
