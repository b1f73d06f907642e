// Bytes to and from a connected socket, in clear or through TLS.
//
// Non-blocking; one thread. TLS is OpenSSL's, with whatever the server offers from TLS 1.0 on and
// no trust: it is the way to what is said inside, and is judged by the audit of TLS.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "agent/network/tls/connection/conversation.h"

namespace assay::agent::services {

class Stream {
 public:
  // `server_name` for SNI; empty: none.
  Stream(bool is_tls, const std::string& server_name);

  // What it waits for before bytes can be exchanged; kNothing: they can. kUnavailable: closed by
  // the server; kInvalidData: the handshake failed.
  [[nodiscard]] Result<tls::Need> begin(int descriptor);
  // Appends what is there, at most `limit` bytes in all. False: nothing more now.
  [[nodiscard]] Result<bool> read(int descriptor, std::string& received, std::size_t limit);
  [[nodiscard]] Status write(int descriptor, std::string& pending);

  // Whether what the server said first is a record of TLS, however the handshake ended.
  [[nodiscard]] bool spoke_tls() const { return spoke_tls_; }
  [[nodiscard]] bool heard_anything() const { return heard_anything_; }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  static void hear_record(int is_sent, int version, int type, const void* bytes, std::size_t length,
                          SSL* ssl, void* stream);

  bool is_tls_;
  bool is_begun_ = false;
  bool spoke_tls_ = false;
  bool heard_anything_ = false;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace assay::agent::services
