#include "agent/network/sensor/sensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "agent/network/sensor/capture/capture_file.h"
#include "agent/network/sensor/report/tables.h"
#include "evidence/canonical.h"
#include "tests/unit/agent/network/sensor/frames.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent::sensor {
namespace {

constexpr std::string_view kClient = "192.168.1.9";
constexpr std::string_view kServer = "192.168.1.2";

class SensorTest : public ::testing::Test {
 protected:
  void start(const SensorOptions& options = {}) { sensor_ = std::make_unique<Sensor>(options); }
  void take(const std::string& frame, std::int64_t seconds = 1'763'942'430) {
    if (!sensor_) start();
    sensor_->take(record_of(frame, seconds));
  }
  // The dialogue: what begins with '>' the client says, with '<' the server.
  void connection(unsigned port, const std::vector<std::string>& said,
                  std::string_view server = kServer, bool has_handshake = true) {
    const auto send = [&](bool is_client, std::uint32_t* at, std::uint8_t flags,
                          std::string_view data) {
      take(ethernet(0x0800, is_client
                                ? ipv4(kClient, server, 6, tcp(40000, port, *at, flags, data))
                                : ipv4(server, kClient, 6, tcp(port, 40000, *at, flags, data))));
      *at += static_cast<std::uint32_t>(data.size()) + ((flags & kSyn) != 0 ? 1 : 0);
    };
    std::uint32_t client = 0xfffffff0;  // the numbers go round in the middle
    std::uint32_t server_at = 1000;
    if (has_handshake) {
      send(true, &client, kSyn, "");
      send(false, &server_at, kSyn | kAck, "");
    }
    for (const auto& each : said)
      send(each[0] == '>', each[0] == '>' ? &client : &server_at, kAck, each.substr(1));
  }
  void datagram(std::string_view from, unsigned from_port, std::string_view to, unsigned to_port,
                std::string_view data) {
    take(ethernet(0x0800, ipv4(from, to, 17, udp(from_port, to_port, data))));
  }
  evidence::Table finished(evidence::Table (*which)(const Sensor&)) {
    if (!is_finished_) sensor_->finish();
    is_finished_ = true;
    auto table = which(*sensor_);
    EXPECT_EQ(table.defect(), "");
    return table;
  }
  // Rows as sorted lines.
  std::vector<std::string> rows(evidence::Table (*which)(const Sensor&),
                                const std::vector<std::string_view>& columns) {
    const auto table = finished(which);
    std::vector<std::string> all;
    for (std::size_t at = 0; at < table.rows().size(); ++at) all.push_back(row(table, at, columns));
    std::ranges::sort(all);
    return all;
  }
  std::string gaps(const CaptureSource& source = {.name = "x"}) {
    if (!is_finished_) sensor_->finish();
    is_finished_ = true;
    return evidence::to_text(observed_capture(*sensor_, source).at(0, "gaps"));
  }

  std::unique_ptr<Sensor> sensor_;
  bool is_finished_ = false;
};
using Rows = std::vector<std::string>;

TEST_F(SensorTest, AddsUpTheConnectionsOfAClient) {
  connection(2121, {"<220 x\r\n", ">USER a\r\n", "<331 ?\r\n", ">PASS b\r\n", "<230 ok\r\n"});
  EXPECT_EQ(rows(observed_flows,
                 {"client", "server", "server_port", "began", "service", "flows", "answered",
                  "packets_to_server", "packets_to_client", "bytes_to_server", "first_seen"}),
            Rows{"192.168.1.9|192.168.1.2|2121|syn|ftp|1|1|3|4|136|1763942400"});
  EXPECT_EQ(rows(observed_cleartext,
                 {"client", "server", "server_port", "service", "secret", "offers_tls", "times"}),
            Rows{"192.168.1.9|192.168.1.2|2121|ftp|password|NULL|1"});
  EXPECT_EQ(rows(observed_hosts, {"address", "packets"}), (Rows{"192.168.1.2|4", "192.168.1.9|3"}));
  EXPECT_EQ(gaps(), "");
}

TEST_F(SensorTest, SegmentsOutOfOrderAndTwiceGiveTheSame) {
  const auto segment = [](std::uint32_t at, std::string_view data) {
    return ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 110, at, kAck, data)));
  };
  take(ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 110, 99, kSyn))));
  take(ethernet(0x0800,
                ipv4(kServer, kClient, 6, tcp(110, 40000, 0, kAck, "+OK a\r\n+OK\r\n+OK\r\n"))));
  take(segment(108, "PASS hunter2\r\n"));
  take(segment(108, "PASS hunter2\r\n"));
  take(segment(100, "USER b\r\n"));
  EXPECT_EQ(rows(observed_cleartext, {"service", "secret", "times"}), Rows{"pop3|password|1"});
}

