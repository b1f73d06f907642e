#include "agent/network/services/result/service_rows.h"

#include <gtest/gtest.h>

namespace assay::agent::services {
namespace {

std::string cell(const evidence::Table& table, const char* column) {
  return evidence::to_text(table.at(0, column));
}
bool is_null(const evidence::Table& table, const char* column) {
  return std::holds_alternative<std::monostate>(table.at(0, column));
}

TEST(ServiceRows, AnEndpointThatDidNotAnswerHasARowAndNoClaims) {
  const auto tables =
      service_tables({{{"h", 22, Transport::kTcp}, "192.0.2.1", "refused", "", false, {}}});
  EXPECT_EQ(tables[0].rows().size(), 1U);
  EXPECT_EQ(cell(tables[0], "status"), "refused");
  for (const auto* column :
       {"protocol", "tls", "authentication", "cleartext_login", "anonymous", "smb1"})
    EXPECT_TRUE(is_null(tables[0], column)) << column;
  EXPECT_EQ(tables[1].rows().size(), 0U);
}

TEST(ServiceRows, TlsIsImplicitOfferedOrNone) {
  EndpointResult result{{"h", 1, Transport::kTcp}, "192.0.2.1", "ok", "", false, {}};
  result.facts.protocol = "ftp";
  EXPECT_EQ(cell(service_tables({result})[0], "tls"), "none");
  result.facts.start_tls = true;
  EXPECT_EQ(cell(service_tables({result})[0], "tls"), "starttls");
  result.facts.start_tls.reset();
  EXPECT_TRUE(is_null(service_tables({result})[0], "tls"));
  result.is_in_tls = true;
  EXPECT_EQ(cell(service_tables({result})[0], "tls"), "implicit");
}

TEST(ServiceRows, DetailsAreBoundedAndPrintable) {
  EndpointResult result{{"h", 1, Transport::kUdp}, "192.0.2.1", "ok", "", false, {}};
  result.facts.protocol = "snmp";
  for (int i = 0; i < 1'000; ++i)
    result.facts.add("x", std::string(500, 'a') + '\n' + std::to_string(i));
  result.facts.details.front().second = "first";
  const auto tables = service_tables({result});
  EXPECT_LE(tables[1].rows().size(), kMaxDetails);
  EXPECT_EQ(cell(tables[1], "transport"), "udp");
  for (const auto& [name, value] : result.facts.details) EXPECT_LE(value.size(), 200U);
}

}  // namespace
}  // namespace assay::agent::services
