// A collector that can do no better than TLS 1.2 is not spoken to.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <thread>

#include "agent/courier/channel.h"
#include "agent/courier/pinned_authority.h"
#include "assay/v1/enrollment.grpc.pb.h"
#include "tests/unit/evidence/authority.h"

namespace assay::agent {
namespace {

// Accepts one connection, with nothing newer than `version`.
class OldServer {
 public:
  explicit OldServer(int version) : authority_(evidence::make_certificate(valid(), nullptr)) {
    // As in the courier's main(): either side may hang up while the other still writes.
    (void)::signal(SIGPIPE, SIG_IGN);
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_max_proto_version(context_, version);
    BIO* pem = BIO_new_mem_buf(authority_.certificate.data(), -1);
    X509* certificate = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context_, certificate);
    X509_free(certificate);
    BIO_free_all(pem);
    pem = BIO_new_mem_buf(authority_.key.data(), -1);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context_, key);
    EVP_PKEY_free(key);
    BIO_free_all(pem);
    accept_ = BIO_new_accept("127.0.0.1:0");
    BIO_do_accept(accept_);
    thread_ = std::thread([this] { serve(); });
  }
  ~OldServer() {
    thread_.join();
    BIO_free_all(accept_);
    SSL_CTX_free(context_);
  }
  [[nodiscard]] Address address() const { return {"127.0.0.1", BIO_get_accept_port(accept_)}; }
  [[nodiscard]] std::string authority() const { return authority_.certificate; }
  [[nodiscard]] bool wait_for_handshake() {
    thread_.join();
    thread_ = std::thread([] {});
    return shook_hands_;
  }

 private:
  static evidence::CertificateWish valid() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    evidence::CertificateWish wish;
    wish.is_ca = true;
    wish.not_before = now - std::chrono::hours(1);
    wish.not_after = now + std::chrono::hours(1);
    return wish;
  }
  void serve() {
    if (BIO_do_accept(accept_) != 1) return;
    BIO* connection = BIO_pop(accept_);
    SSL* ssl = SSL_new(context_);
    SSL_set_bio(ssl, connection, connection);
    shook_hands_ = SSL_accept(ssl) == 1;
    SSL_free(ssl);
    ERR_clear_error();
  }

  evidence::KeyAndCertificate authority_;
  SSL_CTX* context_ = nullptr;
  BIO* accept_ = nullptr;
  bool shook_hands_ = false;
  std::thread thread_;
};

TEST(OldTls, TheFirstContactRefusesIt) {
  OldServer old(TLS1_2_VERSION);
  const auto fingerprint = evidence::read_certificate(old.authority())->fingerprint;
  EXPECT_FALSE(fetch_authority(old.address(), fingerprint, std::chrono::seconds(10)));
  EXPECT_FALSE(old.wait_for_handshake());
  OldServer current(TLS1_3_VERSION);
  const auto right = evidence::read_certificate(current.authority())->fingerprint;
  EXPECT_TRUE(fetch_authority(current.address(), right, std::chrono::seconds(10)));
}

TEST(OldTls, TheChannelRefusesIt) {
  OldServer old(TLS1_2_VERSION);
  const auto stub =
      v1::Enrollment::NewStub(open_channel("127.0.0.1:" + old.address().port, old.authority()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  v1::EnrollResponse answer;
  EXPECT_EQ(stub->Enroll(&context, {}, &answer).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_FALSE(old.wait_for_handshake());
}

}  // namespace
}  // namespace assay::agent
