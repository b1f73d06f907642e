// A handshake carried through by hand with OpenSSL in this process as the server.
#include "agent/network/tls/handshake/client_handshake.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>
#include <utility>

#include "tests/unit/agent/network/tls/server_context.h"
#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

int choose_second(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* in,
                  unsigned size, void*) {
  const unsigned first = in[0];
  if (size <= first + 1) return SSL_TLSEXT_ERR_NOACK;
  *out = in + first + 2;
  *length = in[first + 1];
  return SSL_TLSEXT_ERR_OK;
}

int staple(SSL* ssl, void*) {
  constexpr std::string_view kResponse = "a response";
  auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(kResponse.data(), kResponse.size()));
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(kResponse.size()));
  return SSL_TLSEXT_ERR_OK;
}

class Server {
 public:
  Server() : context_(server_context()) {
    SSL_CTX_set_alpn_select_cb(context_.get(), choose_second, nullptr);
    // The macro for it casts in the old style.
    SSL_CTX_callback_ctrl(context_.get(), SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                          reinterpret_cast<void (*)()>(staple));
    SSL_CTX_set_session_id_context(context_.get(), reinterpret_cast<const unsigned char*>("t"), 1);
  }

  SSL_CTX* context() { return context_.get(); }

  // Carries bytes to and fro until neither has anything to say; `spoil` may change the server's.
  template <typename Spoil>
  Status meet(ClientHandshake& client, bool* was_resumed, const Spoil& spoil) {
    SSL* ssl = SSL_new(context_.get());
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl, in, out);
    std::string received;
    Status taken;
    while (taken && !client.pending().empty()) {
      BIO_write(in, client.pending().data(), static_cast<int>(client.pending().size()));
      client.pending().clear();
      if (SSL_accept(ssl) == 1 && was_resumed != nullptr)
        *was_resumed = SSL_session_reused(ssl) == 1;
      std::array<char, 65'536> bytes;
      const int length = BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
      if (length > 0) received.append(bytes.data(), static_cast<std::size_t>(length));
      spoil(received);
      taken = client.take(received);
    }
    SSL_free(ssl);
    return taken;
  }
  Status meet(ClientHandshake& client, bool* was_resumed = nullptr) {
    return meet(client, was_resumed, [](std::string&) {});
  }

 private:
  ServerContext context_;
};

ClientHello hello() {
  ClientHello hello;
  hello.random.fill('r');
  hello.signature_schemes = {0x0403, 0x0804};
  hello.application_protocols = {"h2", "http/1.1"};
  hello.asks_for_status = true;
  return hello;
}

TEST(ClientHandshake, LearnsWhatIsEncrypted) {
  Server server;
  ClientHandshake client(hello(), nullptr);
  const auto met = server.meet(client);
  ASSERT_TRUE(met.has_value()) << met.error().message();
  const auto& facts = client.facts();
  EXPECT_TRUE(facts.is_finished);
  EXPECT_EQ(facts.chain.size(), 1U);
  EXPECT_EQ(facts.application_protocol, "http/1.1");
  EXPECT_EQ(facts.status, "a response");
  EXPECT_EQ(facts.tickets, 2);
  EXPECT_FALSE(facts.requests_certificate);
}

TEST(ClientHandshake, EachSuiteIsCarriedThrough) {
  for (const auto* suite :
       {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}) {
    Server server;
    SSL_CTX_set_ciphersuites(server.context(), suite);
    ClientHandshake client(hello(), nullptr);
    EXPECT_TRUE(server.meet(client).has_value()) << suite;
    EXPECT_TRUE(client.facts().is_finished) << suite;
  }
}

