#include "agent/network/tls/wire/answer.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

// The ServerHello of the simple handshake in RFC 8448 3.
const std::string kServerHello13 = octets(
    "02 00 00 56 03 03 a6 af 06 a4 12 18 60 dc 5e 6e 60 24 9c d3 4c 95 93 0c 8a c5 cb 14 34 da c1 "
    "55"
    "77 2e d3 e2 69 28 00 13 01 00 00 2e 00 33 00 24 00 1d 00 20 c9 82 88 76 11 20 95 fe 66 76 2b "
    "db"
    "f7 c6 72 e1 56 d6 cc 25 3b 83 3d f1 dd 69 b1 b0 4e 75 1f 0f 00 2b 00 02 03 04");
const std::string kZeroes(32, '\0');

std::string server_hello(std::string_view suite, std::string_view extensions = "") {
  return message(2, octets("0303") + kZeroes + octets("00") + octets(suite) + octets("00") +
                        octets(extensions));
}

Answer parsed(const std::string& bytes, Depth depth = Depth::kWhole) {
  auto answer = parse_answer(bytes, depth);
  EXPECT_TRUE(answer.has_value()) << answer.error().message();
  return answer.value_or(Answer{});
}

Code refused(const std::string& bytes) {
  const auto answer = parse_answer(bytes, Depth::kWhole);
  EXPECT_FALSE(answer.has_value());
  return answer.has_value() ? Code::kInternal : answer.error().code();
}

TEST(AnswerParser, ReadsTheServerHelloOfRfc8448) {
  const auto answer = parsed(record(22, kServerHello13));
  ASSERT_TRUE(answer.hello.has_value());
  EXPECT_EQ(answer.hello->version, 0x0304U);
  EXPECT_EQ(answer.hello->suite, 0x1301U);
  EXPECT_EQ(answer.hello->group, 0x001DU);
  EXPECT_FALSE(answer.hello->is_retry);
  EXPECT_TRUE(answer.is_complete);  // the rest is encrypted
}

TEST(AnswerParser, ReadsAHelloRetryRequestByItsRandom) {
  const auto retry =
      message(2, octets("0303 cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c 00"
                        "1302 00 000c 002b 0002 0304 0033 0002 0018"));
  const auto answer = parsed(record(22, retry));
  ASSERT_TRUE(answer.hello.has_value());
  EXPECT_TRUE(answer.hello->is_retry);
  EXPECT_EQ(answer.hello->suite, 0x1302U);
  EXPECT_EQ(answer.hello->group, 0x0018U);
}

TEST(AnswerParser, ReadsTheExtensionsOfTls12) {
  const auto answer =
      parsed(record(22, server_hello("c02f",
                                     "001f ff01 0001 00 0017 0000 0016 0000 0023 0000 000f 0001 01"
                                     "0010 0005 0003 02 68 32")),
             Depth::kHello);
  ASSERT_TRUE(answer.hello.has_value());
  const auto& hello = *answer.hello;
  EXPECT_TRUE(hello.has_renegotiation_info && hello.has_extended_master_secret &&
              hello.has_encrypt_then_mac && hello.has_session_ticket && hello.has_heartbeat);
  EXPECT_EQ(hello.application_protocol, "h2");
  EXPECT_TRUE(answer.is_complete);
}

TEST(AnswerParser, ReadsAFlightWhoseMessagesLieAcrossRecords) {
  const auto certificate = message(11, octets("000009 000002 3000 000001 31"));
  const auto exchange = message(12, octets("03 001d 01 00 0804 0001 00"));
  const auto status = message(22, octets("01 000002 abcd"));
  const auto flight = server_hello("c02f") + certificate + status + exchange +
                      message(13, octets("00")) + message(14, "");
  std::string bytes;
  for (std::size_t at = 0; at < flight.size(); at += 7)
    bytes += record(22, std::string_view(flight).substr(at, 7));
  const auto answer = parsed(bytes);
  EXPECT_EQ(answer.chain, (std::vector<std::string>{octets("3000"), octets("31")}));
  EXPECT_EQ(answer.status, octets("abcd"));
  ASSERT_TRUE(answer.key_exchange.has_value());
  EXPECT_EQ(answer.key_exchange->group, 0x001DU);
  EXPECT_EQ(answer.key_exchange->signature, 0x0804U);
  EXPECT_TRUE(answer.requests_certificate && answer.is_done && answer.is_complete);
}

