// A whole handshake through OpenSSL: for what TLS 1.3 says only when it is encrypted.
//
// Nothing of it is trusted: the chain is judged apart (certificate/). One thread.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "agent/network/tls/connection/conversation.h"

namespace assay::agent::tls {

using Session = std::shared_ptr<SSL_SESSION>;

struct HandshakeWish {
  std::string server_name;  // SNI; empty: none
  std::vector<std::string> application_protocols;
  // Of a handshake before: a server that resumes it shows no certificate and signs nothing, which
  // costs both sides less; one that does not begins anew. Nobody waits for tickets then.
  Session session;
};

struct HandshakeFacts {
  bool is_finished = false;
  std::vector<std::string> chain;  // DER, the server's first
  std::string application_protocol;
  std::string status;  // a stapled OCSP response
  int tickets = 0;
  Session session;  // of the last ticket
  bool requests_certificate = false;
};

class FullHandshake : public Conversation {
 public:
  // TLS 1.3 alone is offered.
  explicit FullHandshake(const HandshakeWish& wish);
  ~FullHandshake() override;

  Result<Need> advance(int descriptor, std::string& received) override;
  // When the handshake is done and only tickets were waited for.
  [[nodiscard]] bool ends_well_when_late() override { return facts_.is_finished; }
  [[nodiscard]] const HandshakeFacts& facts() const { return facts_; }
  // How long tickets are waited for once the handshake is done: as long as it took, and a little.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> patience() override {
    return patience_;
  }

 private:
  struct Free {
    void operator()(SSL* ssl) const {
      // A connection that ends without a word takes its session with it.
      SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN);
      SSL_free(ssl);
    }
  };
  Result<Need> handshake();
  void note_facts();

  std::unique_ptr<SSL, Free> ssl_;
  bool waits_for_tickets_ = true;
  std::chrono::steady_clock::time_point begin_;
  std::optional<std::chrono::steady_clock::time_point> patience_;
  HandshakeFacts facts_;
};

}  // namespace assay::agent::tls
