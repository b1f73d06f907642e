// Over real TLS: what strangers may do, and the client of the command line against the server.
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "cli/client/rest_client.h"
#include "evidence/bundle.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Speaks bytes, so that it can misbehave. Trusts everybody.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : stream_(io_, tls_) {
    stream_.next_layer().connect({asio::ip::address_v4::loopback(), port}, error_);
    if (!error_) stream_.handshake(asio::ssl::stream_base::client, error_);
  }
  void send(std::string_view bytes) { asio::write(stream_, asio::buffer(bytes), error_); }
  // Everything until the server ends the connection.
  std::string receive() {
    std::string bytes;
    asio::read(stream_, asio::dynamic_buffer(bytes), asio::transfer_all(), error_);
    return bytes;
  }

 private:
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  boost::system::error_code error_;
};

class ServerTest : public World {
 protected:
  void SetUp() override { start(server_options()); }
  void start(ApiOptions options) {
    auto server = ApiServer::start(std::move(options), *store_, evaluator_->content());
    ASSERT_TRUE(server) << server.error().message();
    server_ = std::move(*server);
    url_ = "https://127.0.0.1:" + std::to_string(server_->port());
  }
  // The answer to one request, after which the connection ends.
  std::string talk(const std::string& request) {
    RawClient client(server_->port());
    client.send(request);
    return client.receive();
  }
  std::string get_with(const std::string& target, const std::string& headers) {
    return talk("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers +
                "\r\n");
  }
  std::unique_ptr<cli::RestClient> client(const std::string& secret) {
    return cli::RestClient::open({url_, secret, ca_.certificate}).value();
  }

  std::unique_ptr<ApiServer> server_;
  std::string url_;
};

std::string first_line(const std::string& answer) {
  return answer.substr(0, answer.find('\r'));
}

TEST_F(ServerTest, TheCommandLineAsksAndIsAnswered) {
  auto host = enroll("web-1");
  (void)scan(host);
  const auto remote = client(add_person("Mei-ling"));
  EXPECT_EQ(remote->get({"whoami"}, {}).value()["name"], "Mei-ling");
  const auto hosts = remote->get_all({"hosts"}, {{"limit", "1"}, {"q", "web"}});
  ASSERT_TRUE(hosts) << hosts.error().message();
  EXPECT_EQ((*hosts)[0]["name"], "web-1");
}

TEST_F(ServerTest, TheCommandLineAsksForAScanAndGoesOnReading) {
  attending_ = enroll("web 1").id;
  const auto remote = client(add_person("Mei-ling", Role::kOperator));
  const auto asked = remote->post({"hosts", "web 1", "scan"}, nullptr);
  ASSERT_TRUE(asked) << asked.error().message();
  EXPECT_EQ((*asked)["host"]["id"], attending_);
  EXPECT_EQ(asked_to_scan_, attending_);
  EXPECT_TRUE(remote->get({"whoami"}, {}));
  attending_.clear();
  EXPECT_EQ(remote->post({"hosts", "web 1", "scan"}, nullptr).error().code(), Code::kConflict);
  EXPECT_EQ(client(add_person("A"))->post({"hosts", "web 1", "scan"}, nullptr).error().code(),
            Code::kRefused);
}

TEST_F(ServerTest, ALongFileIsTakenFromSomebodyWhoMayChangeThings) {
  (void)enroll("web-1");
  std::string csv = "host,location\nweb-1,3F\n";
  while (csv.size() < kMaxBodyBytes * 4)
    csv += "h" + std::to_string(csv.size()) + "," + std::string(100, 'x') + "\n";
  const auto remote = client(add_person("Mei-ling", Role::kOperator));
  const auto done = remote->post({"register"}, {{"note", "list"}}, {csv, "text/csv"});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ((*done)["changed"].size(), 1U);
  EXPECT_EQ(remote->get({"register", "web-1"}, {}).value()["fields"]["location"], "3F");
  EXPECT_EQ(remote->post({"register"}, {}, {"host\n\"", "text/csv"}).error().code(),
            Code::kInvalidData);
  // Neither from an auditor nor from nobody, and not without end.
  for (const auto& [secret, size, status] :
       std::vector<std::tuple<std::string, std::size_t, std::string>>{
           {add_person("Ann"), kMaxBodyBytes + 1, "403"},
           {"nonsense", kMaxBodyBytes + 1, "401"},
           {add_person("Bob", Role::kAdmin), kMaxUploadBytes + 1, "413"}}) {
    const auto answer = talk("POST /api/v1/register HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                             secret + "\r\nContent-Length: " + std::to_string(size) +
                             "\r\n\r\n");
    EXPECT_TRUE(first_line(answer).starts_with("HTTP/1.1 " + status)) << first_line(answer);
  }
}