TEST(AnswerParser, TellsTheSizeOfADhPrimeWithoutItsLeadingZeroes) {
  const auto exchange = [](std::string_view prime) {
    return message(12, octets(prime) + octets("0001 02 0001 05 0401 0001 00"));
  };
  const auto hello = server_hello("0033");
  const auto bits = [&](std::string_view prime) {
    const auto answer = parsed(record(22, hello + exchange(prime)), Depth::kKeyExchange);
    return answer.key_exchange ? answer.key_exchange->bits : -1;
  };
  EXPECT_EQ(bits("0003 800001"), 24);
  EXPECT_EQ(bits("0004 00 800001"), 24);
  EXPECT_EQ(bits("0002 0001"), 1);
  EXPECT_EQ(bits("0001 00"), 0);
}

TEST(AnswerParser, AnAlertEndsItAndAWarningDoesNot) {
  const auto warning = record(21, octets("01 70"));
  const auto answer = parsed(warning + record(21, octets("02 28")));
  ASSERT_TRUE(answer.alert.has_value());
  EXPECT_EQ(answer.alert->description, kHandshakeFailure);
  EXPECT_EQ(alert_name(answer.alert->description), "handshake_failure");
  EXPECT_FALSE(parsed(warning).is_complete);
  EXPECT_EQ(alert_name(200), "alert 200");
}

TEST(AnswerParser, WaitsForEveryByteOfAFlight) {
  const auto whole = record(22, server_hello("002f") + message(14, ""));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parsed(whole.substr(0, length)).is_complete) << length;
  EXPECT_TRUE(parsed(whole).is_complete);
}

TEST(AnswerParser, RefusesWhatIsNotTls) {
  EXPECT_EQ(refused("HTTP/1.1 400 Bad Request\r\n"), Code::kInvalidData);
  EXPECT_EQ(refused(octets("16 0203 0001 00")), Code::kInvalidData);
  EXPECT_EQ(refused(octets("16 0303 ffff")), Code::kInvalidData);
  EXPECT_EQ(refused(record(23, "x")), Code::kInvalidData);
  EXPECT_EQ(refused(record(21, "x")), Code::kInvalidData);
  EXPECT_EQ(refused(record(22, message(11, octets("000000")))), Code::kInvalidData);
  EXPECT_EQ(refused(record(22, server_hello("002f") + server_hello("002f"))), Code::kInvalidData);
}

TEST(AnswerParser, RefusesMessagesAgainstTheirGrammar) {
  const auto hello = server_hello("c02f");
  EXPECT_EQ(refused(record(22, message(2, octets("0303")))), Code::kInvalidData);
  EXPECT_EQ(refused(record(22, server_hello("002f", "0005 0023 00ff"))), Code::kInvalidData);
  EXPECT_EQ(refused(record(22, hello + message(11, octets("000004 000009 30")))),
            Code::kInvalidData);
  EXPECT_EQ(refused(record(22, hello + message(12, octets("03 001d 20 00")))), Code::kInvalidData);
  EXPECT_EQ(refused(record(22, hello + message(22, octets("01 000009 00")))), Code::kInvalidData);
}

TEST(AnswerParser, IsBoundedByWhatLengthsSay) {
  EXPECT_EQ(refused(record(22, octets("02 ffffff 0303"))), Code::kTooLarge);
  EXPECT_EQ(refused(octets("16 0303 4000 02 ffffff")), Code::kTooLarge);  // not all there yet
  EXPECT_EQ(refused(record(22, server_hello("002f") + octets("0b 100000"))), Code::kTooLarge);
  EXPECT_EQ(refused(std::string(kMaxAnswerBytes + 1, '\x16')), Code::kTooLarge);
  std::string chain;
  for (std::size_t i = 0; i <= kMaxChainCertificates; ++i) chain += octets("000001 30");
  std::string list = octets("00 00");
  list += static_cast<char>(chain.size());
  EXPECT_EQ(refused(record(22, server_hello("002f") + message(11, list + chain))), Code::kTooLarge);
}

}  // namespace
}  // namespace assay::agent::tls