TEST(ClientHandshake, EachGroupIsTakenOnRequest) {
  for (const auto* group :
       {"X25519", "P-256", "X448", "P-521", "P-384", "ffdhe2048", "ffdhe3072"}) {
    Server server;
    SSL_CTX_set1_groups_list(server.context(), group);
    ClientHandshake client(hello(), nullptr);
    const auto met = server.meet(client);
    EXPECT_TRUE(met.has_value()) << group << ": " << met.error().message();
    EXPECT_TRUE(client.facts().is_finished) << group;
  }
}

TEST(ClientHandshake, ARequestForACertificateIsAnsweredWithNone) {
  Server server;
  SSL_CTX_set_verify(server.context(), SSL_VERIFY_PEER, nullptr);
  ClientHandshake client(hello(), nullptr);
  EXPECT_TRUE(server.meet(client).has_value());
  EXPECT_TRUE(client.facts().requests_certificate);
  EXPECT_GT(client.facts().tickets, 0);  // our flight was understood
}

TEST(ClientHandshake, ATicketIsResumedWithoutACertificate) {
  Server server;
  ClientHandshake first(hello(), nullptr);
  ASSERT_TRUE(server.meet(first).has_value());
  ASSERT_TRUE(first.facts().session);
  auto other = hello();
  other.application_protocols = {"h2", "dot"};
  ClientHandshake second(other, first.facts().session);
  bool was_resumed = false;
  const auto met = server.meet(second, &was_resumed);
  ASSERT_TRUE(met.has_value()) << met.error().message();
  EXPECT_TRUE(was_resumed);
  EXPECT_TRUE(second.facts().is_finished);
  EXPECT_TRUE(second.facts().chain.empty());
  EXPECT_EQ(second.facts().application_protocol, "dot");
}

TEST(ClientHandshake, AServerThatDoesNotKnowTheTicketBeginsAnew) {
  Server server;
  Server other;
  ClientHandshake first(hello(), nullptr);
  ASSERT_TRUE(server.meet(first).has_value());
  ClientHandshake second(hello(), first.facts().session);
  bool was_resumed = true;
  EXPECT_TRUE(other.meet(second, &was_resumed).has_value());
  EXPECT_FALSE(was_resumed);
  EXPECT_EQ(second.facts().chain.size(), 1U);
}

TEST(ClientHandshake, ATurnedBitAnywhereInTheServersFlightEndsIt) {
  Server server;
  std::size_t flight = 600;  // as long as it is
  for (std::size_t back = 1; back < flight; back += 37) {
    bool is_first = true;
    ClientHandshake client(hello(), nullptr);
    const auto met = server.meet(client, nullptr, [&](std::string& received) {
      if (!std::exchange(is_first, false)) return;
      flight = received.size();
      if (back < flight) received[flight - back] ^= 1;
    });
    EXPECT_FALSE(back < flight && met.has_value() && client.facts().is_finished) << back;
  }
  EXPECT_GT(flight, 500U);
}

TEST(ClientHandshake, ARefusalIsSaidInTheServersWord) {
  Server server;
  SSL_CTX_set_max_proto_version(server.context(), TLS1_2_VERSION);
  ClientHandshake client(hello(), nullptr);
  const auto met = server.meet(client);
  ASSERT_FALSE(met.has_value());
  EXPECT_EQ(met.error().message(), "the handshake failed: protocol_version");
}

TEST(ClientHandshake, WhatHasNoPlaceIsRefused) {
  const auto status_of = [](const std::string& bytes) {
    ClientHandshake client(hello(), nullptr);
    return client.take(bytes);
  };
  EXPECT_TRUE(status_of(record(22, "")).error().code() == Code::kInvalidData);
  EXPECT_FALSE(status_of(record(23, "data")).has_value());
  EXPECT_FALSE(status_of(record(22, message(11, "x"))).has_value());
  EXPECT_FALSE(status_of("HTTP/1.1 400").has_value());
  EXPECT_TRUE(status_of(record(20, "\x01")).has_value());
  EXPECT_EQ(status_of(record(21, std::string("\x01\x00", 2))).error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace assay::agent::tls