TEST_F(SensorTest, WhatIsSaidTellsClientFromServerWhenTheBeginningWasMissed) {
  connection(50001, {"<+OK a\r\n", ">USER x\r\n", "<+OK\r\n", ">PASS y\r\n", "<+OK\r\n"}, kServer,
             false);
  EXPECT_EQ(rows(observed_flows, {"client", "server", "began", "service", "answered"}),
            Rows{"192.168.1.9|192.168.1.2|content|pop3|1"});
}

TEST_F(SensorTest, EveryHttpRequestWithAPasswordCounts) {
  const std::string request =
      ">GET / HTTP/1.1\r\nHost: x.example\r\nAuthorization: Basic eDp5\r\n\r\n";
  connection(8080,
             {request, "<HTTP/1.1 200 OK\r\n\r\n", request, "<HTTP/1.1 200 OK\r\n\r\n", request});
  EXPECT_EQ(rows(observed_cleartext, {"service", "secret", "times"}), Rows{"http|password|3"});
  EXPECT_EQ(rows(observed_flows, {"server_name"}), Rows{"x.example"});
}

// So many times the same.
std::string repeated(std::size_t times, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

class LateLogin : public SensorTest {
 protected:
  void expect_secrets(const Rows& expected) {
    EXPECT_EQ(rows(observed_cleartext, {"service", "secret", "times"}), expected);
    EXPECT_EQ(gaps(), "");
  }
};

TEST_F(LateLogin, OfFtpBehindMuchElse) {
  std::vector<std::string> said{"<220 x\r\n"};
  for (int i = 0; i < 100; ++i) {
    said.push_back(">" + repeated(20, "NOOP\r\n"));
    said.push_back("<" + repeated(20, "200 ok\r\n"));
  }
  said.insert(said.end(), {">USER a\r\n", "<331 ?\r\n", ">PASS b\r\n", "<230 ok\r\n"});
  connection(21, said);
  expect_secrets({"ftp|password|1"});
}

// LDAPMessages (RFC 4511) of an operation, and what a search looks like from both sides.
std::string ldap_message(unsigned char operation, std::string_view content) {
  const auto element = [](unsigned char tag, std::string_view inside) {
    return std::string{static_cast<char>(tag), static_cast<char>(inside.size())} +
           std::string(inside);
  };
  return element(0x30, element(0x02, "\x01") + element(operation, content));
}
std::string ldap_bind(std::string_view choice) {
  return ldap_message(0x60,
                      "\x02\x01\x03\x04\x04"
                      "cn=x" +
                          std::string(choice));
}
const std::string kLdapSearch = ldap_message(0x63, std::string(60, 'x'));
const std::string kLdapDone = ldap_message(0x65, "\x0a\x01");

TEST_F(LateLogin, OfLdapBehindManySearches) {
  std::vector<std::string> said{">" + ldap_bind("\x80" + std::string(1, '\0')), "<" + kLdapDone};
  for (int i = 0; i < 300; ++i) {
    said.push_back(">" + kLdapSearch);
    said.push_back("<" + kLdapDone);
  }
  said.push_back(">" + ldap_bind("\x80\x07hunter2"));
  connection(389, said);
  expect_secrets({"ldap|password|1"});
}

TEST_F(LateLogin, OfLdapForOthersOverOneConnection) {
  std::vector<std::string> said;
  for (const auto* word : {"\x80\x03one", "\x80\x03two"}) {
    for (int i = 0; i < 200; ++i) {
      said.push_back(">" + kLdapSearch);
      said.push_back("<" + kLdapDone);
    }
    said.push_back(">" + ldap_bind(word));
  }
  connection(389, said);
  expect_secrets({"ldap|password|2"});
}

TEST_F(LateLogin, OfLdapBehindAMessageThatIsLargerThanIsKept) {
  const std::string huge = "\x30\x84" + std::string("\0\1\0\0", 4) + std::string(65'536, 'x');
  std::vector<std::string> said{">" + kLdapSearch, "<" + kLdapDone};
  for (std::size_t at = 0; at < huge.size(); at += 1'400)
    said.push_back(">" + huge.substr(at, 1'400));
  said.push_back(">" + ldap_bind("\x80\x07hunter2"));
  connection(389, said);
  expect_secrets({"ldap|password|1"});
}

TEST_F(LateLogin, OfLdapIsNotLookedForInTls) {
  std::vector<std::string> said;
  for (int i = 0; i < 200; ++i) {
    said.push_back(">" + kLdapSearch);
    said.push_back("<" + kLdapDone);
  }
  said.push_back(">" + std::string("\x16\x03\x01\0\x02", 5) + "xx");
  said.push_back(">" + ldap_bind("\x80\x07hunter2"));
  connection(389, said);
  expect_secrets({});
}

TEST_F(LateLogin, BehindAnAnonymousOne) {
  connection(21, {"<220 x\r\n", ">USER ftp\r\n", "<331 ?\r\n", ">PASS me@\r\n", "<230 ok\r\n",
                  ">USER a\r\n", "<331 ?\r\n", ">PASS b\r\n", "<230 ok\r\n"});
  expect_secrets({"ftp|anonymous|1", "ftp|password|1"});
}

TEST_F(LateLogin, OfSmtpBehindMailsWhoseTextIsNone) {
  const auto mail = ">From: a\r\n\r\n" + repeated(500, "AUTH PLAIN AGEAYg==\r\n..\r\n") + ".\r\n";
  connection(25, {"<220 x\r\n",
                  ">EHLO a\r\n",
                  "<250-x\r\n250 STARTTLS\r\n",
                  ">MAIL FROM:<a>\r\n",
                  "<250 ok\r\n",
                  ">RCPT TO:<b>\r\n",
                  "<250 ok\r\n",
                  ">DATA\r\n",
                  "<354 go\r\n",
                  mail,
                  "<250 ok\r\n",
                  ">DATA\r\n",
                  "<503 no\r\n",
                  ">AUTH LOGIN\r\n",
                  "<503 no\r\n",
                  ">RSET\r\n",
                  "<250 ok\r\n",
                  ">BDAT 30 LAST\r\nAUTH PLAIN AGEAYg==\r\n123456789",
                  "<250 ok\r\n",
                  ">AUTH LOGIN\r\n",
                  "<334 VXNlcm5hbWU6\r\n",
                  ">Ym9i\r\n"});
  expect_secrets({"smtp|password|1"});
  EXPECT_EQ(rows(observed_cleartext, {"offers_tls"}), Rows{"1"});
}

TEST_F(LateLogin, OfImapBehindAMessageThatIsNone) {
  const auto message = repeated(1000, "a LOGIN b c\r\n");
  connection(143, {"<* OK x\r\n", ">a NOOP\r\n", "<a OK\r\n",
                   ">b APPEND x {" + std::to_string(message.size()) + "+}\r\n", ">" + message,
                   ">\r\n", "<b NO\r\n", ">c LOGIN {3+}\r\nbob {1+}\r\nx\r\n"});
  expect_secrets({"imap|password|1"});
}

TEST_F(LateLogin, OfPop3BehindALineThatIsLongerThanIsKept) {
  connection(110, {"<+OK x\r\n", ">CAPA\r\n", "<+OK\r\n.\r\n", ">" + std::string(30'000, 'x'),
                   ">PASS no\r\n", "<-ERR\r\n", ">AUTH PLAIN\r\n", "<-ERR\r\n", ">USER a\r\n",
                   "<+OK\r\n", ">PASS b\r\n"});
  expect_secrets({"pop3|password|1"});
}

TEST_F(LateLogin, IsNotLookedForInTls) {
  connection(25, {"<220 x\r\n", ">EHLO a\r\n", "<250 x\r\n",
                  ">" + repeated(2000, "NOOP\r\n") + "STARTTLS\r\n", "<220 go\r\n",
                  std::string(">\x16\x03\x01\x02", 5), ">\r\nAUTH PLAIN AGEAYg==\r\n"});
  expect_secrets({});
}

TEST_F(LateLogin, InAHeadOfHttpThatIsLargerThanIsKept) {
  const std::string head =
      ">GET / HTTP/1.1\r\nHost: x.example\r\nCookie: " + std::string(9000, 'c');
  const std::string rest = ">\r\nAuthorization: Basic eDp5\r\n\r\n";
  connection(80,
             {head, rest, "<HTTP/1.1 200 OK\r\n\r\n", head, rest, ">POST / HTTP/1.1\r\nA: b\r\n",
              ">Authorization: Basic eDp5\r\n\r\n", "<HTTP/1.1 200 OK\r\n\r\n",
              ">HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n"});
  expect_secrets({"http|password|3", "http|token|1"});
}

TEST_F(LateLogin, ComesOutOfOrder) {
  const auto segment = [&](std::uint32_t at, std::string_view data) {
    take(ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 110, at, kAck, data))));
  };
  take(ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 110, 99, kSyn))));
  take(ethernet(0x0800, ipv4(kServer, kClient, 6, tcp(110, 40000, 0, kAck, "+OK a\r\n"))));
  segment(100, repeated(2000, "NOOP\r\n"));
  segment(12'108, "PASS hunter2\r\n");
  segment(12'100, "USER b\r\n");
  segment(12'108, "PASS hunter2\r\n");
  expect_secrets({"pop3|password|1"});
}

TEST_F(LateLogin, BehindWhatWasNotCapturedIsAGap) {
  const auto segment = [&](std::uint32_t at, std::string_view data) {
    take(ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 110, at, kAck, data))));
  };
  take(ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 110, 99, kSyn))));
  take(ethernet(0x0800, ipv4(kServer, kClient, 6, tcp(110, 40000, 0, kAck, "+OK a\r\n"))));
  segment(100, repeated(2000, "NOOP\r\n"));
  segment(12'200, repeated(2000, "NOOP\r\n"));
  EXPECT_EQ(gaps(), "1 connections had too many holes");
}

