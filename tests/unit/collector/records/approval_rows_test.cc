#include "collector/records/approval_rows.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

using Json = nlohmann::ordered_json;

std::string row(const std::string& list, const char* json) {
  const auto made = approval_row(*find_approval_list(list), Json::parse(json));
  return made ? *made : std::string(name_of(made.error().code())) + ": " + made.error().message();
}

TEST(ApprovalRows, AreKeptInTheOrderOfTheTableWithoutNulls) {
  EXPECT_EQ(row("allowlist", R"({"version":null,"name":"nginx*","kind":"deb"})"),
            R"({"kind":"deb","name":"nginx*"})");
  EXPECT_EQ(row("approved_listeners", R"({"protocol":6,"port":443,"process":"nginx"})"),
            R"({"port":443,"protocol":6,"process":"nginx"})");
}

TEST(ApprovalRows, ARowThatWouldApproveEverythingIsRefused) {
  EXPECT_EQ(row("allowlist", R"({"kind":"deb"})"),
            "usage: one of these must be given: name, publisher, purl, path, sha256, repository");
  EXPECT_EQ(row("allowlist", R"({"name":"x"})"), "usage: kind: is missing");
  EXPECT_EQ(row("approved_listeners", R"({"port":443})"), "usage: protocol: is missing");
  for (const auto& list : approval_lists()) EXPECT_TRUE(row(list.name, "{}").starts_with("usage"));
}

TEST(ApprovalRows, EveryCellIsChecked) {
  EXPECT_EQ(row("allowlist", R"({"kind":"dep","name":"x"})"),
            "usage: kind: \"dep\" is no kind of software; did you mean \"deb\"?");
  EXPECT_EQ(row("allowlist", R"({"kind":"deb","nam":"x"})"),
            "usage: allowlist has no column \"nam\" to fill in; did you mean \"name\"?");
  for (const auto& [list, json] : std::vector<std::pair<std::string, const char*>>{
           {"allowlist", R"({"kind":"deb","name":7})"},
           {"allowlist", R"({"kind":"deb","name":""})"},
           {"allowlist", R"({"kind":"deb","name":"a\nb"})"},
           {"allowlist", R"({"kind":"program","sha256":"abc"})"},
           {"allowlist", R"({"kind":"deb","name":"x","note":"y"})"},
           {"allowlist", R"({"kind":"deb","name":"x","approved_by":"me"})"},
           {"allowlist", R"([])"},
           {"approved_listeners", R"({"port":0,"protocol":6})"},
           {"approved_listeners", R"({"port":65536,"protocol":6})"},
           {"approved_listeners", R"({"port":"443","protocol":6})"},
           {"approved_listeners", R"({"port":443,"protocol":1})"},
           {"approved_listeners", R"({"port":18446744073709551615,"protocol":6})"},
           {"approved_resolvers", R"({"address":"resolver.example"})"},
           {"networks", R"({"network":"192.0.2.0/33","zone":"dmz"})"},
           {"support_contracts", R"({"product":"x","contract":"y","contract_until":"soon"})"}})
    EXPECT_TRUE(row(list, json).starts_with("usage: ")) << list << json << row(list, json);
  EXPECT_EQ(row("approved_listeners", R"({"port":65535,"protocol":17})"),
            R"({"port":65535,"protocol":17})");
  EXPECT_EQ(row("networks", R"({"network":"2001:db8::/32","zone":"dmz"})"),
            R"({"network":"2001:db8::/32","zone":"dmz"})");
}

TEST(ApprovalRows, WhoUntilAndWhyAreTheApprovals) {
  Approval approval;
  approval.row = R"({"kind":"deb","name":"nginx"})";
  approval.until = "2027-12-31";
  approval.note = "web servers";
  approval.by.name = "Mei-ling";
  const auto& spec = find_approval_list("allowlist")->table();
  evidence::Table table(spec);
  table.add_row(table_row(spec, approval));
  EXPECT_EQ(table.defect(), "");
  EXPECT_EQ(table.at(0, "name"), evidence::Value("nginx"));
  EXPECT_EQ(table.at(0, "version"), evidence::Value());
  EXPECT_EQ(table.at(0, "approved_by"), evidence::Value("Mei-ling"));
  EXPECT_EQ(table.at(0, "approved_until"), evidence::Value("2027-12-31"));
  EXPECT_EQ(table.at(0, "note"), evidence::Value("web servers"));
  approval.row = "damaged";
  EXPECT_EQ(table_row(spec, approval).size(), spec.columns.size());
}

}  // namespace
}  // namespace assay::collector
