#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

// What OpenSSL says of a handshake with nothing newer than `version`: the version, or the error.
std::string handshake(int port, int version) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, version);
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, ("127.0.0.1:" + std::to_string(port)).c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  constexpr unsigned char kH2[] = {2, 'h', '2'};
  SSL_set_alpn_protos(ssl, kH2, sizeof kH2);
  ERR_clear_error();
  std::string outcome;
  if (BIO_do_handshake(connection) == 1)
    outcome = SSL_get_version(ssl);
  else
    outcome = "refused";
  BIO_free_all(connection);
  SSL_CTX_free(context);
  ERR_clear_error();
  return outcome;
}

TEST_F(CollectorTest, SpeaksTls13AndNothingOlder) {
  EXPECT_EQ(handshake(server().port(), TLS1_3_VERSION), "TLSv1.3");
  EXPECT_EQ(handshake(server().port(), TLS1_2_VERSION), "refused");
  EXPECT_EQ(handshake(server().port(), TLS1_1_VERSION), "refused");
}

}  // namespace
}  // namespace assay::collector
