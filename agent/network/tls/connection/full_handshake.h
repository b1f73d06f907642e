// A whole handshake on a connection: for what TLS 1.3 says only when it is encrypted. One thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "agent/network/tls/connection/conversation.h"
#include "agent/network/tls/handshake/client_handshake.h"

namespace assay::agent::tls {

class FullHandshake : public Conversation {
 public:
  // `session`: of a handshake before. A server that resumes it shows no certificate and signs
  // nothing, which costs both sides less; one that does not begins anew. Nobody waits for tickets
  // then.
  FullHandshake(ClientHello hello, std::shared_ptr<const Session> session)
      : waits_for_tickets_(session == nullptr), handshake_(std::move(hello), std::move(session)) {}

  Result<Need> advance(int descriptor, std::string& received) override;
  // When the handshake is done and only tickets were waited for.
  [[nodiscard]] bool ends_well_when_late() override { return facts().is_finished; }
  [[nodiscard]] const HandshakeFacts& facts() const { return handshake_.facts(); }
  // How long tickets are waited for once the handshake is done: as long as it took, and a little.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> patience() override {
    return patience_;
  }

 private:
  Result<Need> take(int descriptor, std::string& received);

  bool waits_for_tickets_ = true;
  ClientHandshake handshake_;
  std::optional<std::chrono::steady_clock::time_point> begin_;
  std::optional<std::chrono::steady_clock::time_point> patience_;
};

}  // namespace assay::agent::tls
