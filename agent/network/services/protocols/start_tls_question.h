// Whether TLS is offered in a protocol that begins in clear: asked as the audit of TLS asks.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agent/network/services/protocols/dialogue.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::services {

class StartTlsQuestion : public Dialogue {
 public:
  // `protocol` is one of tls::start_tls_protocols().
  StartTlsQuestion(Facts known, std::string_view protocol) : asked_(tls::start_tls(protocol)) {
    facts = std::move(known);
  }

  std::string opening() override { return asked_->opening(); }
  Turn take(std::string& received, std::string& send) override {
    const auto turn = asked_->take(received, send);
    if (turn && *turn == tls::Turn::kMore) return Turn::kMet;
    // One that turns us away may have an answer the next time; any other error leaves it unknown.
    if (!turn && turn.error().code() == Code::kUnavailable) return Turn::kForeign;
    if (turn) facts.start_tls = *turn == tls::Turn::kReady;
    // Whoever has no TLS takes log-ins without it, if any. Whether one that has it demands it is
    // not told.
    if (facts.start_tls == false) facts.cleartext_login = facts.cleartext_login.value_or(true);
    return Turn::kDone;
  }
  // Hanging up is no answer: it is asked again, or stays unknown.
  Turn end(std::string_view, Last) override { return Turn::kForeign; }

 private:
  std::unique_ptr<tls::StartTls> asked_;
};

}  // namespace assay::agent::services
