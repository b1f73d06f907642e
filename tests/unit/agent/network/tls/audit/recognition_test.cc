#include "agent/network/tls/audit/recognition.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "agent/network/tls/connection/greeting_conversation.h"

namespace assay::agent::tls {
namespace {

// The server's side of each question is a socket that says something, or nothing.
class RecognitionTest : public testing::Test {
 protected:
  // Answers the question with a greeting; what was said before it comes back.
  std::string greet(const std::string& words) {
    auto question = recognition_.next();
    EXPECT_EQ(question.dialogue, nullptr);
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    const FileDescriptor ours(ends[0]);
    const FileDescriptor theirs(ends[1]);
    EXPECT_EQ(::write(theirs.number(), words.data(), words.size()),
              static_cast<ssize_t>(words.size()));
    std::string received;
    (void)question.conversation->advance(ours.number(), received);
    std::string said(8192, '\0');
    const auto length = ::read(theirs.number(), said.data(), said.size());
    said.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    recognition_.take(question.number, Ending::kAnswered, {}, *question.conversation);
    return said;
  }
  // How the dialogue that is tried next ends; "" where none is.
  std::string try_next(Ending ending) {
    auto question = recognition_.next();
    EXPECT_NE(question.dialogue, nullptr);
    const std::string opening = question.dialogue ? question.dialogue->opening() : "";
    recognition_.take(question.number, ending, "no TLS here", *question.conversation);
    return opening;
  }
  void expect(const std::string& protocol, const std::string& status) {
    EXPECT_TRUE(recognition_.is_over());
    EXPECT_EQ(recognition_.protocol(), protocol);
    EXPECT_EQ(recognition_.status(), status) << recognition_.detail();
  }

