// Hellos written by hand, answered by OpenSSL in this process: both sides agree on every byte.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

#include "agent/network/tls/wire/answer.h"
#include "agent/network/tls/wire/client_hello.h"
#include "tests/unit/agent/network/tls/server_context.h"

namespace assay::agent::tls {
namespace {

// A server with a self-signed P-256 certificate that answers one hello.
class MemoryServer {
 public:
  MemoryServer() : context_(server_context()) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_cipher_list(context_.get(), "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  }

  SSL_CTX* context() { return context_.get(); }

  Answer answer_to(const ClientHello& hello, Depth depth) {
    const std::unique_ptr<SSL, evidence::Freed<SSL_free>> ssl(SSL_new(context_.get()));
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl.get(), in, out);
    const auto bytes = write_client_hello(hello);
    BIO_write(in, bytes.data(), static_cast<int>(bytes.size()));
    SSL_accept(ssl.get());
    char* text = nullptr;
    const long length = BIO_get_mem_data(out, &text);
    auto answer = parse_answer({text, static_cast<std::size_t>(length)}, depth);
    EXPECT_TRUE(answer.has_value()) << answer.error().message();
    return answer.value_or(Answer{});
  }

 private:
  ServerContext context_;
};

ClientHello hello_of(Protocol protocol, std::vector<std::uint32_t> suites) {
  ClientHello hello;
  hello.protocol = protocol;
  hello.random.fill('r');
  hello.suites = std::move(suites);
  hello.groups = {0x0017, 0x001D};
  hello.signature_schemes = {0x0403, 0x0804};
  return hello;
}

TEST(OpensslAnswers, ASuiteOfTls12IsChosenWithItsGroupAndSignature) {
  MemoryServer server;
  const auto answer = server.answer_to(hello_of(Protocol::kTls12, {0xC02B}), Depth::kWhole);
  ASSERT_TRUE(answer.hello.has_value());
  EXPECT_EQ(answer.hello->version, 0x0303U);
  EXPECT_EQ(answer.hello->suite, 0xC02BU);
  EXPECT_TRUE(answer.hello->has_renegotiation_info);
  EXPECT_TRUE(answer.hello->has_extended_master_secret);
  ASSERT_TRUE(answer.key_exchange.has_value());
  EXPECT_EQ(answer.key_exchange->group, 0x0017U);
  EXPECT_EQ(answer.key_exchange->signature, 0x0403U);
  EXPECT_EQ(answer.chain.size(), 1U);
  EXPECT_TRUE(answer.is_done);
}

TEST(OpensslAnswers, EachOldProtocolIsSpokenByItsNumber) {
  MemoryServer server;
  for (const auto protocol : {Protocol::kTls10, Protocol::kTls11}) {
    const auto answer = server.answer_to(hello_of(protocol, {0xC009}), Depth::kKeyExchange);
    ASSERT_TRUE(answer.hello.has_value()) << name_of(protocol);
    EXPECT_EQ(answer.hello->version, version_of(protocol));
  }
}

TEST(OpensslAnswers, Tls13WithoutAKeyGetsARetryWithSuiteAndGroup) {
  MemoryServer server;
  const auto answer =
      server.answer_to(hello_of(Protocol::kTls13, {0x1303, 0x1301}), Depth::kKeyExchange);
  ASSERT_TRUE(answer.hello.has_value());
  EXPECT_TRUE(answer.hello->is_retry);
  EXPECT_EQ(answer.hello->suite, 0x1303U);
  // Which of the two is the server's affair.
  EXPECT_TRUE(answer.hello->group == 0x0017U || answer.hello->group == 0x001DU);
}

TEST(OpensslAnswers, ARefusalIsAnAlert) {
  MemoryServer server;
  const auto no_suite = server.answer_to(hello_of(Protocol::kTls12, {0x0004}), Depth::kWhole);
  ASSERT_TRUE(no_suite.alert.has_value());
  EXPECT_EQ(no_suite.alert->description, kHandshakeFailure);
  SSL_CTX_set_min_proto_version(server.context(), TLS1_2_VERSION);
  const auto too_old = server.answer_to(hello_of(Protocol::kTls10, {0xC009}), Depth::kWhole);
  ASSERT_TRUE(too_old.alert.has_value());
  EXPECT_EQ(too_old.alert->description, kProtocolVersion);
}

TEST(OpensslAnswers, AFallbackIsRefused) {
  MemoryServer server;
  auto hello = hello_of(Protocol::kTls11, {0xC009});
  hello.is_fallback = true;
  const auto answer = server.answer_to(hello, Depth::kHello);
  ASSERT_TRUE(answer.alert.has_value());
  EXPECT_EQ(answer.alert->description, kInappropriateFallback);
}

TEST(OpensslAnswers, AnonymousDhShowsTheSizeOfItsPrime) {
  MemoryServer server;
  SSL_CTX_set_dh_auto(server.context(), 1);
  const auto answer = server.answer_to(hello_of(Protocol::kTls12, {0x0034}), Depth::kKeyExchange);
  ASSERT_TRUE(answer.key_exchange.has_value());
  EXPECT_GE(answer.key_exchange->bits, 1024);
  EXPECT_FALSE(answer.key_exchange->signature.has_value());
}

}  // namespace
}  // namespace assay::agent::tls
