// MySQL and MariaDB: "Client/Server Protocol", HandshakeV10 and SSLRequest.
#include "agent/network/tls/starttls/start_tls.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

constexpr std::size_t kHeader = 4;
constexpr std::uint32_t kSsl = 0x0800;

class Mysql : public StartTls {
 public:
  Result<Turn> take(std::string& received, std::string& send) override {
    const auto foreign = [] {
      return fail(Code::kInvalidData, "the server does not speak MySQL's protocol");
    };
    if (received.size() < kHeader) return Turn::kMore;
    const auto byte = [&](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(received[at]));
    };
    const std::size_t length = byte(0) | byte(1) << 8U | byte(2) << 16U;
    if (length < 8 || length > 4096 || byte(3) != 0) return foreign();
    if (received.size() < kHeader + length) return Turn::kMore;
    const auto packet = received.substr(kHeader, length);
    received.erase(0, kHeader + length);
    constexpr char kError = '\xFF';
    if (packet[0] == kError) return turned_away();  // this host may not connect
    if (packet[0] != 10) return foreign();
    const auto version_end = packet.find('\0');
    // Thread (4), the first part of the scramble (8), a filler (1), then what it can.
    constexpr std::size_t kBefore = 13;
    if (version_end == std::string::npos || version_end + 1 + kBefore + 2 > packet.size())
      return foreign();
    const auto at = version_end + 1 + kBefore;
    const auto abilities = static_cast<std::uint32_t>(static_cast<unsigned char>(packet[at])) |
                           static_cast<std::uint32_t>(static_cast<unsigned char>(packet[at + 1]))
                               << 8U;
    if ((abilities & kSsl) == 0) return Turn::kRefused;
    send += request();
    return Turn::kReady;
  }

 private:
  static std::string request() {
    // 32 bytes as packet 1: protocol 4.1, TLS, secure connection; packets up to 16 MiB; utf8mb4.
    std::string out{"\x20\0\0\x01", 4};
    out += std::string{"\x00\x8A\0\0\0\0\0\x01\x2D", 9};
    out.append(23, '\0');
    return out;
  }
};

}  // namespace

std::unique_ptr<StartTls> mysql_start_tls() {
  return std::make_unique<Mysql>();
}

}  // namespace assay::agent::tls
