// Where strangers are asked over HTTP, and what counts as an answer. What they may not do to us is
// tested with the time-stamp authority (tests/unit/collector/stamps).
#include "collector/http/http_post.h"

#include <gtest/gtest.h>

#include "tests/unit/collector/stamps/loopback_authority.h"

namespace assay::collector {
namespace {

TEST(HttpPost, WhateverTheStatusItIsAnAnswer) {
  const LoopbackAuthority server(
      "HTTP/1.1 409 Conflict\r\nContent-Type: Text/X.Tlog.Size ; charset=utf-8\r\n"
      "Content-Length: 3\r\n\r\n12\n");
  const auto answer = http_post(http_url_from(server.url()).value(),
                                {"old 0\n", "text/plain", {}, 100}, std::stop_token());
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->status, 409U);
  EXPECT_EQ(answer->type, "text/x.tlog.size");
  EXPECT_EQ(answer->body, "12\n");
  EXPECT_EQ(server.request().find("Accept:"), std::string::npos) << server.request();
}

TEST(HttpPost, NobodySaysMoreThanHeMay) {
  const LoopbackAuthority server("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" +
                                 std::string(101, 'x'));
  const auto answer = http_post(http_url_from(server.url()).value(), {"", "text/plain", {}, 100},
                                std::stop_token());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Code::kTooLarge);
}

TEST(HttpUrl, SaysWhereToAsk) {
  const auto plain = http_url_from("http://tsa.example");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->is_https);
  EXPECT_EQ(plain->host, "tsa.example");
  EXPECT_EQ(plain->port, "80");
  EXPECT_EQ(plain->target, "/");
  const auto secure = http_url_from("https://[::1]:8443/a/b?c=d");
  ASSERT_TRUE(secure);
  EXPECT_TRUE(secure->is_https);
  EXPECT_EQ(secure->host, "::1");
  EXPECT_EQ(secure->port, "8443");
  EXPECT_EQ(secure->authority, "[::1]:8443");
  EXPECT_EQ(secure->target, "/a/b?c=d");
}

TEST(HttpUrl, AnythingElseIsRefused) {
  for (const auto* text :
       {"", "tsa.example", "ftp://tsa.example/", "http://", "http:///x",
        "http://user:secret@tsa.example/", "http://tsa.example:0/", "http://tsa.example:99999/",
        "http://tsa.example/#x", "http://tsa.example/ x", "file:///etc/passwd"}) {
    const auto url = http_url_from(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code(), Code::kUsage);
    EXPECT_EQ(url.error().message().find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::collector
