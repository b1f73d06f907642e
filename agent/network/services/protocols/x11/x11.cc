// X11: "X Window System Protocol", 8: connection setup.
//
// Sent: a setup without authorization; nothing after it.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

namespace {

class X11 : public Dialogue {
 public:
  // Little endian, version 11.0, no name and no data of authorization.
  std::string opening() override { return {"l\0\x0B\0\0\0\0\0\0\0\0\0", 12}; }

  Turn take(std::string& received, std::string&) override {
    const auto byte = [&](std::size_t at) {
      return static_cast<unsigned>(static_cast<unsigned char>(received[at]));
    };
    const auto result = byte(0);
    if (result > 2) return Turn::kForeign;
    if (received.size() < 8) return Turn::kMore;
    constexpr unsigned kAuthenticate = 2;  // has no version
    const bool is_version = byte(2) == 11 && byte(3) == 0 && byte(4) == 0 && byte(5) == 0;
    const std::size_t rest = 4U * (byte(6) | byte(7) << 8U);
    if ((result != kAuthenticate && !is_version) || rest > 65'536) return Turn::kForeign;
    if (result == 0 && (byte(1) == 0 || byte(1) > rest)) return Turn::kForeign;
    if (result == kAuthenticate && rest == 0) return Turn::kForeign;
    if (received.size() < std::min<std::size_t>(8 + rest, 40)) return Turn::kMore;
    facts.protocol = "x11";
    facts.authentication = result != 1;
    return Turn::kDone;
  }
};

}  // namespace

std::unique_ptr<Dialogue> make_x11(const Setting&) {
  return std::make_unique<X11>();
}

}  // namespace assay::agent::services
