// memcached, its protocol in text.
//
// Sent: version, quit.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class Memcached : public LineDialogue {
 public:
  std::string opening() override { return "version\r\n"; }

 private:
  Turn take_one(const std::string& line, std::string& send) override {
    const bool asks = line == "CLIENT_ERROR unauthenticated";
    if (!line.starts_with("VERSION ") && !asks) return Turn::kForeign;
    facts.protocol = facts.product = "memcached";
    if (!asks) facts.version = printable(std::string_view(line).substr(8), 40);
    facts.authentication = asks;
    send += "quit\r\n";
    return Turn::kDone;
  }
};

}  // namespace

std::unique_ptr<Dialogue> make_memcached(const Setting&) {
  return std::make_unique<Memcached>();
}

}  // namespace assay::agent::services
