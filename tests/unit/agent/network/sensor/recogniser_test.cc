#include "agent/network/sensor/recognise/recogniser.h"

#include <gtest/gtest.h>

#include "agent/network/sensor/recognise/dns.h"
#include "tests/unit/agent/network/sensor/frames.h"

namespace assay::agent::sensor {
namespace {

struct Dialogue {
  const char* what;
  std::string service;
  std::string client;
  std::string server;
  Secret secret;
};

std::string element(unsigned char tag, std::string_view content) {
  return std::string(1, static_cast<char>(tag)) + static_cast<char>(content.size()) +
         std::string(content);
}
std::string ldap(unsigned char operation, std::string_view content, char id = 1) {
  return element(0x30, element(0x02, std::string(1, id)) + element(operation, content));
}
std::string bind_request(std::string_view choice) {
  return ldap(0x60, element(0x02, "\x03") + element(0x04, "cn=x,dc=example") + std::string(choice));
}

const std::string kTelnetBanner =
    "\xff\xfd\x18\xff\xfb\x01"
    "Debian\r\nlogin: ";
const std::string kEhlo = "EHLO me\r\n";
const std::string kSmtp = "220 mail ESMTP\r\n250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";

std::vector<Dialogue> dialogues() {
  using enum Secret;
  return {
      {"ftp", "ftp", "USER lin\r\nPASS hunter2\r\n", "220 x\r\n331 ?\r\n230 ok\r\n", kPassword},
      {"ftp, lower case, refused", "ftp", "user lin\r\npass hunter2\r\n",
       "220 x\r\n331 ?\r\n530 no\r\n", kPassword},
      {"ftp without its greeting", "ftp", "USER lin\r\nPASS hunter2\r\n", "331 ?\r\n230 ok\r\n",
       kPassword},
      {"ftp, anonymous", "ftp", "USER anonymous\r\nPASS me@x\r\n", "220 x\r\n331 ?\r\n230 ok\r\n",
       kAnonymous},
      {"ftp, name only", "ftp", "USER lin\r\n", "220 x\r\n331 ?\r\n", kNone},
      {"pop3", "pop3", "USER lin\r\nPASS hunter2\r\n", "+OK hi\r\n+OK\r\n+OK\r\n", kPassword},
      {"pop3 AUTH PLAIN", "pop3", "AUTH PLAIN AGxpbgBodW50ZXIy\r\n", "+OK hi\r\n+OK\r\n",
       kPassword},
      {"pop3 AUTH LOGIN in steps", "pop3", "AUTH LOGIN\r\nbGlu\r\n", "+OK hi\r\n+ VXNlcg==\r\n",
       kPassword},
      {"pop3 APOP sends no password", "pop3", "APOP lin c4c9334bac560ecc979e58001b3e22fb\r\n",
       "+OK <1@x>\r\n+OK\r\n", kNone},
      {"imap", "imap", "a LOGIN lin hunter2\r\n", "* OK ready\r\na OK in\r\n", kPassword},
      {"imap AUTHENTICATE", "imap", "a AUTHENTICATE PLAIN\r\nAGxpbgBodW50ZXIy\r\n",
       "* OK ready\r\n+ \r\na OK in\r\n", kPassword},
      {"imap token", "imap", "a authenticate xoauth2 dG9rZW4=\r\n", "* OK ready\r\n", kToken},
      {"imap, called off", "imap", "a AUTHENTICATE PLAIN\r\n*\r\n", "* OK ready\r\n+ \r\n", kNone},
      {"smtp", "smtp", kEhlo + "AUTH PLAIN AGxpbgBodW50ZXIy\r\n", kSmtp + "235 ok\r\n", kPassword},
      {"smtp in steps", "smtp", kEhlo + "AUTH LOGIN\r\nbGlu\r\naHVudGVyMg==\r\n",
       kSmtp + "334 VXNlcg==\r\n334 UGFzcw==\r\n", kPassword},
      {"smtp CRAM-MD5 sends no password", "smtp", kEhlo + "AUTH CRAM-MD5\r\nbGlu\r\n",
       kSmtp + "334 PDE+\r\n235 ok\r\n", kNone},
      {"smtp without log-in", "smtp", kEhlo + "MAIL FROM:<a@x>\r\n", kSmtp, kNone},
      {"http basic", "http", "GET / HTTP/1.1\r\nHost: x\r\nauthorization: basic bGluOng=\r\n\r\n",
       "HTTP/1.1 200 OK\r\n", kPassword},
      {"http proxy", "http", "CONNECT x:443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n",
       "", kPassword},
      {"http bearer", "http", "GET / HTTP/1.1\r\nAuthorization: Bearer ey\r\n\r\n", "", kToken},
      {"http, basic and bearer", "http",
       "GET / HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\nAuthorization: Bearer ey\r\n\r\n", "",
       kPassword},
      {"http digest", "http", "GET / HTTP/1.0\r\nAuthorization: Digest x=y\r\n\r\n", "", kNone},
      {"telnet", "telnet", "\xff\xfb\x18lin\r\nhunter2\r\n",
       kTelnetBanner + "Password: ", kPassword},
      {"telnet, before the password", "telnet", "\xff\xfb\x18lin\r\n",
       kTelnetBanner + "Password: ", kNone},
      {"ldap simple bind", "ldap", bind_request(element(0x80, "hunter2")), "", kPassword},
      {"ldap anonymous bind", "ldap", bind_request(element(0x80, "")), "", kNone},
      {"ldap SASL PLAIN", "ldap",
       bind_request(element(0xa3, element(4, "PLAIN") + element(4, "x"))), "", kPassword},
      {"ldap SASL GSSAPI", "ldap",
       bind_request(element(0xa3, element(4, "GSSAPI") + element(4, "x"))), "", kNone},
      {"vnc password", "vnc", "RFB 003.008\n\x02", "RFB 003.008\n\x01\x02", kChallenge},
      {"vnc without", "vnc", "RFB 003.008\n\x01", "RFB 003.008\n\x01\x01", kAnonymous},
      {"vnc 3.3", "vnc", "RFB 003.003\n", std::string("RFB 003.003\n\0\0\0\x02", 16), kChallenge},
      {"vnc under TLS", "vnc", "RFB 003.008\n\x13", "RFB 003.008\n\x01\x13", kNone},
      {"ssh", "ssh", "SSH-2.0-x\r\n", "SSH-2.0-y\r\n", kNone},
      {"nothing known", "", "\x01\x02\x03\x04", "\x05\x06\x07\x08", kNone},
      {"text that is nothing known", "", "hello there\r\n", "well, hello\r\n", kNone},
  };
}

struct Told {
  std::string service;
  Secret secret = Secret::kNone;
};

// As the sensor does: the first that is certain.
Told look(const std::string& client, const std::string& server) {
  for (const auto& each : recognisers()) {
    Recognised found;
    const auto verdict = each.look({bytes_of(client), bytes_of(server), true}, &found);
    if (verdict != Verdict::kNo && (found.is_certain || verdict == Verdict::kYes))
      return {std::string(each.name), found.secret};
  }
  return {};
}

TEST(RecogniserTest, TellsProtocolsAndSecretsByWhatIsSaid) {
  for (const auto& each : dialogues()) {
    const auto got = look(each.client, each.server);
    EXPECT_EQ(got.service, each.service) << each.what;
    EXPECT_EQ(got.secret, each.secret) << each.what;
  }
}

// A protocol must not be certain of another's dialogue, however little of it there is.
TEST(RecogniserTest, NoProtocolTakesAnothersDialogueForItsOwn) {
  for (const auto& each : dialogues())
    for (std::size_t client = 0; client <= each.client.size(); ++client)
      for (std::size_t server = 0; server <= each.server.size(); ++server) {
        const auto got = look(each.client.substr(0, client), each.server.substr(0, server));
        EXPECT_TRUE(got.service.empty() || got.service == each.service)
            << each.what << " as " << got.service << " after " << client << " and " << server;
      }
}

Recognised found_in(std::string_view service, const std::string& client,
                    const std::string& server) {
  Recognised found;
  EXPECT_NE(find_recogniser(service)->look({bytes_of(client), bytes_of(server), true}, &found),
            Verdict::kNo);
  return found;
}

TEST(RecogniserTest, FindsWhereTlsBegins) {
  const auto begins = [](const Recognised& found, const std::string& client,
                         const std::string& server) {
    if (found.tls_client == kNoTls || found.tls_server == kNoTls) return std::string("not at all");
    return client.substr(found.tls_client) + "|" + server.substr(found.tls_server);
  };
  struct Case {
    const char* service;
    std::string client;
    std::string server;
  };
  const std::string oid = "1.3.6.1.4.1.1466.20037";
  for (const auto& each : std::vector<Case>{
           {"ftp", "AUTH TLS\r\n", "220 x\r\n234 go\r\n"},
           {"pop3", "CAPA\r\nSTLS\r\n", "+OK x\r\n+OK\r\nSTLS\r\n.\r\n+OK go\r\n"},
           {"imap", "a STARTTLS\r\n", "* OK [CAPABILITY STARTTLS] x\r\na OK go\r\n"},
           {"smtp", "EHLO x\r\nSTARTTLS\r\n", kSmtp + "220 go\r\n"},
           {"ldap", ldap(0x77, element(0x80, oid)),
            ldap(0x78, element(0x0a, std::string(1, '\0')) + element(4, "") + element(4, ""))}}) {
    const auto client = each.client + "\x16\x03\x01";
    const auto server = each.server + "\x16\x03\x03";
    const auto found = found_in(each.service, client, server);
    EXPECT_EQ(begins(found, client, server), "\x16\x03\x01|\x16\x03\x03") << each.service;
    EXPECT_EQ(found.offers_tls, true) << each.service;
    EXPECT_EQ(found.secret, Secret::kNone) << each.service;
  }
}

TEST(RecogniserTest, AServerThatRefusesTlsGetsThePasswordInClear) {
  EXPECT_EQ(
      look("AUTH TLS\r\nUSER a\r\nPASS b\r\n", "220 x\r\n502 no\r\n331 ?\r\n230 ok\r\n").secret,
      Secret::kPassword);
  EXPECT_EQ(look("STLS\r\nUSER a\r\nPASS b\r\n", "+OK x\r\n-ERR no\r\n+OK\r\n+OK\r\n").secret,
            Secret::kPassword);
}

std::string client_hello(std::string_view name) {
  const auto entry =
      std::string(1, '\0') + number16(static_cast<unsigned>(name.size())) + std::string(name);
  const auto list = number16(static_cast<unsigned>(entry.size())) + entry;
  const auto names = number16(0) + number16(static_cast<unsigned>(list.size())) + list;
  const auto body = std::string("\x03\x03", 2) + std::string(32, 'r') + std::string(1, '\0') +
                    number16(2) + number16(0x1301) + std::string("\x01\x00", 2) +
                    number16(static_cast<unsigned>(names.size())) + names;
  const auto message =
      "\x01" + std::string(1, '\0') + number16(static_cast<unsigned>(body.size())) + body;
  return "\x16\x03\x01" + number16(static_cast<unsigned>(message.size())) + message;
}
std::string server_hello(unsigned version, unsigned suite, unsigned selected) {
  auto body = number16(version) + std::string(32, 'r') + std::string(1, '\0') + number16(suite) +
              std::string(1, '\0');
  if (selected != 0) body += number16(6) + number16(43) + number16(2) + number16(selected);
  const auto message =
      "\x02" + std::string(1, '\0') + number16(static_cast<unsigned>(body.size())) + body;
  return "\x16\x03\x03" + number16(static_cast<unsigned>(message.size())) + message;
}

TEST(RecogniserTest, ReadsVersionSuiteAndNameOfTls) {
  const auto new_one =
      found_in("tls", client_hello("www.example"), server_hello(0x0303, 0x1302, 0x0304));
  EXPECT_EQ(new_one.tls_version, 0x0304);
  EXPECT_EQ(new_one.tls_suite, 0x1302);
  EXPECT_EQ(new_one.name, "www.example");
  const auto old_one = found_in("tls", client_hello("x.example"), server_hello(0x0301, 0x0035, 0));
  EXPECT_EQ(old_one.tls_version, 0x0301);
  EXPECT_EQ(old_one.tls_suite, 0x0035);
  const auto refused = found_in("tls", client_hello("x.example"), "\x15\x03\x01\x02\x02\x28");
  EXPECT_EQ(refused.tls_version, 0);
}

TEST(RecogniserTest, PutsAHelloThatIsSpreadOverRecordsTogether) {
  const auto whole = client_hello("spread.example").substr(5);
  std::string spread;
  for (std::size_t at = 0; at < whole.size(); at += 20) {
    const auto part = whole.substr(at, 20);
    spread += "\x16\x03\x01" + number16(static_cast<unsigned>(part.size())) + part;
  }
  EXPECT_EQ(found_in("tls", spread, server_hello(0x0303, 1, 0)).name, "spread.example");
}

TEST(RecogniserTest, AServerNameThatIsNoneIsLeftOut) {
  EXPECT_EQ(found_in("tls", client_hello("bad\nname"), "").name, "");
  EXPECT_EQ(found_in("tls", client_hello(std::string(200, 'x') + "\x1b[2J"), "").name, "");
}

TEST(RecogniserTest, KnowsSnmpByItsForm) {
  const auto snmp = [](char version, std::string_view second) {
    return element(0x30, element(0x02, std::string(1, version)) + std::string(second) +
                             element(0xa0, std::string(6, 'x')));
  };
  Recognised found;
  EXPECT_TRUE(look_for_snmp(bytes_of(snmp(1, element(0x04, "s3cret"))), &found));
  EXPECT_EQ(found.secret, Secret::kCommunity);
  Recognised third;
  EXPECT_TRUE(look_for_snmp(bytes_of(snmp(3, element(0x30, "abc"))), &third));
  EXPECT_EQ(third.secret, Secret::kNone);
  Recognised none;
  EXPECT_FALSE(look_for_snmp(bytes_of(snmp(7, element(0x04, "x"))), &none));
  EXPECT_FALSE(look_for_snmp(bytes_of(snmp(1, element(0x04, "x")) + "trailing"), &none));
}

std::string dns_header(unsigned flags, unsigned answers) {
  return number16(7) + number16(flags) + number16(1) + number16(answers) + number16(0) +
         number16(0);
}
const std::string kQuestion = std::string(
                                  "\x03WWW\x07"
                                  "Example\x00",
                                  13) +
                              number16(1) + number16(1);

TEST(DnsTest, ReadsQuestionsAndAnswers) {
  DnsMessage message;
  ASSERT_TRUE(read_dns(bytes_of(dns_header(0x0100, 0) + kQuestion), &message));
  EXPECT_EQ(message.name, "www.example");
  EXPECT_FALSE(message.is_answer);
  const auto answer = dns_header(0x8180, 1) + kQuestion + number16(0xc00c) + number16(1) +
                      number16(1) + number32(60) + number16(4) + wire_address("203.0.113.9");
  ASSERT_TRUE(read_dns(bytes_of(answer), &message));
  EXPECT_TRUE(message.is_answer);
  ASSERT_EQ(message.addresses.size(), 1U);
  EXPECT_EQ(to_text(message.addresses[0]), "203.0.113.9");
}

TEST(DnsTest, RefusesWhatIsNoneAndNeverLoops) {
  DnsMessage message;
  const auto refuses = [&](const std::string& bytes) {
    return !read_dns(bytes_of(bytes), &message);
  };
  EXPECT_TRUE(refuses(dns_header(0x0100, 0) + std::string("\xc0\x0c", 2) + number32(0x10001)));
  EXPECT_TRUE(refuses(dns_header(0x0100, 0) + std::string("\xc0\x20", 2) + number32(0x10001)));
  EXPECT_TRUE(refuses(dns_header(0x0100, 1) + kQuestion));
  EXPECT_TRUE(refuses(dns_header(0x2900, 0) + kQuestion));
  EXPECT_TRUE(refuses(std::string(500, 'x')));
  std::string deep = dns_header(0x0100, 0);
  for (int count = 0; count < 10; ++count) deep += '\x3f' + std::string(63, 'a');
  EXPECT_TRUE(refuses(deep + std::string(1, '\0') + number32(0x10001)));
}

TEST(DnsTest, BytesThatNoNameHasAreEscaped) {
  DnsMessage message;
  const auto bytes = dns_header(0x0100, 0) +
                     std::string(
                         "\x03"
                         "a\n.\x00",
                         5) +
                     number32(0x10001);
  ASSERT_TRUE(read_dns(bytes_of(bytes), &message));
  EXPECT_EQ(message.name, "a\\010\\046");
}

}  // namespace
}  // namespace assay::agent::sensor
