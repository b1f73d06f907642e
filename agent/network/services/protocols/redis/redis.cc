// Redis and what speaks its protocol (RESP).
//
// Sent: PING; where that is answered without a log-in, INFO server.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class Redis : public LineDialogue {
 public:
  explicit Redis(const Setting& setting) : setting_(setting) {}

  std::string opening() override { return "PING\r\n"; }

 private:
  Turn take_one(const std::string& line, std::string& send) override {
    if (facts.protocol.empty()) return pong(line, send);
    // A bulk string: its length, then "name:value" lines.
    if (line.starts_with("-")) return Turn::kDone;
    const auto colon = line.find(':');
    const auto value = colon == std::string::npos ? std::string() : line.substr(colon + 1);
    if (line.starts_with("redis_version:")) facts.version = printable(value, 40);
    if (line.starts_with("valkey_version:")) {
      facts.product = "Valkey";
      facts.version = printable(value, 40);
    }
    // Of the last lines that all versions have.
    return line.starts_with("executable:") || line.starts_with("config_file:") ||
                   line.starts_with("io_threads_active:")
               ? Turn::kDone
               : Turn::kMet;
  }

  Turn pong(const std::string& line, std::string& send) {
    const bool is_open = line == "+PONG";
    const bool asks = line.starts_with("-NOAUTH") || line.starts_with("-DENIED Redis");
    if (!is_open && !asks) return Turn::kForeign;
    facts.protocol = "redis";
    facts.product = "Redis";
    facts.authentication = !is_open;
    if (line.starts_with("-DENIED")) facts.add("capability", "protected-mode");
    // AUTH takes the password where PING asks for one. In protected mode nobody gets that far.
    if (asks) facts.cleartext_login = line.starts_with("-NOAUTH") && !setting_.is_in_tls;
    if (asks) return Turn::kDone;
    send += "INFO server\r\n";
    return Turn::kMet;
  }

  Setting setting_;
};

}  // namespace

std::unique_ptr<Dialogue> make_redis(const Setting& setting) {
  return std::make_unique<Redis>(setting);
}

}  // namespace assay::agent::services
