// MySQL and MariaDB: the greeting, "Client/Server Protocol", HandshakeV10.
//
// Sent: nothing.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kHeader = 4;
constexpr std::uint32_t kSsl = 0x0800;

class Mysql : public Dialogue {
 public:
  explicit Mysql(const Setting& setting) : setting_(setting) {}

  Turn take(std::string& received, std::string&) override {
    if (received.size() < kHeader + 1) return Turn::kMore;
    const auto byte = [&](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(received[at]));
    };
    const std::size_t length = byte(0) | byte(1) << 8U | byte(2) << 16U;
    if (length < 8 || length > 4096 || byte(3) != 0) return Turn::kForeign;
    if (byte(4) != 10 && byte(4) != 0xFF) return Turn::kForeign;
    if (received.size() < kHeader + length) return Turn::kMore;
    const auto packet = std::string_view(received).substr(kHeader, length);
    return packet[0] == 10 ? greeting(packet) : turned_away(packet);
  }

 private:
  // An error's number, then words: "Host '…' is not allowed to connect to this MariaDB server".
  Turn turned_away(std::string_view packet) {
    const bool is_known = has_word(packet, "MySQL server") || has_word(packet, "MariaDB server") ||
                          has_word(packet, "Too many connections");
    if (!is_known) return Turn::kForeign;
    facts.protocol = "mysql";
    facts.start_tls.reset();
    note_product(packet, {"MariaDB", "MySQL"}, &facts);
    facts.version.clear();
    facts.detail = "the server turned the connection away";
    return Turn::kDone;
  }

  Turn greeting(std::string_view packet) {
    const auto end = packet.find('\0');
    // Thread (4), the first part of the scramble (8), a filler (1), then what it can.
    constexpr std::size_t kBefore = 13;
    if (end == std::string_view::npos || end + 1 + kBefore + 2 > packet.size())
      return Turn::kForeign;
    auto version = packet.substr(1, end - 1);
    if (version.empty() || version.front() < '0' || version.front() > '9') return Turn::kForeign;
    facts.protocol = "mysql";
    facts.authentication = true;
    facts.product = has_word(version, "MariaDB") ? "MariaDB" : "MySQL";
    // MariaDB puts this before its own for the sake of old clients.
    constexpr std::string_view kForOldClients = "5.5.5-";
    if (facts.product == "MariaDB" && version.starts_with(kForOldClients))
      version.remove_prefix(kForOldClients.size());
    facts.version = printable(version.substr(0, version.find("-MariaDB")), 40);
    const auto at = end + 1 + kBefore;
    const auto abilities = static_cast<std::uint32_t>(static_cast<unsigned char>(packet[at])) |
                           static_cast<std::uint32_t>(static_cast<unsigned char>(packet[at + 1]))
                               << 8U;
    facts.start_tls = (abilities & kSsl) != 0 && !setting_.is_in_tls;
    // Without TLS it cannot be demanded. Whether it is, is told after a log-in only.
    if (setting_.is_in_tls || facts.start_tls == false) facts.cleartext_login = !setting_.is_in_tls;
    note_plugin(packet.substr(at + 2));
    return Turn::kDone;
  }

  // Character set (1), state (2), abilities (2), length (1), filler (10), the rest of the scramble
  // (13), the plugin's name.
  void note_plugin(std::string_view rest) {
    constexpr std::size_t kSkipped = 29;
    if (rest.size() <= kSkipped) return;
    rest.remove_prefix(kSkipped);
    const auto name = rest.substr(0, rest.find('\0'));
    if (!name.empty()) facts.add("auth_method", name);
  }

  Setting setting_;
};

}  // namespace

std::unique_ptr<Dialogue> make_mysql(const Setting& setting) {
  return std::make_unique<Mysql>(setting);
}

}  // namespace assay::agent::services