TEST_F(SensorTest, VlansKeepFlowsApart) {
  const auto frame = [](const std::string& tags) {
    return ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 22, 1, kSyn)), tags);
  };
  take(frame(vlan_tag(0x8100, 10)));
  take(frame(vlan_tag(0x8100, 20)));
  take(frame(vlan_tag(0x88a8, 7) + vlan_tag(0x8100, 20)));
  EXPECT_EQ(rows(observed_flows, {"vlan", "inner_vlan", "flows", "answered"}),
            (Rows{"10|NULL|1|0", "20|NULL|1|0", "7|20|1|0"}));
}

TEST_F(SensorTest, NameServersAreCountedAndNamesAreNotKept) {
  const std::string question(
      "\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06secret\x04test\x00\x00\x01\x00\x01", 29);
  auto answer = question;
  answer[2] = '\x81';
  answer[3] = '\x83';
  datagram(kClient, 5000, "192.168.1.53", 53, question);
  datagram("192.168.1.53", 53, kClient, 5000, answer);
  datagram(kClient, 5353, "224.0.0.251", 5353, question);
  EXPECT_EQ(
      rows(observed_dns, {"client", "server", "server_port", "queries", "answers", "name_errors"}),
      Rows{"192.168.1.9|192.168.1.53|53|1|1|1"});
  for (const auto& table : tables_of(*sensor_, {.name = "x"}))
    EXPECT_EQ(evidence::to_canonical(table)->find("secret.test"), std::string::npos);
}

