// Asking an authority over HTTP: what it may answer, and what it may not do to us.
#include "collector/stamps/authority_client.h"

#include <gtest/gtest.h>

#include "evidence/ledger/time_stamp_token.h"
#include "tests/unit/collector/stamps/loopback_authority.h"

namespace assay::collector {
namespace {

using std::chrono::milliseconds;

std::string ok(const std::string& body, const std::string& type = "application/timestamp-reply") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Result<std::string> ask(const std::string& url, milliseconds patience = milliseconds(10'000)) {
  return ask_authority(http_url_from(url).value(), "the query", {}, patience);
}

std::string refused_with(const std::string& answer) {
  const LoopbackAuthority server(answer);
  const auto reply = ask(server.url());
  return reply ? "no failure" : std::string(name_of(reply.error().code()));
}

TEST(AuthorityClient, PostsTheQueryAndTakesTheReply) {
  const LoopbackAuthority server(ok("the reply"));
  const auto reply = ask(server.url());
  ASSERT_TRUE(reply) << reply.error().message();
  EXPECT_EQ(*reply, "the reply");
  EXPECT_TRUE(server.request().starts_with("POST /tsa?x=1 HTTP/1.1\r\n")) << server.request();
  for (const auto* line : {"Content-Type: application/timestamp-query\r\n",
                           "Host: 127.0.0.1:", "Content-Length: 9\r\n"})
    EXPECT_NE(server.request().find(line), std::string::npos) << server.request();
}

TEST(AuthorityClient, WhatIsNoReplyIsRefused) {
  EXPECT_EQ(refused_with("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"), "refused");
  EXPECT_EQ(refused_with("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), "refused");
  EXPECT_EQ(refused_with(ok("<html>", "text/html")), "invalid_data");
  EXPECT_EQ(refused_with("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "invalid_data");
  EXPECT_EQ(refused_with("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nshort"), "invalid_data");
  EXPECT_TRUE(ask(LoopbackAuthority(ok("r", "Application/Timestamp-Reply; x=y")).url()));
}

TEST(AuthorityClient, NobodySaysMoreThanIsWanted) {
  EXPECT_EQ(refused_with(ok(std::string(evidence::kMaxTimeStampBytes + 1, 'x'))), "too_large");
  EXPECT_EQ(refused_with("HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x')), "too_large");
  EXPECT_EQ(refused_with("HTTP/1.1 200 OK\r\n\r\n" +  // without a length
                         std::string(evidence::kMaxTimeStampBytes + 1, 'x')),
            "too_large");
}

TEST(AuthorityClient, ASilentAuthorityIsNotWaitedForForEver) {
  const LoopbackAuthority server("");
  const auto reply = ask(server.url(), milliseconds(300));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), Code::kTimedOut);
}

TEST(AuthorityClient, ACollectorThatStopsWaitsForNobody) {
  const LoopbackAuthority server("");
  std::stop_source stop;
  std::jthread other([&stop] {
    std::this_thread::sleep_for(milliseconds(200));
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  const auto reply = ask_authority(http_url_from(server.url()).value(), "q", stop.get_token());
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), Code::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(AuthorityClient, WhereNobodyListensIsUnavailable) {
  std::string url;
  {
    const LoopbackAuthority server(ok("r"));
    url = server.url();
  }
  const auto reply = ask(url);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), Code::kUnavailable);
}

// It speaks HTTP where TLS is wanted: no certificate, no conversation.
TEST(AuthorityClient, HttpsIsNotAnsweredByHttp) {
  const LoopbackAuthority server(ok("r"));
  const auto reply = ask("https" + server.url().substr(4));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace assay::collector
