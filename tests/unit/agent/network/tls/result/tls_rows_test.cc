#include "agent/network/tls/result/tls_rows.h"

#include <gtest/gtest.h>

namespace assay::agent::tls {
namespace {

using evidence::to_text;

EndpointResult one_result() {
  EndpointResult result;
  result.target = {"www.example.tw", 443, ""};
  result.address = "192.0.2.1";
  result.status = "ok";
  auto& tls12 = result.findings.of(Protocol::kTls12);
  tls12.state = ProtocolFinding::State::kOffered;
  tls12.server_prefers = true;
  tls12.suites = {{0xC02F, 0x001D, 0, 0x0804}, {0x0033, {}, 1024, 0x0401}};
  for (const auto protocol : {Protocol::kSsl2, Protocol::kSsl3, Protocol::kTls10, Protocol::kTls11})
    result.findings.of(protocol).state = ProtocolFinding::State::kRefused;
  result.findings.of(Protocol::kTls13).detail = "without an answer";
  return result;
}

TEST(TlsRows, AreTrueToTheirDeclaration) {
  const auto tables = tls_tables({one_result()});
  ASSERT_EQ(tables.size(), 3U);
  for (const auto& table : tables) EXPECT_EQ(table.defect(), "") << table.header().table;
  EXPECT_EQ(to_text(tables[0].at(0, "protocols")), "TLSv1.2");
  EXPECT_EQ(to_text(tables[0].at(0, "unknown_protocols")), "TLSv1.3");
  EXPECT_EQ(to_text(tables[0].at(0, "dh_bits")), "1024");
}

TEST(TlsRows, ASuiteSaysWhatItIsAndWhereItStands) {
  const auto suites = tls_tables({one_result()})[1];
  EXPECT_EQ(to_text(suites.at(0, "suite")), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(to_text(suites.at(0, "code")), "0xC02F");
  EXPECT_EQ(to_text(suites.at(0, "key_exchange_group")), "x25519");
  EXPECT_EQ(to_text(suites.at(0, "preference")), "1");
  EXPECT_EQ(to_text(suites.at(1, "key_exchange_bits")), "1024");
}

TEST(TlsRows, AProtocolThatIsNotKnownHasARowThatSaysSo) {
  const auto suites = tls_tables({one_result()})[1];
  ASSERT_EQ(suites.rows().size(), 3U);
  EXPECT_EQ(to_text(suites.at(2, "protocol")), "TLSv1.3");
  EXPECT_EQ(to_text(suites.at(2, "status")), "unknown");
  EXPECT_EQ(to_text(suites.at(2, "suite")), "");
  EXPECT_EQ(to_text(suites.at(2, "detail")), "without an answer");
}

TEST(TlsRows, AListThatBrokeOffHasItsSuitesAndARowThatSaysSo) {
  auto result = one_result();
  result.findings.of(Protocol::kTls12).detail = "without an answer";
  EXPECT_EQ(tls_tables({result})[1].rows().size(), 4U);
}

TEST(TlsRows, AnEndpointThatWasNotMetHasNothingButItsStatus) {
  EndpointResult result;
  result.target = {"www.example.tw", 443, "smtp"};
  result.status = "refused";
  const auto tables = tls_tables({result});
  ASSERT_EQ(tables[0].rows().size(), 1U);
  EXPECT_EQ(to_text(tables[0].at(0, "status")), "refused");
  EXPECT_EQ(to_text(tables[0].at(0, "start_tls")), "smtp");
  for (const auto* column : {"address", "protocols", "unknown_protocols", "compression"})
    EXPECT_EQ(tables[0].at(0, column), evidence::Value()) << column;
  EXPECT_TRUE(tables[1].rows().empty());
}

TEST(TlsRows, ACertificateThatIsNoneIsUnreadable) {
  auto result = one_result();
  result.findings.note_chain({"not DER"});
  const auto certificates = tls_tables({result})[2];
  ASSERT_EQ(certificates.rows().size(), 1U);
  EXPECT_EQ(to_text(certificates.at(0, "status")), "unreadable");
  EXPECT_EQ(to_text(certificates.at(0, "sha256")).size(), 64U);
  EXPECT_EQ(certificates.defect(), "");
}

}  // namespace
}  // namespace assay::agent::tls