TEST_F(SensorTest, WhatIsOnAListIsToldWithTheEntryAndItsLine) {
  BlockLists lists;
  lists.add(
      "isac.txt",
      parse_block_list("# 2026-11-20\nevil.example\n203.0.113.0/24\n203.0.113.5:99\n").value());
  lists.prepare();
  start({.lists = &lists});
  const std::string question(
      "\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x04"
      "evil\x07"
      "example\x00\x00\x01\x00\x01",
      34);
  datagram(kClient, 5000, "192.168.1.53", 53, question);
  connection(443, {">hello", "<hello"}, "203.0.113.5");
  connection(80, {">GET / HTTP/1.1\r\nHost: EVIL.example:80\r\n\r\n"}, kServer);
  EXPECT_EQ(rows(blocklist_hits, {"kind", "value", "list", "entry_line", "list_date", "matched",
                                  "sign", "server_port", "times"}),
            (Rows{"domain|evil.example|isac.txt|2|2026-11-20|EVIL.example|http_host|80|1",
                  "domain|evil.example|isac.txt|2|2026-11-20|www.evil.example|dns_query|53|1",
                  "network|203.0.113.0/24|isac.txt|3|2026-11-20|203.0.113.5|flow|443|1"}));
}

TEST_F(SensorTest, ConnectionsOutsideWorkingHoursAreCounted) {
  start({.hours = working_hours_from("Mon-Fri 08:00-18:00 +08:00").value()});
  const auto syn = [](unsigned port) {
    return ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(port, 22, 1, kSyn)));
  };
  take(syn(40000), 1'763'942'400);       // Monday, 08:00 in Taipei
  take(syn(40001), 1'763'942'400 - 60);  // 07:59
  EXPECT_EQ(rows(observed_flows, {"flows", "off_hours"}), Rows{"2|1"});
}

TEST_F(SensorTest, AFloodOfAMillionStaysWithinItsRoomAndHidesNobody) {
  start({.flows = 1U << 14U, .rows = 1U << 14U});
  connection(2121, {"<220 x\r\n", ">USER a\r\n", "<331 ?\r\n"});
  auto frame = ethernet(0x0800, ipv4("11.0.0.0", kServer, 6, tcp(1024, 80, 1, kSyn)));
  for (std::uint32_t number = 0; number < 1'000'000; ++number) {
    const auto address = number32(0x0b000000 + number);
    frame.replace(26, 4, address);
    sensor_->take(record_of(frame));
  }
  connection(2121, {"<220 x\r\n", ">USER a\r\n", "<331 ?\r\n", ">PASS b\r\n", "<230 ok\r\n"},
             "192.168.1.3");
  const auto table = finished(observed_flows);
  EXPECT_LE(table.rows().size(), 1U << 14U);
  EXPECT_GT(sensor_->flow_evictions(), 900'000U);
  std::int64_t flows = 0;
  std::string many = "no such row";
  for (std::size_t at = 0; at < table.rows().size(); ++at) {
    flows += std::get<std::int64_t>(table.at(at, "flows"));
    if (table.at(at, "client") == evidence::Value{})
      many = row(table, at, {"server", "server_port"});
  }
  EXPECT_EQ(flows, 1'000'002);
  EXPECT_EQ(many, "192.168.1.2|80");
  EXPECT_EQ(cell(table, "server", "192.168.1.3", "service"), "ftp");
  EXPECT_EQ(finished(observed_cleartext).rows().size(), 1U);
}

TEST_F(SensorTest, WhatCouldNotBeSeenIsTold) {
  start({.streams = 1});
  take(ethernet(0x0800, ipv4(kClient, kServer, 6, "short")));
  take(ethernet(0x88cc, "lldp"));
  take(ethernet(0x0800, ipv4(kClient, kServer, 17, std::string(64, 'x'), 5, 0x2000)));
  connection(1, {">half"});
  connection(2, {">other"});
  EXPECT_EQ(gaps({.name = "x", .lost = 4, .problem = "byte 9: the file ends within a record"}),
            "byte 9: the file ends within a record; 4 frames were lost; 1 frames were not decoded; "
            "1 connections were not looked into, for want of room; 1 datagrams lacked a fragment");
  const auto capture = observed_capture(*sensor_, {.name = "x"});
  EXPECT_EQ(row(capture, 0, {"packets", "other_frames", "not_decoded", "not_decoded_reasons"}),
            "9|1|1|cut in the transport header: 1");
}

TEST_F(SensorTest, AnEmptyCaptureSaysThatItSawNothing) {
  start();
  EXPECT_EQ(gaps(), "no frame was seen");
}

// Everything that a person might type in clear, once per protocol.
TEST_F(SensorTest, NoSecretAndNoNameOfAPersonIsInAnyTable) {
  const std::string user = "cassandra";
  const std::string word = "Tr0ub4dor";
  connection(21, {"<220 x\r\n", ">USER " + user + "\r\n", "<331 ?\r\n", ">PASS " + word + "\r\n"});
  connection(110, {"<+OK\r\n", ">USER " + user + "\r\n", "<+OK\r\n", ">PASS " + word + "\r\n",
                   "<+OK\r\n"});
  connection(143, {"<* OK x\r\n", ">a LOGIN " + user + " " + word + "\r\n"});
  connection(25,
             {"<220 x\r\n", ">EHLO x\r\n", "<250 AUTH\r\n", ">AUTH PLAIN " + user + word + "\r\n"});
  connection(80, {">GET /?u=" + user + " HTTP/1.1\r\nHost: x.example\r\nAuthorization: Basic " +
                  user + ":" + word + "\r\n\r\n"});
  connection(23, {"<\xff\xfd\x18login: ", ">" + user + "\r\n", "<Password: ", ">" + word + "\r\n"});
  datagram(kClient, 7000, kServer, 161,
           "\x30\x14\x02\x01\x01\x04\x09" + word + "\xa0\x04\x02\x02xx");
  sensor_->finish();
  EXPECT_EQ(sensor_->findings().cleartext.size(), 7U);
  for (const auto& table : tables_of(*sensor_, {.name = "x"})) {
    const auto text = evidence::to_canonical(table).value();
    EXPECT_EQ(text.find(user), std::string::npos) << table.header().table;
    EXPECT_EQ(text.find(word), std::string::npos) << table.header().table;
  }
}

TEST_F(SensorTest, ACaptureCutAnywhereGivesTablesAndSaysSo) {
  std::string whole = pcap_header();
  const std::string frame = ethernet(0x0800, ipv4(kClient, kServer, 6, tcp(40000, 21, 1, kSyn)));
  for (int count = 0; count < 5; ++count) whole += pcap_record(frame);
  for (std::size_t size = pcap_header().size(); size <= whole.size(); ++size) {
    Sensor sensor({.flows = 64, .streams = 1, .rows = 1U << 14U});
    const auto bytes = whole.substr(0, size);
    auto file = CaptureFile::over(bytes_of(bytes));
    ASSERT_TRUE(file);
    Record record;
    Next state = Next::kRecord;
    while ((state = file->next(&record)) == Next::kRecord) sensor.take(record);
    sensor.finish();
    const bool is_border = (size - pcap_header().size()) % pcap_record(frame).size() == 0;
    EXPECT_EQ(state == Next::kEnd, is_border) << size;
    for (const auto& table : tables_of(sensor, {.name = "x"})) EXPECT_EQ(table.defect(), "");
  }
}

}  // namespace
}  // namespace assay::agent::sensor
