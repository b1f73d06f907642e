// The recognition of one TCP endpoint: what is asked next, and when it is over.
//
// First one connection listens; after a short grace others ask, TLS first. What answers in TLS is
// gone through once more, inside. The protocol that is met first is asked for what else it tells.
// A server that hangs up on everybody may be full, or want no more of us at a time: all is asked
// once more after a pause, with fewer connections.
// It opens connections and learns how they ended; the loop that drives them is scanner.h. One
// thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "agent/network/services/engine/talk.h"
#include "agent/network/services/target/target.h"
#include "agent/network/tls/connection/connection.h"
#include "agent/network/tls/connection/time_budget.h"

namespace assay::agent::services {

// The detail of what was not asked because the time for all was over.
inline constexpr const char* kTimeIsOver = "the time for all endpoints was over";

struct EndpointResult {
  Endpoint endpoint;
  std::string address;  // empty: there is none
  // "ok": a protocol was met; "unrecognised": it takes connections, and nothing that is known was;
  // "refused", "unreachable", "timed_out", "no_address", "busy", "no_answer" (UDP), "failed".
  std::string status;
  std::string detail;
  bool is_in_tls = false;
  Facts facts;
};

class EndpointScan {
 public:
  using Time = Talk::Time;

  // `own`: what Endpoint::is_as_neighbour takes one of; may be empty. `latest`: when all endpoints
  // must be over.
  EndpointScan(Endpoint endpoint, tls::Addresses addresses, tls::Addresses own,
               const Options& options, const Limits& limits, Time now, Time latest);

  enum class Kind : std::uint8_t { kListener, kTls, kProbe, kFollowUp };
  struct Attempt {
    std::unique_ptr<tls::Connection> connection;
    Talk* talk = nullptr;  // of the connection
    Kind kind = Kind::kListener;
    Time begun;
    int round = 0;
  };
  // The next connection, already connecting; nullopt: none now.
  [[nodiscard]] std::optional<Attempt> ask(Time now);
  // Whether ask() would be worth a token of the rate limit.
  [[nodiscard]] bool wants_to_ask(Time now) const;
  // Whether it wants to ask and may not, for its host's sake. Its time stands still meanwhile.
  void hold(bool is_held, Time now) { is_held ? budget_.hold(now) : budget_.go_on(now); }
  [[nodiscard]] bool is_held() const { return budget_.is_held(); }
  // No longer: its answer would change nothing.
  [[nodiscard]] bool is_wanted(const Attempt& attempt) const { return attempt.round == round_; }
  // A connection has moved on, and may go on.
  void noticed(const Attempt& attempt);
  // A connection is over.
  void answered(const Attempt& attempt, Time now);
  // Time passes: call at next_moment().
  void pass(Time now);
  [[nodiscard]] Time next_moment(Time now) const;

  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] const tls::SocketAddress& address() const { return addresses_[address_]; }
  // Once it is over.
  [[nodiscard]] EndpointResult result() &&;

 private:
  void begin_layer();
  void listener_ended(const Attempt& attempt);
  void tls_ended(const Attempt& attempt);
  void win(std::unique_ptr<Dialogue> dialogue, Kind kind, Time now);
  void follow(std::unique_ptr<Dialogue> dialogue);
  void follow_up_failed(const Attempt& attempt);
  void finish_if_nothing_is_left(Time now);
  [[nodiscard]] bool comes_again(Time now);
  void finish(std::string status, std::string detail);
  [[nodiscard]] bool may_probe(Time now) const;
  [[nodiscard]] Attempt begin(std::vector<Talk::Candidate> candidates, bool is_tls, Kind kind,
                              Time now) const;
  [[nodiscard]] Setting setting() const;
  [[nodiscard]] const tls::SocketAddress* source() const;

  Endpoint endpoint_;
  tls::Addresses addresses_;
  tls::Addresses own_;
  Options options_;
  Limits limits_;
  tls::TimeBudget budget_;
  std::size_t address_ = 0;
  bool is_in_tls_ = false;
  bool is_following_ = false;
  bool is_over_ = false;
  int round_ = 0;    // grows when all that runs is given up
  int running_ = 0;  // of this round

  bool has_listener_ = false;
  bool is_listening_ = false;
  bool listener_heard_ = false;
  std::optional<Time> connected_;
  bool is_tls_asked_ = false;
  bool is_tls_running_ = false;
  std::deque<const Protocol*> queue_;
  std::unique_ptr<Dialogue> waiting_;  // a winner, unless it turns out that TLS is spoken
  Time waits_until_ = Time::max();
  std::unique_ptr<Dialogue> asking_;  // whose follow-up runs
  std::unique_ptr<Dialogue> next_;    // a follow-up that has no connection yet
  bool has_failed_ = false;           // once
  bool heard_anything_ = false;
  bool is_refused_ = false;  // a connection, where there was one before
  bool has_come_again_ = false;
  std::size_t width_;  // connections at a time
  Time not_before_;
  bool hangs_up_ = false;  // on somebody who only listens

  std::string status_;
  std::string detail_;
  Facts facts_;
};

}  // namespace assay::agent::services
