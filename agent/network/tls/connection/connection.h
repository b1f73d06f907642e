// One TCP connection: connect, the dialogue before TLS if there is one, a conversation, the end.
//
// Non-blocking; the loop that owns it calls advance() when the descriptor is ready for needs().
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "agent/host/file_descriptor.h"
#include "agent/network/tls/connection/address.h"
#include "agent/network/tls/connection/conversation.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

enum class Ending : std::uint8_t {
  kAnswered,
  kRefused,      // nobody listens
  kUnreachable,  // no way to the address
  kTimedOut,
  kClosed,      // by the server, before it was understood
  kTurnedAway,  // by the server, before TLS could begin: it may have an answer another time
  kNotTls,      // bytes that are not TLS, or against its grammar, or too early to be
  kTooLarge,    // more bytes than an answer may have
  kNoStartTls,  // the protocol before TLS is spoken, and TLS is not offered
  kNotSpoken,   // the protocol before TLS is not spoken
  kFailed,      // our own system
};
inline constexpr std::size_t kEndings = 11;
// For tables: "ok", "refused", "timed_out" …
[[nodiscard]] std::string_view name_of(Ending ending);

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Begins to connect. `dialogue` may be nullptr. `from`: the address that it comes from, of the
  // same family; nullptr: the system's choice.
  Connection(const SocketAddress& address, std::unique_ptr<StartTls> dialogue,
             std::unique_ptr<Conversation> conversation, Time deadline,
             const SocketAddress* from = nullptr);

  // -1 when it could not even be opened.
  [[nodiscard]] int descriptor() const { return socket_.number(); }
  [[nodiscard]] Need needs() const { return need_; }  // kNothing: it is over
  [[nodiscard]] Time deadline() const { return std::min(deadline_, patience_); }

  void advance();
  void time_out();

  [[nodiscard]] Ending ending() const { return ending_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }
  [[nodiscard]] Conversation& conversation() { return *conversation_; }
  // Once it is over, and the last thing that is asked of it.
  [[nodiscard]] std::unique_ptr<Conversation> take_conversation() {
    return std::move(conversation_);
  }

 private:
  enum class Phase : std::uint8_t { kConnecting, kDialogue, kConversation };

  void finish_connecting();
  void talk();
  void converse();
  void end(Ending ending, std::string detail);
  void end_by(const Error& error, Ending when_closed, Ending when_invalid);

  FileDescriptor socket_;
  std::unique_ptr<StartTls> dialogue_;
  std::unique_ptr<Conversation> conversation_;
  Time deadline_;
  Time patience_ = Time::max();  // of the conversation
  Phase phase_ = Phase::kConnecting;
  Need need_ = Need::kWrite;
  bool is_ready_ = false;  // the dialogue has ended well
  std::string pending_;
  std::string received_;
  std::size_t heard_bytes_ = 0;  // in the dialogue
  Ending ending_ = Ending::kFailed;
  std::string detail_;
};

}  // namespace assay::agent::tls
