#include "agent/network/tls/connection/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace assay::agent::tls {

namespace {

bool has_come_already(int descriptor) {
  char first = 0;
  return ::recv(descriptor, &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace

std::string_view name_of(Ending ending) {
  constexpr std::array<std::string_view, kEndings> kNames{
      "ok",      "refused",   "unreachable",  "timed_out",  "closed", "turned_away",
      "not_tls", "too_large", "no_start_tls", "not_spoken", "failed"};
  return kNames[static_cast<std::size_t>(ending)];
}

Connection::Connection(const SocketAddress& address, std::unique_ptr<StartTls> dialogue,
                       std::unique_ptr<Conversation> conversation, Time deadline,
                       const SocketAddress* from)
    : socket_(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      dialogue_(std::move(dialogue)),
      conversation_(std::move(conversation)),
      deadline_(deadline) {
  if (!socket_.is_open()) {
    end(Ending::kFailed, system_error(errno, "a socket").message());
    return;
  }
  const int on = 1;
  // Without it some answers would wait; not fatal.
  (void)::setsockopt(socket_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (from != nullptr) {
    // The port of its own is the system's to choose, and not before it knows where to.
    (void)::setsockopt(socket_.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const auto* own = reinterpret_cast<const sockaddr*>(&from->storage);
    if (::bind(socket_.number(), own, from->length) != 0) {
      end(Ending::kFailed, system_error(errno, "binding to an address of its own").message());
      return;
    }
  }
  if (::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address.storage),
                address.length) != 0 &&
      errno != EINPROGRESS) {
    const bool is_refused = errno == ECONNREFUSED;
    end(is_refused ? Ending::kRefused : Ending::kUnreachable,
        system_error(errno, "connecting").message());
  }
}

void Connection::end(Ending ending, std::string detail) {
  ending_ = ending;
  detail_ = std::move(detail);
  need_ = Need::kNothing;
}

void Connection::end_by(const Error& error, Ending when_closed, Ending when_invalid) {
  switch (error.code()) {
    case Code::kUnavailable: return end(when_closed, error.message());
    case Code::kInvalidData: return end(when_invalid, error.message());
    case Code::kTooLarge: return end(Ending::kTooLarge, error.message());
    default: return end(Ending::kFailed, error.message());
  }
}

void Connection::time_out() {
  if (need_ == Need::kNothing) return;
  if (phase_ == Phase::kConversation && conversation_->ends_well_when_late())
    return end(Ending::kAnswered, {});
  const auto* where = phase_ == Phase::kConnecting ? "while connecting"
                      : phase_ == Phase::kDialogue ? "in the dialogue before TLS"
                      : received_.empty()          ? "without an answer"
                                                   : "in the middle of an answer";
  end(Ending::kTimedOut, where);
}

void Connection::advance() {
  if (need_ == Need::kNothing) return;
  if (phase_ == Phase::kConnecting) finish_connecting();
  if (need_ == Need::kNothing) return;
  if (phase_ == Phase::kDialogue) talk();
  if (need_ != Need::kNothing && phase_ == Phase::kConversation) converse();
}

void Connection::finish_connecting() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) {
    const auto ending = error == ECONNREFUSED ? Ending::kRefused
                        : error == ETIMEDOUT  ? Ending::kTimedOut
                                              : Ending::kUnreachable;
    return end(ending, system_error(error, "connecting").message());
  }
  // To a free port of this machine a socket can be connected to itself.
  sockaddr_storage ours{};
  sockaddr_storage theirs{};
  socklen_t ours_size = sizeof ours;
  socklen_t theirs_size = sizeof theirs;
  if (::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&ours), &ours_size) == 0 &&
      ::getpeername(socket_.number(), reinterpret_cast<sockaddr*>(&theirs), &theirs_size) == 0 &&
      ours_size == theirs_size && std::memcmp(&ours, &theirs, ours_size) == 0)
    return end(Ending::kRefused, "nobody listens");
  phase_ = dialogue_ ? Phase::kDialogue : Phase::kConversation;
  if (dialogue_) pending_ = dialogue_->opening();
}

void Connection::talk() {
  // Whoever ends it here has not seen what would be asked, and so has not refused it.
  const auto give_up = [this](const Error& error) {
    end_by(error, Ending::kTurnedAway, Ending::kNotSpoken);
  };
  if (auto sent = write_some(socket_.number(), pending_); !sent) return give_up(sent.error());
  if (!is_ready_) {
    const auto before = received_.size();
    const auto more = read_some(socket_.number(), received_, kMaxDialogueBytes);
    if (!more) return give_up(more.error());
    // Lines that are taken away count as well: a greeting may go on for ever.
    heard_bytes_ += received_.size() - before;
    if (heard_bytes_ > kMaxDialogueBytes)
      return end(Ending::kTooLarge, "the server sent more than is read");
    const auto turn = dialogue_->take(received_, pending_);
    if (!turn) return give_up(turn.error());
    if (*turn == Turn::kRefused)
      return end(Ending::kNoStartTls, "the server does not offer TLS in this protocol");
    is_ready_ = *turn == Turn::kReady;
    if (auto sent = write_some(socket_.number(), pending_); !sent) return give_up(sent.error());
  }
  need_ = pending_.empty() ? Need::kRead : Need::kWrite;
  if (!is_ready_ || !pending_.empty()) return;
  // In clear, and before a ClientHello that it could be an answer to: whoever put it there, it is
  // no TLS of this server's.
  if (!received_.empty() || has_come_already(socket_.number()))
    return end(Ending::kNotTls, "more stands behind the server's yes, before TLS has begun");
  phase_ = Phase::kConversation;
}

void Connection::converse() {
  const auto need = conversation_->advance(socket_.number(), received_);
  if (!need) return end_by(need.error(), Ending::kClosed, Ending::kNotTls);
  need_ = *need;
  if (need_ == Need::kNothing) return end(Ending::kAnswered, {});
  patience_ = conversation_->patience().value_or(Time::max());
}

}  // namespace assay::agent::tls