TEST_F(ServerTest, ARefusalArrivesInBothLanguages) {
  const auto remote = client(add_person("Mei-ling"));
  const auto error = remote->get({"hosts", "nobody"}, {}).error();
  EXPECT_EQ(error.code(), Code::kNotFound);
  EXPECT_EQ(error.message(), "no host nobody");
  EXPECT_EQ(error.in(Language::kChinese), "找不到主機 nobody");
  EXPECT_EQ(client("nonsense")->get({"whoami"}, {}).error().in(Language::kChinese),
            "請以有效的權杖登入");
}

TEST_F(ServerTest, AListOfManyPagesComesAsOne) {
  for (int i = 0; i < 5; ++i) (void)enroll("host " + std::to_string(i));
  EXPECT_EQ(client(add_person("A"))->get_all({"hosts"}, {{"limit", "2"}}).value().size(), 5U);
}

TEST_F(ServerTest, ABundleArrivesWhole) {
  auto host = enroll("web-1");
  (void)scan(host);
  const auto bytes = client(add_person("A"))->download({"snapshots", "web-1", "bundle"});
  ASSERT_TRUE(bytes) << bytes.error().message();
  EXPECT_TRUE(
      evidence::verify(evidence::bundle_from_bytes(*bytes).value(), {.ca_pem = ca_.certificate})
          .is_good());
}

TEST_F(ServerTest, ARefusalKeepsItsCodeOnTheOtherSide) {
  const auto remote = client(add_person("A"));
  EXPECT_EQ(remote->get({"hosts", "none"}, {}).error().code(), Code::kNotFound);
  EXPECT_EQ(remote->get({"hosts"}, {{"colour", "x"}}).error().code(), Code::kUsage);
  EXPECT_EQ(client("wrong")->get({"whoami"}, {}).error().code(), Code::kUnauthenticated);
}

TEST_F(ServerTest, AnotherCaIsNotTrusted) {
  const auto secret = add_person("A");
  const auto stranger = enroll("x").identity.certificate;
  const auto remote = cli::RestClient::open({url_, secret, stranger}).value();
  EXPECT_EQ(remote->get({"whoami"}, {}).error().code(), Code::kUnauthenticated);
}

TEST_F(ServerTest, TheCaIsKnownByItsFingerprint) {
  const auto fingerprint = evidence::read_certificate(ca_.certificate).value().fingerprint;
  const auto shown = cli::certificate_shown_by(url_, fingerprint);
  ASSERT_TRUE(shown) << shown.error().message();
  const auto remote = cli::RestClient::open({url_, add_person("A"), *shown}).value();
  EXPECT_TRUE(remote->get({"whoami"}, {}));
  EXPECT_EQ(cli::certificate_shown_by(url_, evidence::sha256("other")).error().code(),
            Code::kUnauthenticated);
}

// Whether a caller who has nothing newer than `version` is let in.
bool shakes_hands(std::uint16_t port, int version) {
  asio::io_context io;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_max_proto_version(tls.native_handle(), version);
  asio::ssl::stream<asio::ip::tcp::socket> stream(io, tls);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
  boost::system::error_code error;
  stream.handshake(asio::ssl::stream_base::client, error);
  return !error;
}

TEST_F(ServerTest, SpeaksTls13AndNothingOlder) {
  EXPECT_TRUE(shakes_hands(server_->port(), TLS1_3_VERSION));
  EXPECT_FALSE(shakes_hands(server_->port(), TLS1_2_VERSION));
}

TEST_F(ServerTest, WithoutATokenOnlyHealthIsTold) {
  EXPECT_EQ(first_line(get_with("/healthz", "")), "HTTP/1.1 200 OK");
  for (const auto* target : {"/api/v1/hosts", "/api/v1/nothing", "/", "/api/v1/whoami"}) {
    const auto answer = get_with(target, "");
    EXPECT_EQ(first_line(answer), "HTTP/1.1 401 Unauthorized") << target;
    EXPECT_NE(answer.find("WWW-Authenticate: Bearer"), std::string::npos);
  }
}

