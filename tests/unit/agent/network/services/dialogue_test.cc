// The dialogues over bytes that servers say, and over what they must not be taken in by.
#include "agent/network/services/protocols/ssh/ssh_wire.h"
#include "tests/unit/agent/network/services/played.h"

namespace assay::agent::services {
namespace {

using std::string_literals::operator""s;

TEST(ServiceDialogue, AGreetingOf220IsFtpOrMailByWhatFollows) {
  EXPECT_EQ(play("ftp", {"220 hello\r\n", "215 UNIX\r\n", "234 go\r\n"}).turn, Turn::kDone);
  EXPECT_EQ(play("ftp", {"220 hello\r\n", "502 what?\r\n"}).turn, Turn::kForeign);
  EXPECT_EQ(play("smtp", {"220 hello\r\n", "250 me\r\n"}).turn, Turn::kDone);
  EXPECT_EQ(play("smtp", {"220 hello\r\n", "500 what?\r\n"}).turn, Turn::kForeign);
  EXPECT_EQ(play("ftp", {"220 mx ESMTP\r\n"}).turn, Turn::kForeign);
  EXPECT_EQ(play("smtp", {"220 (vsFTPd 3.0.3)\r\n"}).turn, Turn::kForeign);
}

TEST(ServiceDialogue, FtpInPiecesAndInManyLines) {
  const auto part = play("ftp", {"220-ProFTPD\r\n220 not", "hing more"});
  EXPECT_EQ(part.turn, Turn::kMore);
  const auto whole = play("ftp", {"220-ProFTPD 1.3.8b\r\n220 FTP\r\n", "500 no\r\n"});
  EXPECT_EQ(whole.turn, Turn::kDone);
  EXPECT_EQ(whole.facts.product, "ProFTPD");
  EXPECT_EQ(whole.facts.version, "1.3.8b");
  EXPECT_EQ(whole.facts.start_tls, false);
}

// A server that has no process to spare says E, as a broken one: that is no answer, and it is asked
// once more.
TEST(ServiceDialogue, PostgresqlThatCannotAnswerIsNotTakenForOneWithoutTls) {
  const std::string refusal(
      "E\0\0\0\x13"
      "SFATAL\0C0A000\0\0",
      20);
  auto first = play("postgresql", {refusal});
  ASSERT_EQ(first.turn, Turn::kDone);
  EXPECT_EQ(play(first.dialogue->follow_up(), {"S"}).facts.start_tls, true);
  EXPECT_EQ(play(first.dialogue->follow_up(), {"N"}).facts.start_tls, false);
  const auto busy = play(first.dialogue->follow_up(), {"Ecould not fork new process\n"});
  EXPECT_EQ(busy.turn, Turn::kForeign);
  EXPECT_EQ(first.dialogue->facts.start_tls, std::nullopt);
}

TEST(ServiceDialogue, FtpAsksForAPasswordInClear) {
  auto first = play("ftp", {"220 FTP\r\n", "234 go\r\n"});
  auto next = play(first.dialogue->follow_up(), {"220 FTP\r\n", "331 password?\r\n"});
  EXPECT_EQ(next.facts.cleartext_login, true);
  EXPECT_EQ(next.sent, "USER assay-scanner.invalid\r\nQUIT\r\n");
  EXPECT_EQ(next.dialogue->follow_up(), nullptr);  // anonymous is not tried
  auto again = play("ftp", {"220 FTP\r\n", "234 go\r\n"});
  EXPECT_EQ(play(again.dialogue->follow_up(), {"220 FTP\r\n", "530 not without TLS\r\n"})
                .facts.cleartext_login,
            false);
}

TEST(ServiceDialogue, MailSaysWhatItTakesInClear) {
  const auto smtp =
      play("smtp", {"220 mx ESMTP Postfix\r\n",
                    "250-mx\r\n250-STARTTLS\r\n250-AUTH PLAIN CRAM-MD5\r\n250 OK\r\n"});
  EXPECT_EQ(smtp.facts.start_tls, true);
  EXPECT_EQ(smtp.facts.cleartext_login, true);
  EXPECT_EQ(details(smtp.facts, "auth_method"), (std::vector<std::string>{"PLAIN", "CRAM-MD5"}));
  const auto imap = play("imap", {"* OK Dovecot ready.\r\n",
                                  "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na1 OK\r\n"});
  EXPECT_EQ(imap.facts.cleartext_login, false);
  EXPECT_EQ(imap.facts.start_tls, true);
  const auto pop3 = play("pop3", {"+OK ready\r\n", "+OK\r\nSTLS\r\nUIDL\r\n.\r\n"});
  EXPECT_EQ(pop3.facts.cleartext_login, false);
  EXPECT_EQ(play("pop3", {"+OK\r\n", "+OK\r\nUSER\r\n.\r\n"}).facts.cleartext_login, true);
  EXPECT_EQ(play("pop3", {"+OK\r\n", "+OK\r\nUSER\r\n.\r\n"}, true).facts.cleartext_login, false);
  // Without the list of what it can, it is not known, and not said.
  EXPECT_EQ(play("imap", {"* OK\r\n", "a1 BAD\r\n"}).facts.cleartext_login, std::nullopt);
}

TEST(ServiceDialogue, TelnetNegotiatesAndItsPromptCounts) {
  const auto played =
      play("telnet", {"\xFF\xFD\x18\xFF\xFB\x01"s, "\xFF\xFA\x18\x01\xFF\xF0host login: "s});
  EXPECT_EQ(played.turn, Turn::kDone);
  EXPECT_EQ(played.sent, "\xFF\xFC\x18\xFF\xFE\x01"s);
  EXPECT_EQ(played.facts.cleartext_login, true);
  auto silent = play("telnet", {"\xFF\xFD\x18"s});
  EXPECT_EQ(silent.turn, Turn::kMet);
  EXPECT_EQ(silent.dialogue->end("", Last::kGivenUp), Turn::kDone);
  EXPECT_EQ(silent.dialogue->facts.cleartext_login, std::nullopt);
  EXPECT_EQ(play("telnet", {"login: "}).turn, Turn::kForeign);
  EXPECT_EQ(play("telnet", {"\xFF\xD8\xFF\xE0"s}).turn, Turn::kForeign);  // a JPEG
}

TEST(ServiceDialogue, TelnetThatAsksForEverIsNotAnsweredForEver) {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "\xFF\xFD\x18"s;
  const auto played = play("telnet", {many});
  EXPECT_LE(played.sent.size(), 64U * 3);
  EXPECT_LE(played.facts.details.size(), kMaxDetails);
}

TEST(ServiceDialogue, HttpTellsWhereItSendsToAndWhatItAsksFor) {
  const auto moved = play("http", {"HTTP/1.1 301 Moved\r\nServer: nginx/1.22.1 (x)\r\nLocation: "
                                   "https://a/\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_EQ(moved.turn, Turn::kDone);
  EXPECT_EQ(moved.facts.redirects_to_https, true);
  EXPECT_EQ(moved.facts.product + " " + moved.facts.version, "nginx 1.22.1");
  const auto basic =
      play("http",
           {"HTTP/1.1 401 x\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_EQ(basic.facts.cleartext_login, true);
  EXPECT_EQ(details(basic.facts, "auth_method"), std::vector<std::string>{"Basic"});
  EXPECT_EQ(play("http",
                 {"HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=0\r\nContent-Length: "
                  "0\r\n\r\n"},
                 true)
                .facts.hsts,
            false);
  EXPECT_EQ(play("http", {"<html>"}).turn, Turn::kForeign);
  EXPECT_EQ(play("http", {"HTTP/1.1 999 x\r\n\r\n"}).turn, Turn::kForeign);
  EXPECT_EQ(play("http", {"HTTP/1.1 200"}).turn, Turn::kMore);
}

TEST(ServiceDialogue, ApplicationsOverHttp) {
  const auto answer = [](const std::string& head, const std::string& body) {
    return head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  const auto elastic = play(
      "http", {answer("HTTP/1.1 200 OK", R"({"cluster_name":"c","version":{"number":"8.1.0"}})")});
  EXPECT_EQ(elastic.facts.protocol, "elasticsearch");
  EXPECT_EQ(elastic.facts.authentication, false);
  EXPECT_EQ(elastic.facts.version, "8.1.0");
  const auto closed =
      play("http", {answer("HTTP/1.1 401 x\r\nWWW-Authenticate: Basic realm=\"security\"",
                           R"({"error":{"type":"security_exception"}})")});
  EXPECT_EQ(closed.facts.protocol + "/" + (*closed.facts.authentication ? "required" : "none"),
            "elasticsearch/required");
  auto docker =
      play("http", {answer("HTTP/1.1 404 Not Found", "{\"message\":\"page not found\"}\n")});
  EXPECT_EQ(docker.facts.protocol, "http");
  auto ping = docker.dialogue->follow_up();
  ASSERT_NE(ping, nullptr);
  const auto pinged =
      play(std::move(ping), {"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nDocker-Experimental: "
                             "false\r\nServer: Docker/20.10.24 (linux)\r\n\r\n"});
  EXPECT_TRUE(pinged.sent.starts_with("HEAD /_ping HTTP/1.1\r\n"));
  EXPECT_EQ(pinged.facts.protocol, "docker");
  EXPECT_EQ(pinged.facts.authentication, false);
  EXPECT_EQ(pinged.facts.version, "20.10.24");
}

TEST(ServiceDialogue, ElasticsearchOfOddTypesIsNoException) {
  for (const auto* body : {"{}", "[]", "nonsense", R"({"cluster_name":1,"version":2})",
                           R"({"cluster_name":"c","version":{"number":7,"distribution":[]}})"})
    EXPECT_EQ(play("http", {"HTTP/1.1 200 OK\r\nContent-Length: " +
                            std::to_string(std::string(body).size()) + "\r\n\r\n" + body})
                  .turn,
              Turn::kDone)
        << body;
}

TEST(ServiceDialogue, SshTellsItsOfferAndKeys) {
  SshOffer offer{.key_exchanges = {"curve25519-sha256", "ext-info-s"},
                 .host_keys = {"rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519"},
                 .ciphers_in = {"aes128-ctr"},
                 .ciphers_out = {"aes128-ctr", "3des-cbc"},
                 .macs_in = {"hmac-md5"},
                 .macs_out = {"hmac-md5"}};
  auto played = play("ssh", {"a line before\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
                             ssh_packet(write_ssh_offer(offer))});
  EXPECT_EQ(played.turn, Turn::kDone);
  EXPECT_EQ(played.facts.product + " " + played.facts.version, "OpenSSH 9.2p1");
  EXPECT_EQ(details(played.facts, "key_exchange"), std::vector<std::string>{"curve25519-sha256"});
  EXPECT_EQ(details(played.facts, "cipher"), (std::vector<std::string>{"aes128-ctr", "3des-cbc"}));
  auto key = played.dialogue->follow_up();
  ASSERT_NE(key, nullptr);
  const auto blob = "\0\0\0\x07ssh-rsa\0\0\0\x01\x03\0\0\0\x03\0\xFF\x01"s;
  const auto reply = "\x1F\0\0\0"s + static_cast<char>(blob.size()) + blob;
  auto with_key = play(std::move(key),
                       {"SSH-2.0-x\r\n", ssh_packet(write_ssh_offer(offer)), ssh_packet(reply)});
  EXPECT_EQ(details(with_key.facts, "host_key"), std::vector<std::string>{"ssh-rsa 16"});
  EXPECT_NE(with_key.dialogue->follow_up(), nullptr);  // RSA is asked for once, Ed25519 is left
}

TEST(ServiceDialogue, SshMethodsThatWereNotSeenAreUnknown) {
  const SshOffer offer{.key_exchanges = {"x@example.tw"}, .host_keys = {"ssh-ed25519"}};
  const auto packet = ssh_packet(write_ssh_offer(offer));
  const auto ask = [&] { return play("ssh", {"SSH-2.0-x\r\n", packet}).dialogue->follow_up(); };
  auto other = play(ask(), {"SSH-2.0-x\r\n", packet});
  EXPECT_TRUE(other.sent.starts_with("SSH-2.0-"));
  EXPECT_EQ(other.turn, Turn::kDone);
  EXPECT_EQ(other.facts.protocol, "ssh");
  EXPECT_EQ(other.facts.authentication, std::nullopt);
  EXPECT_NE(other.facts.detail.find("no algorithm in common: kex"), std::string::npos)
      << other.facts.detail;
  auto silent = play(ask(), {"SSH-2.0-x\r\n"});
  EXPECT_EQ(silent.turn, Turn::kMet);
  EXPECT_EQ(silent.dialogue->end({}, Last::kGivenUp), Turn::kDone);
  EXPECT_EQ(silent.dialogue->facts.authentication, std::nullopt);
  EXPECT_NE(silent.dialogue->facts.detail.find("methods of authentication were not seen"),
            std::string::npos);
  EXPECT_EQ(play(ask(), {std::string(3000, '\xF7')}).facts.authentication, std::nullopt);
}

TEST(ServiceDialogue, SshThatIsBrokenIsStillSsh) {
  const auto played = play("ssh", {"SSH-2.0-x\r\n", "\xFF\xFF\xFF\xFF\x04zzz"s});
  EXPECT_EQ(played.turn, Turn::kDone);
  EXPECT_EQ(played.facts.protocol, "ssh");
  EXPECT_FALSE(played.facts.detail.empty());
  EXPECT_EQ(play("ssh", {std::string(300, 'x')}).turn, Turn::kForeign);
}

TEST(ServiceDialogue, StoresWithAndWithoutALogIn) {
  EXPECT_EQ(
      play("redis", {"+PONG\r\n", "$20\r\nredis_version:7.0.15\r\nconfig_file:\r\n"}).facts.version,
      "7.0.15");
  EXPECT_EQ(play("redis", {"-NOAUTH Authentication required.\r\n"}).facts.authentication, true);
  EXPECT_EQ(play("redis", {"-ERR unknown command\r\n"}).turn, Turn::kForeign);
  EXPECT_EQ(play("memcached", {"VERSION 1.6.18\r\n"}).facts.authentication, false);
  EXPECT_EQ(play("memcached", {"ERROR\r\n"}).turn, Turn::kForeign);
}

std::string mongo(const std::string& fields) {
  const auto number = [](std::size_t n) {
    return std::string{static_cast<char>(n & 0xFFU), static_cast<char>(n >> 8U), 0, 0};
  };
  const auto document = number(fields.size() + 5) + fields + '\0';
  return number(21 + document.size()) + number(0) + number(1) + "\xDD\x07\0\0"s + number(0) + '\0' +
         document;
}

TEST(ServiceDialogue, MongodbSaysWhetherItIsOpen) {
  const auto ok = "\x01ok\0\0\0\0\0\0\0\xF0\x3F"s;
  const auto hello = mongo("\x10maxWireVersion\0\x11\0\0\0"s + ok);
  const auto build = mongo(
      "\x02version\0\x07\0\0\0"
      "6.0.14\0"s +
      ok);
  const auto open = play("mongodb", {hello, build, mongo(ok)});
  EXPECT_EQ(open.turn, Turn::kDone);
  EXPECT_EQ(open.facts.version, "6.0.14");
  EXPECT_EQ(open.facts.authentication, false);
  const auto closed = play("mongodb", {hello, build,
                                       mongo("\x01ok\0\0\0\0\0\0\0\0\0\x10"
                                             "code\0\x0D\0\0\0"s)});
  EXPECT_EQ(closed.facts.authentication, true);
  EXPECT_EQ(play("mongodb", {mongo(ok)}).turn, Turn::kForeign);
}

TEST(ServiceDialogue, VncNamesItsSecurity) {
  EXPECT_EQ(play("vnc", {"RFB 003.008\n", "\x01\x01"s}).facts.authentication, false);
  EXPECT_EQ(play("vnc", {"RFB 003.008\n", "\x02\x02\x05"s}).facts.authentication, true);
  EXPECT_EQ(play("vnc", {"RFB 003.003\n", "\0\0\0\x01"s}).facts.authentication, false);
  EXPECT_EQ(play("vnc", {"RFB 003.008\n"s + '\0'}).facts.authentication, std::nullopt);
  EXPECT_EQ(play("vnc", {"RFB\n"}).turn, Turn::kForeign);
}

TEST(ServiceDialogue, VncWhoseKindsAreInsideIsAskedForThem) {
  const auto inside = [](const std::string& kinds) {
    return play("vnc", {"RFB 003.008\n", "\x02\x02\x13"s, "\0\x02"s, "\0"s + kinds});
  };
  const auto closed = inside("\x01\0\0\x01\x02"s);
  EXPECT_EQ(closed.sent, "RFB 003.008\n\x13\0\x02"s);
  EXPECT_EQ(closed.facts.authentication, true);
  EXPECT_EQ(details(closed.facts, "security_type"),
            (std::vector<std::string>{"vnc", "vencrypt", "vencrypt-tls-vnc"}));
  EXPECT_EQ(inside("\x02\0\0\x01\x02\0\0\x01\x01"s).facts.authentication, false);
  // One that is not known, no version in common, or the end before it is told: nobody can say.
  EXPECT_EQ(inside("\x01\0\0\x02\0"s).facts.authentication, std::nullopt);
  EXPECT_EQ(play("vnc", {"RFB 003.008\n", "\x01\x13\0\x01"s}).facts.authentication, std::nullopt);
  auto cut = play("vnc", {"RFB 003.008\n", "\x02\x02\x13"s, "\0\x02"s});
  EXPECT_EQ(cut.turn, Turn::kMet);
  EXPECT_EQ(cut.dialogue->end({}, Last::kGivenUp), Turn::kDone);
  EXPECT_EQ(cut.dialogue->facts.authentication, std::nullopt);
  EXPECT_FALSE(cut.dialogue->facts.detail.empty());
}

TEST(ServiceDialogue, RdpWithAndWithoutNla) {
  const auto answer = [](char kind, char value) {
    return "\x03\0\0\x13\x0E\xD0\0\0\x12\x34\0"s + kind + "\0\x08\0"s + value + "\0\0\0"s;
  };
  auto first = play("rdp", {answer(2, 2)});
  EXPECT_EQ(first.facts.start_tls, true);
  auto second = play(first.dialogue->follow_up(), {answer(3, 5)});
  EXPECT_EQ(second.facts.network_level_authentication, true);
  auto third = play(second.dialogue->follow_up(), {answer(3, 5)});
  EXPECT_EQ(third.facts.network_level_authentication, true);
  EXPECT_EQ(third.dialogue->follow_up(), nullptr);
  auto open = play("rdp", {answer(2, 2)});
  EXPECT_EQ(play(open.dialogue->follow_up(), {answer(2, 1)}).facts.network_level_authentication,
            false);
  // Refused for want of a certificate: nothing is known of NLA.
  auto other = play("rdp", {answer(3, 3)});
  EXPECT_EQ(play(other.dialogue->follow_up(), {answer(3, 3)}).facts.network_level_authentication,
            std::nullopt);
}

TEST(ServiceDialogue, RpcIsNamedByItsProgram) {
  const auto reply = [](char number, char state) {
    return "\x80\0\0\x18"s + "\x41\x53\x41"s + static_cast<char>(0x59 + number) + "\0\0\0\x01"s +
           std::string(12, '\0') + "\0\0\0"s + state;
  };
  EXPECT_EQ(play("rpc", {reply(0, 0)}).facts.protocol, "portmapper");
  EXPECT_EQ(play("rpc", {reply(0, 1), reply(1, 2)}).facts.protocol, "nfs");
  EXPECT_EQ(play("rpc", {reply(0, 1), reply(1, 1), reply(2, 1), reply(3, 1)}).facts.protocol,
            "rpc");
  EXPECT_EQ(play("rpc", {reply(5, 0)}).turn, Turn::kForeign);
}

TEST(ServiceDialogue, RCommandsThatSayWhoTheyAre) {
  EXPECT_EQ(play("rlogin", {"\x01rlogind: Permission denied.\r\n"}).facts.cleartext_login, true);
  EXPECT_EQ(play("rsh", {"\x01rlogind: Permission denied.\r\n"}).turn, Turn::kForeign);
}

TEST(ServiceDialogue, RCommandsThatWaitToBeAsked) {
  const auto asked = [](auto make, const std::string& said) { return play(make({}), {said}); };
  EXPECT_EQ(asked(make_asked_rlogin, "\x01rlogind: Permission denied.\r\n").facts.protocol,
            "rlogin");
  EXPECT_EQ(asked(make_asked_rlogin, "\0Password: "s).facts.cleartext_login, true);
  EXPECT_EQ(asked(make_asked_rlogin, "\0"s).turn, Turn::kMore);
  EXPECT_EQ(asked(make_asked_rlogin, "\0"s + std::string(600, 'x')).turn, Turn::kForeign);
  EXPECT_EQ(asked(make_asked_rlogin, "login: ").turn, Turn::kForeign);
  EXPECT_EQ(asked(make_asked_rexec, "\x01username too long\n").facts.protocol, "rexec");
  EXPECT_EQ(asked(make_asked_rexec, "\x01Permission denied.\n").turn, Turn::kForeign);
}

TEST(ServiceDialogue, WhatIsOfNobodyIsForeignToAll) {
  const std::string garbage =
      "\xF0\x9F\x92\xA9\x00\x01garbage\r\n\r\n"s + std::string(1000, '\xF7');
  for (const auto& protocol : protocols())
    EXPECT_EQ(play(protocol.name, {garbage}).turn, Turn::kForeign) << protocol.name;
}

TEST(ServiceDialogue, DatagramsAreKnownByTheirOwnAnswers) {
  for (const auto& datagram : datagrams()) {
    Facts facts;
    EXPECT_FALSE(datagram.requests({}).empty());
    EXPECT_FALSE(datagram.take("", {}, &facts)) << datagram.protocol;
    EXPECT_FALSE(datagram.take(std::string(100, '\xF7'), {}, &facts)) << datagram.protocol;
    // What it asks is no answer, come back as it may.
    for (const auto& request : datagram.requests({}))
      EXPECT_FALSE(datagram.take(request, {}, &facts)) << datagram.protocol;
  }
}

TEST(ServiceDialogue, NoCommunityIsTriedUnlessAskedFor) {
  for (const auto& datagram : datagrams())
    for (const auto& request : datagram.requests({}))
      EXPECT_EQ(request.find("public"), std::string::npos) << datagram.protocol;
}

// RFC 3412 6.2, RFC 3416 4.1
TEST(ServiceDialogue, SnmpTakesAnswersToItsOwnRequestsAlone) {
  const auto report = [](const std::string& number) {
    return "\x30\x13\x02\x01\x03\x30\x04\x02\x02"s + number + "\x04\0\x30\x06\x04\0\x04\0\xA8\0"s;
  };
  const auto response = [](const std::string& number) {
    return "\x30\x13\x02\x01\x01\x04\x06public\xA2\x06\x02"s + static_cast<char>(number.size()) +
           number + (number.size() == 2 ? "\x05\0"s : ""s);
  };
  Facts facts;
  EXPECT_FALSE(take_snmp(report("\x41\x54"), {}, &facts));
  EXPECT_FALSE(take_snmp(response("\x41\x54"), {}, &facts));
  EXPECT_FALSE(take_snmp(response("\x01\x41\x41\x53"), {}, &facts));
  EXPECT_TRUE(facts.details.empty());
  EXPECT_TRUE(take_snmp(report("\x41\x53"), {}, &facts));
  EXPECT_TRUE(take_snmp(response("\x41\x53"), {}, &facts));
  EXPECT_TRUE(take_snmp(response("\0\0\x41\x53"s), {}, &facts)) << "in four bytes";
  EXPECT_EQ(facts.default_community, true);
  for (std::size_t cut = 0; cut < 21; ++cut) {
    EXPECT_FALSE(take_snmp(report("\x41\x53").substr(0, cut), {}, &facts)) << cut;
    EXPECT_FALSE(take_snmp(response("\x41\x53").substr(0, cut), {}, &facts)) << cut;
  }
}

TEST(ServiceDialogue, NtpAndTftpTakeNothingButAnAnswer) {
  std::string answer(48, '\0');
  answer[0] = '\x24';  // version 4, a server
  answer[1] = '\x02';
  answer.replace(24, 8, "assay-sc");
  Facts facts;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(take_ntp(answer, {}, &facts));
  EXPECT_EQ(details(facts, "stratum"), std::vector<std::string>{"2"}) << "each is told once";
  EXPECT_FALSE(take_ntp(answer.substr(0, 47), {}, &facts));
  answer[24] = 'A';  // the time of somebody else's request
  EXPECT_FALSE(take_ntp(answer, {}, &facts));
  EXPECT_TRUE(take_tftp("\0\x05\0\x01no\0"s, {}, &facts));
  EXPECT_FALSE(take_tftp("\0\x05\0\x01no"s, {}, &facts)) << "cut";
  EXPECT_FALSE(take_tftp("\0\x03\0\x02xx"s, {}, &facts)) << "a second block before the first";
}

TEST(ServiceDialogue, DnsRecursionAndRefusal) {
  Facts open;
  EXPECT_TRUE(take_dns("\x41\x53\x81\x80\0\0\0\0\0\0\0\0"s, {}, &open));
  EXPECT_EQ(open.recursion, true);
  Facts closed;
  EXPECT_TRUE(take_dns("\x41\x53\x81\x85\0\0\0\0\0\0\0\0"s, {}, &closed));
  EXPECT_EQ(closed.recursion, false);
}

TEST(ServiceDialogue, AHostsNameInAGreetingIsNotKept) {
  const auto played =
      play("smtp", {"220 secret.example.tw ESMTP Exim 4.96\r\n", "250 secret.example.tw\r\n"});
  EXPECT_EQ(played.facts.product + " " + played.facts.version, "Exim 4.96");
  for (const auto& [name, value] : played.facts.details)
    EXPECT_EQ(value.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace assay::agent::services
