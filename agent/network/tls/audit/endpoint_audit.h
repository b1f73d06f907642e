// The audit of one endpoint: which inquiries there are, which question is next, and when it is
// over.
//
// Hanging up is how old servers refuse what they do not know, and how any server gets rid of a
// client that is one too many. So it counts as a refusal only where the same question is hung up on
// with no other connection beside it, and what was answered before still is. Of a server that has
// shown that it refuses like this, the latter is seen once for several questions; if it is not so
// then, nothing that was hung up on since is known. A server that turns us away is asked nothing
// for a while, and then with fewer connections at a time.
//
// It opens connections and learns how they ended; the loop that drives them is auditor.h. One
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/network/tls/audit/findings.h"
#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/audit/limits.h"
#include "agent/network/tls/audit/recognition.h"
#include "agent/network/tls/audit/target.h"
#include "agent/network/tls/connection/address.h"
#include "agent/network/tls/connection/connection.h"
#include "agent/network/tls/connection/time_budget.h"

namespace assay::agent::tls {

struct EndpointResult {
  Target target;
  std::string address;  // that was audited; empty: there is none
  // "ok": TLS is spoken and at least one protocol is offered; "nothing_accepted": it is spoken, and
  // every hello was refused; "broken_start_tls": it says yes to TLS, and what follows is not TLS;
  // "no_address", "busy", or the name of an Ending.
  std::string status;
  std::string detail;  // in words; empty where the status says all
  Findings findings;

  // Whether it speaks TLS, so that what is said of its protocols is said by it.
  [[nodiscard]] bool is_met() const { return status == "ok" || status == "nothing_accepted"; }
};

class EndpointAudit {
 public:
  using Time = Connection::Time;

  // `latest`: when all endpoints must be over.
  EndpointAudit(Target target, Addresses addresses, const AuditLimits& limits, Time now,
                Time latest);

  struct Asked {
    std::unique_ptr<Connection> connection;
    std::size_t inquiry = 0;  // kRecognition, or a place in the lines
    std::size_t address = 0;
    std::size_t question = 0;  // of kRecognition
    bool is_control = false;   // what has been answered before, on behalf of the line
  };
  // The next connection, already connecting; nullopt: none now, or no further one at all.
  [[nodiscard]] std::optional<Asked> ask(Time now);
  // Whether ask() would be worth a token of the rate limit.
  [[nodiscard]] bool wants_to_ask(Time now) const;
  // When a pause ends after which it may want to; Time::max(): there is none.
  [[nodiscard]] Time next_moment(Time now) const;
  // Whether its answer still matters; if not, it may be ended at once.
  [[nodiscard]] bool is_wanted(const Asked& asked) const {
    return !is_over_ && (asked.inquiry != kRecognition || recognition_.has_value());
  }
  // Its connection is over.
  void answered(const Asked& asked, Time now);

  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] Time deadline() const { return budget_.end(); }
  // Whether it wants to ask and may not, for its host's sake. Its time stands still meanwhile.
  void hold(bool is_held, Time now) { is_held ? budget_.hold(now) : budget_.go_on(now); }
  [[nodiscard]] bool is_held() const { return budget_.is_held(); }
  // The audit's deadline has passed.
  void time_out();

  [[nodiscard]] const SocketAddress& address() const { return addresses_[address_]; }
  // Once it is over.
  [[nodiscard]] EndpointResult result() &&;

 private:
  // What is still to be seen of a question that was hung up on.
  enum class Check : std::uint8_t {
    kNone,
    kAlone,    // whether it is again, with no other connection beside it
    kControl,  // whether what was answered before still is
  };
  struct Line {
    std::unique_ptr<Inquiry> inquiry;
    std::optional<Protocol> protocol;  // of which it asks for the suites
    bool is_asking = false;
    bool is_over = false;
    int tries = 0;             // of the question that is open
    bool has_company = false;  // other connections are, or were, open beside its own
    Check check = Check::kNone;
    std::unique_ptr<Conversation> hung_up;  // the one to be checked
    std::string detail;                     // of it
    std::size_t times_turned_away = 0;
  };

  static constexpr std::size_t kRecognition = SIZE_MAX;
  [[nodiscard]] Asked ask_what_is_spoken(Time now);
  void recognise(const Asked& asked);
  void add(std::unique_ptr<Inquiry> inquiry, std::optional<Protocol> protocol = std::nullopt);
  void add_what_follows();
  [[nodiscard]] bool is_known(Protocol protocol) const;
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] static bool may_ask(const Line& line);
  [[nodiscard]] bool may_check(const Line& line, Time now) const;
  // When it may ask anything at all.
  [[nodiscard]] Time moment() const;
  [[nodiscard]] Time moment_of(const Line& line) const;
  [[nodiscard]] std::optional<Asked> begin(std::size_t place,
                                           std::unique_ptr<Conversation> conversation, Time now);
  [[nodiscard]] std::optional<Asked> check(std::size_t place, Time now);
  // What was answered before, with no other connection beside it. There is something.
  [[nodiscard]] std::optional<Asked> control(std::size_t place, Time now);
  void take_control(Line& line, Ending ending, Time now);
  void take_answer();
  [[nodiscard]] bool comes_again(Line& line, const std::string& why, Time now);
  // `next`: how the line's next question is asked, if there is one.
  void deliver(Line& line, const Outcome& outcome, Check next = Check::kNone);
  void learn(const Conversation& answered);
  [[nodiscard]] bool asks_again(const Asked& asked, Line& line, Time now);
  void count(const Connection& connection);
  // `why` no more is asked by whoever is not done. An empty status: by what has been answered.
  void finish(std::string status, std::string detail, Ending why = Ending::kFailed);

  Target target_;
  Addresses addresses_;
  AuditLimits limits_;
  TimeBudget budget_;
  std::size_t address_ = 0;
  Findings findings_;
  Subject subject_;
  std::optional<Recognition> recognition_;  // while it is not over
  std::vector<Line> lines_;
  std::size_t running_ = 0;
  std::size_t connections_ = 0;
  std::size_t understood_ = 0;                   // answers in TLS
  std::array<std::size_t, kEndings> endings_{};  // of questions in TLS, by Ending
  std::size_t width_;                            // connections at a time
  std::chrono::milliseconds spacing_{0};         // between one and the next, where it is one
  std::size_t times_turned_away_ = 0;            // with nothing answered between
  Time not_before_{};                            // after it was turned away
  Time last_ended_{};                            // when a connection did, by our hand
  bool refuses_by_closing_ = false;              // as a control has shown
  std::size_t unconfirmed_ = 0;                  // such refusals since something was answered
  bool is_alone_ = false;                        // what runs must have no other beside it
  std::unique_ptr<Conversation> known_;          // to be answered
  bool is_known_by_alert_ = false;               // which costs the server least
  bool has_handshake_ = false;
  bool has_tls13_ = false;
  bool has_tls12_ = false;
  bool has_fallback_ = false;
  bool is_over_ = false;
  std::string status_;
  std::string detail_;
};

}  // namespace assay::agent::tls