TEST_F(ServerTest, GuessingEndsIn429) {
  std::string answer;
  for (int i = 0; i < 11; ++i) answer = get_with("/api/v1/hosts", "Authorization: Bearer no\r\n");
  EXPECT_EQ(first_line(answer), "HTTP/1.1 429 Too Many Requests");
  EXPECT_NE(answer.find("Retry-After: 60"), std::string::npos);
}

TEST_F(ServerTest, NothingCanBeChanged) {
  const auto token = "Authorization: Bearer " + add_person("A", Role::kAdmin) + "\r\n";
  for (const auto* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const auto answer = talk(std::string(method) + " /api/v1/hosts HTTP/1.1\r\nHost: x\r\n" +
                             token + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(first_line(answer), "HTTP/1.1 405 Method Not Allowed") << method;
  }
}

TEST_F(ServerTest, WhatIsKnownAlreadyIsNotSentAgain) {
  const auto token = "Authorization: Bearer " + add_person("A") + "\r\n";
  const auto answer = get_with("/api/v1/checks", token);
  const auto at = answer.find("ETag: ") + 6;
  const auto tag = answer.substr(at, answer.find('\r', at) - at);
  const auto again = get_with("/api/v1/checks", token + "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(first_line(again), "HTTP/1.1 304 Not Modified");
  EXPECT_EQ(again.substr(again.find("\r\n\r\n")), "\r\n\r\n");
}

TEST_F(ServerTest, HeadTellsTheLengthAndSendsNothing) {
  const auto answer = talk("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 15"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, SeveralRequestsShareAConnection) {
  const auto answer = talk(
      "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("ok"), answer.rfind("ok"));
}

TEST_F(ServerTest, WhatIsTooLargeIsRefused) {
  const auto header = get_with("/healthz", "X: " + std::string(kMaxHeaderBytes, 'x') + "\r\n");
  EXPECT_TRUE(first_line(header).starts_with("HTTP/1.1 431")) << first_line(header);
  const auto body = talk("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_TRUE(first_line(body).starts_with("HTTP/1.1 401")) << "not read: " << first_line(body);
  EXPECT_TRUE(first_line(talk("nonsense\r\n\r\n")).starts_with("HTTP/1.1 400"));
}

TEST_F(ServerTest, ACallerWhoDawdlesIsLeft) {
  auto options = server_options();
  options.request_time = 200ms;
  start(std::move(options));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(talk("GET /healthz HTTP/1.1\r\nHost:"), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_F(ServerTest, ACallerWhoNeverFinishesTheHandshakeIsLeft) {
  auto options = server_options();
  options.handshake_time = 200ms;
  start(std::move(options));
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), server_->port()});
  char byte = 0;
  boost::system::error_code error;
  EXPECT_EQ(asio::read(socket, asio::buffer(&byte, 1), error), 0U);
  EXPECT_TRUE(error);
}

TEST_F(ServerTest, EveryAnswerCarriesTheSecurityHeaders) {
  const auto answer = get_with("/healthz", "");
  for (const auto* header :
       {"Strict-Transport-Security: ", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
        "Content-Security-Policy: default-src 'none'", "Cache-Control: private, no-cache"})
    EXPECT_NE(answer.find(header), std::string::npos) << header;
}

TEST_F(ServerTest, ABadKeyOrAddressIsSaidAtTheStart) {
  auto options = server_options();
  options.private_key_pem = "nonsense";
  EXPECT_EQ(ApiServer::start(options, *store_, evaluator_->content()).error().code(),
            Code::kConfiguration);
  options = server_options();
  options.address = "localhost?";
  EXPECT_EQ(ApiServer::start(options, *store_, evaluator_->content()).error().code(),
            Code::kConfiguration);
}

TEST_F(ServerTest, StoppingEndsOpenConnections) {
  RawClient client(server_->port());
  server_->stop();
  server_.reset();
  EXPECT_EQ(client.receive(), "");
}

}  // namespace
}  // namespace assay::collector::api
