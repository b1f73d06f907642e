#include "agent/network/tls/wire/client_hello.h"

#include <gtest/gtest.h>

#include "agent/network/tls/suites/cipher_suite.h"
#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

ClientHello small_hello(Protocol protocol) {
  ClientHello hello;
  hello.protocol = protocol;
  hello.random.fill('\x11');
  hello.suites = {0x002F, 0xC02F};
  return hello;
}

const std::string kRandom(32, '\x11');

// Laid out by hand from RFC 6101 5.6.1.2 and RFC 5746 3.3.
TEST(ClientHelloWriter, WritesSsl3WithoutExtensions) {
  const auto expected = octets("16 0300 0033 01 00002f 0300") + kRandom +
                        octets("00 0006 002f c02f 00ff 03 01 40 00");
  EXPECT_EQ(write_client_hello(small_hello(Protocol::kSsl3)), expected);
}

// RFC 5246 7.4.1.2, RFC 6066 3, RFC 8422 5.1, RFC 5246 7.4.1.4.1, RFC 7301 3.1, RFC 6066 8,
// RFC 7366, RFC 7627, RFC 5077, RFC 5746 3.2.
TEST(ClientHelloWriter, WritesTls12WithWhatWasAskedFor) {
  auto hello = small_hello(Protocol::kTls12);
  hello.offers_compression = false;
  hello.server_name = "a.tw";
  hello.groups = {0x001D, 0x0017};
  hello.signature_schemes = {0x0804};
  hello.application_protocols = {"h2", "dot"};
  hello.asks_for_status = true;
  hello.is_fallback = true;
  const auto body = octets("0303") + kRandom + octets("00 0006 002f c02f 5600 01 00 004c") +
                    octets("0000 0009 0007 00 0004 61 2e 74 77") +
                    octets("000a 0006 0004 001d 0017") + octets("000d 0004 0002 0804") +
                    octets("0010 0009 0007 02 68 32 03 64 6f 74") +
                    octets("0005 0005 01 0000 0000") + octets("000b 0002 01 00") +
                    octets("0016 0000 0017 0000 0023 0000") + octets("ff01 0001 00");
  EXPECT_EQ(write_client_hello(hello), octets("16 0301 007f") + message(1, body));
}

// RFC 8446 4.1.2, 4.2.1, 4.2.9, 4.2.8: no key at all asks for a HelloRetryRequest.
TEST(ClientHelloWriter, WritesTls13WithoutAKeyAndWithoutCompression) {
  auto hello = small_hello(Protocol::kTls13);
  hello.suites = {0x1301};
  const auto body = octets("0303") + kRandom + octets("20") + kRandom +
                    octets("0002 1301 01 00 0013") + octets("002b 0003 02 0304") +
                    octets("002d 0002 01 01") + octets("0033 0002 0000");
  EXPECT_EQ(write_client_hello(hello), octets("16 0301 0062") + message(1, body));
}

TEST(ClientHelloWriter, PutsKeysIntoTls13) {
  auto hello = small_hello(Protocol::kTls13);
  hello.key_shares = {{0x001D, "kk"}};
  EXPECT_TRUE(write_client_hello(hello).ends_with(octets("0033 0008 0006 001d 0002 6b 6b")));
}

TEST(ClientHelloWriter, ALongListFitsIntoOneRecord) {
  auto hello = small_hello(Protocol::kTls12);
  for (const auto& suite : all_suites()) hello.suites.push_back(suite.code);
  const auto bytes = write_client_hello(hello);
  const auto length =
      static_cast<unsigned char>(bytes[3]) * 256U + static_cast<unsigned char>(bytes[4]);
  EXPECT_EQ(length + 5, bytes.size());
  EXPECT_LT(length, 1U << 14U);
}

TEST(ClientHelloWriter, WritesTheHelloOfSsl2) {
  const auto bytes = write_ssl2_hello("0123456789abcdef");
  EXPECT_EQ(bytes.substr(0, 11), octets("80 34 01 0002 001b 0000 0010"));
  EXPECT_EQ(bytes.substr(11, 6), octets("010080 020080"));
  EXPECT_TRUE(bytes.ends_with("0123456789abcdef"));
}

}  // namespace
}  // namespace assay::agent::tls