  Recognition recognition_{AuditLimits{}};
};

TEST_F(RecognitionTest, NothingIsSaidToAServerThatGreets) {
  EXPECT_EQ(greet("SSH-2.0-OpenSSH_9.2p1\r\n"), "");
  expect("", "not_tls");
  EXPECT_EQ(recognition_.detail(), "it speaks SSH");
}

TEST_F(RecognitionTest, ASilentOneGetsAClientHello) {
  EXPECT_EQ(greet(""), "");
  const auto said = greet(std::string("\x15\x03\x03\0\x02\x02\x28", 7));
  EXPECT_TRUE(said.starts_with("\x16\x03"));
  EXPECT_TRUE(said.ends_with("\r\n\r\n"));
  expect("", "");
}

TEST_F(RecognitionTest, AGreetingLeadsToItsDialogue) {
  (void)greet("220 mail ESMTP\r\n");
  EXPECT_FALSE(recognition_.is_over());
  (void)try_next(Ending::kAnswered);
  expect("smtp", "");
}

TEST_F(RecognitionTest, WithoutTlsInItItIsSaidInWhichProtocol) {
  (void)greet("+OK ready\r\n");
  (void)try_next(Ending::kNoStartTls);
  expect("pop3", "no_start_tls");
  EXPECT_EQ(recognition_.detail(), "no TLS here");
}

TEST_F(RecognitionTest, AnAmbiguousGreetingIsTriedInBoth) {
  (void)greet("220 ready\r\n");
  (void)try_next(Ending::kNoStartTls);
  EXPECT_FALSE(recognition_.is_over());
  (void)try_next(Ending::kAnswered);
  expect("ftp", "");
}

// Whether it has TLS is not known, so it is neither not_tls nor no_start_tls, which nobody judges.
TEST_F(RecognitionTest, OneThatTurnsUsAwayIsNotKnown) {
  (void)greet("421 Too many FTP connections\r\n");
  (void)try_next(Ending::kTurnedAway);
  expect("", "turned_away");
  recognition_ = Recognition{AuditLimits{}};
  (void)greet("-ERR [IN-USE] full\r\n");
  expect("", "turned_away");
}

TEST_F(RecognitionTest, AnAmbiguousGreetingIsNotDecidedByBeingTurnedAwayOnce) {
  (void)greet("220 ready\r\n");
  (void)try_next(Ending::kTurnedAway);
  EXPECT_FALSE(recognition_.is_over());
  (void)try_next(Ending::kNoStartTls);
  expect("ftp", "no_start_tls");
}

TEST_F(RecognitionTest, TheSilentAreAskedInTheProtocolsThatClientsBegin) {
  for (int i = 0; i < 6; ++i) (void)greet("");
  EXPECT_EQ(try_next(Ending::kClosed).size(), 8U);  // PostgreSQL's SSLRequest
  (void)try_next(Ending::kAnswered);
  expect("ldap", "");
}

// A server of TLS that closes on a hello that it does not like is not to be taken for another.
TEST_F(RecognitionTest, OneThatSpeaksNoneOfThemIsAuditedAsTls) {
  for (int i = 0; i < 6; ++i) (void)greet("");
  for (int i = 0; i < 3; ++i) (void)try_next(Ending::kTimedOut);
  expect("", "");
}

TEST_F(RecognitionTest, AServerOfNamesAndAPortMapperAreAskedInTheirOwnProtocol) {
  for (int i = 0; i < 3; ++i) (void)greet("");
  const auto query = greet(std::string("\0\x0C\x5A\x12\x84\x05\0\0\0\0\0\0\0\0", 14));
  EXPECT_EQ(query.size(), 29U);
  EXPECT_FALSE(recognition_.is_over());  // the answer to another question
  const auto call = greet(std::string("\x80\0\0\x18\x5A\x11\x5A\x11\0\0\0\x01", 12));
  EXPECT_EQ(call.size(), 44U);
  expect("", "not_tls");
  EXPECT_EQ(recognition_.detail(), "it speaks ONC RPC");
  recognition_ = Recognition{AuditLimits{}};
  for (int i = 0; i < 3; ++i) (void)greet("");
  (void)greet(std::string("\0\x0C\x5A\x11\x84\x05\0\0\0\0\0\0\0\0", 14));
  expect("", "not_tls");
  EXPECT_EQ(recognition_.detail(), "it speaks DNS");
}

TEST_F(RecognitionTest, RedisIsAskedInItsOwnProtocolAfterAClientHello) {
  (void)greet("");
  EXPECT_TRUE(greet("").starts_with("\x16\x03"));
  EXPECT_EQ(greet("-NOAUTH Authentication required.\r\n"), "PING\r\n");
  expect("", "not_tls");
  EXPECT_EQ(recognition_.detail(), "it speaks Redis");
}

TEST_F(RecognitionTest, AFileServerIsAskedInItsOwnProtocol) {
  for (const auto* magic : {"\xFESMB", "\xFFSMB"}) {
    recognition_ = Recognition{AuditLimits{}};
    for (int i = 0; i < 5; ++i) (void)greet("");
    EXPECT_EQ(greet(std::string("\0\0\0\x50", 4) + magic + std::string("\x72\0\0\0", 4)).size(),
              73U);
    expect("", "not_tls");
    EXPECT_EQ(recognition_.detail(), "it speaks SMB");
  }
}

// Slow to answer a ClientHello, and quick to say that "PING" is none.
TEST_F(RecognitionTest, WhoeverAnswersInTlsSpeaksTls) {
  (void)greet("");
  (void)greet("");
  (void)greet(std::string("\x15\x03\x01\0\x02\x02\x0A", 7));
  expect("", "");
}

TEST_F(RecognitionTest, WhatAnswersInNoGrammarDecidesNothing) {
  (void)greet("");
  (void)greet("");
  (void)greet("HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n");
  EXPECT_FALSE(recognition_.is_over());
}

TEST_F(RecognitionTest, TheSilentAreAskedAllAtOnce) {
  (void)greet("");
  const auto hello = recognition_.next();
  EXPECT_FALSE(recognition_.has_question());  // its answer is waited for
  recognition_.take(hello.number, Ending::kTimedOut, {}, *hello.conversation);
  std::vector<Recognition::Question> questions;
  while (recognition_.has_question()) questions.push_back(recognition_.next());
  ASSERT_EQ(questions.size(), 7U);
  recognition_.take(5, Ending::kNoStartTls, "no TLS here", *questions[5].conversation);
  for (const auto& question : questions)
    if (question.number != 5)
      recognition_.take(question.number, Ending::kTimedOut, {}, *question.conversation);
  expect("ldap", "no_start_tls");
}

TEST_F(RecognitionTest, AnAnswerThatIsNotTlsIsNone) {
  (void)greet("");
  (void)greet("HTTP/1.1 400 Bad Request\r\n\r\n");
  expect("", "not_tls");
}

}  // namespace
}  // namespace assay::agent::tls
