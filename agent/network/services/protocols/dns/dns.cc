// DNS over TCP and UDP.
//
// Sent: two questions (dns_answer.h).
#include "agent/network/services/protocols/dns/dns_answer.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

class DnsOverTcp : public Dialogue {
 public:
  std::string opening() override {
    tls::ByteWriter out;
    for (const auto& question : dns_questions()) out.block(2, [&] { out.raw(question); });
    return out.take();
  }

  Turn take(std::string& received, std::string&) override {
    for (;;) {
      tls::ByteReader in(received);
      const std::size_t length = in.u16();
      const auto message = in.raw(length);
      if (in.is_short()) {
        // Behind a length that it can have stands the number of a question.
        if (received.size() >= 4 && (length < 12 || !is_dns_number(received.substr(2, 2))))
          return Turn::kForeign;
        return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
      }
      if (!take_dns_answer(message, &facts))
        return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
      received.erase(0, length + 2);
      if (++answers_ == dns_questions().size()) return Turn::kDone;
    }
  }

 private:
  std::size_t answers_ = 0;
};

}  // namespace

std::unique_ptr<Dialogue> make_dns(const Setting&) {
  return std::make_unique<DnsOverTcp>();
}

std::vector<std::string> dns_requests(const Options&) {
  return dns_questions();
}
bool take_dns(std::string_view answer, const Options&, Facts* facts) {
  return take_dns_answer(answer, facts);
}

}  // namespace assay::agent::services
