// What is said on one connection once TLS may begin. Without sockets of its own: it is given what
// came and says what goes out, or works on the descriptor when it must (OpenSSL).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "evidence/result.h"

namespace assay::agent::tls {

enum class Need : std::uint8_t { kRead, kWrite, kNothing };  // kNothing: it is over

class Conversation {
 public:
  virtual ~Conversation() = default;
  // The connection is there; `received` keeps what came and was not taken. Called again whenever
  // the descriptor is ready for what it needed. An error ends it: kUnavailable for a connection
  // that the server closed, kInvalidData and kTooLarge for what it said, kIo.
  [[nodiscard]] virtual Result<Need> advance(int descriptor, std::string& received) = 0;
  // The time is up. True: that is an end like any other, what has come is enough.
  [[nodiscard]] virtual bool ends_well_when_late() { return false; }
  // The same question, to be asked anew; nullptr where it goes on from what others have learnt.
  [[nodiscard]] virtual std::unique_ptr<Conversation> same() const { return nullptr; }
  // Until when it waits, if that is before the connection's deadline.
  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> patience() {
    return std::nullopt;
  }
};

// Reads what is there into `received`, at most `limit` bytes in all. False: nothing more now.
// kUnavailable: closed by the server; kTooLarge.
[[nodiscard]] Result<bool> read_some(int descriptor, std::string& received, std::size_t limit);
// Sends from the front of `pending` what fits.
[[nodiscard]] Status write_some(int descriptor, std::string& pending);

}  // namespace assay::agent::tls
