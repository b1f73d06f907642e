// What is to be said to an endpoint before TLS, where nobody has told: each question on a
// connection of its own.
//
// First it is listened to, as a client of a protocol that greets would. One that stays silent gets
// a ClientHello. One that takes none is asked something in protocols without TLS, and for TLS in
// the protocols in which the client begins, all side by side: most of these questions wait in vain.
// An answer in the protocol's grammar decides, a port or silence never.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/tls/audit/limits.h"
#include "agent/network/tls/connection/connection.h"
#include "agent/network/tls/starttls/greeting.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

class Recognition {
 public:
  explicit Recognition(const AuditLimits& limits) : limits_(limits) {}

  struct Question {
    std::unique_ptr<StartTls> dialogue;  // may be nullptr
    std::unique_ptr<Conversation> conversation;
    std::chrono::milliseconds patience;
    std::size_t number;
  };
  // Whether there is a question that need not wait for the answer to another.
  [[nodiscard]] bool has_question() const;
  // Only while it has one.
  [[nodiscard]] Question next();
  // How the question of this number ended.
  void take(std::size_t number, Ending ending, const std::string& detail,
            Conversation& conversation);

  // Whether somebody has taken a connection, if only to stay silent.
  [[nodiscard]] bool is_met() const { return step_ != Step::kListen; }

  [[nodiscard]] bool is_over() const { return step_ == Step::kOver; }
  // Once it is over: the protocol, as start_tls() has it; empty: TLS comes first, or may come
  // first.
  [[nodiscard]] const std::string& protocol() const { return protocol_; }
  // Why no TLS is to be had: "not_tls" or "no_start_tls", or "turned_away" where that is not known;
  // empty: the audit can begin.
  [[nodiscard]] const std::string& status() const { return status_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }

 private:
  // kGreeted: its dialogues are tried, likeliest first; kSilent: everything at once.
  enum class Step : std::uint8_t { kListen, kHello, kGreeted, kSilent, kOver };

  void begin(Step step, std::vector<std::string_view> dialogues);
  void hear(const std::string& heard);
  void hear_probe(const SilentProbe& probe, const std::string& heard);
  void take_dialogue(std::string_view protocol, Ending ending, const std::string& detail);
  void end(std::string protocol, std::string status, std::string detail);
  void end_without_an_answer();

  AuditLimits limits_;
  Step step_ = Step::kListen;
  std::span<const SilentProbe> probes_;  // questions of this step; behind them:
  std::vector<std::string_view> dialogues_;
  std::size_t asked_ = 0;  // of this step
  std::size_t answered_ = 0;
  std::string refused_in_;   // the protocol that is spoken without TLS
  std::string refusal_;      // in words
  std::string turned_away_;  // the same of a server that would not say
  std::string protocol_;
  std::string status_;
  std::string detail_;
};

}  // namespace assay::agent::tls
