// What is to be said to an endpoint before TLS, where nobody has told: one question after the
// other, each on a connection of its own.
//
// First it is listened to, as a client of a protocol that greets would. One that stays silent gets
// a ClientHello. One that takes none is asked something in protocols without TLS, then for TLS in
// the protocols in which the client begins. An answer in the protocol's grammar decides, a port
// never.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/tls/audit/limits.h"
#include "agent/network/tls/connection/connection.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

class Recognition {
 public:
  explicit Recognition(const AuditLimits& limits) : limits_(limits) {}

  struct Question {
    std::unique_ptr<StartTls> dialogue;  // may be nullptr
    std::unique_ptr<Conversation> conversation;
    std::chrono::milliseconds patience;
  };
  // Only while it is not over.
  [[nodiscard]] Question next() const;
  void take(Ending ending, const std::string& detail, Conversation& conversation);

  [[nodiscard]] bool is_over() const { return step_ == Step::kOver; }
  // Once it is over: the protocol, as start_tls() has it; empty: TLS comes first, or may come
  // first.
  [[nodiscard]] const std::string& protocol() const { return protocol_; }
  // Why no TLS is to be had: "not_tls" or "no_start_tls"; empty: the audit can begin.
  [[nodiscard]] const std::string& status() const { return status_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }

 private:
  enum class Step : std::uint8_t { kListen, kHello, kProbes, kDialogues, kOver };

  void hear(const std::string& heard);
  void hear_probe(const std::string& heard);
  void try_dialogues(std::vector<std::string_view> dialogues);
  void end(std::string protocol, std::string status, std::string detail);

  AuditLimits limits_;
  Step step_ = Step::kListen;
  std::size_t probe_ = 0;                    // of silent_probes()
  std::vector<std::string_view> dialogues_;  // still to be tried
  std::string refused_in_;                   // the protocol that is spoken without TLS
  std::string refusal_;                      // in words
  bool has_greeted_ = false;
  std::string protocol_;
  std::string status_;
  std::string detail_;
};

}  // namespace assay::agent::tls
