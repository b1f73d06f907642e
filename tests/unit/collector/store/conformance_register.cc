// The register of machines and what was approved, on every engine.
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {
namespace {

const Actor kMeiLing{"token-1", "Mei-ling"};

RegisterChange change_of(const std::string& host_id, const std::string& fields, std::int64_t now,
                         std::int64_t read = 0) {
  RegisterChange change;
  change.tables = {table_with("host_register", "register " + fields),
                   table_with("host_groups", "groups")};
  change.entry.host_id = host_id;
  change.entry.number = read;
  change.entry.fields = fields;
  change.entry.groups = {"dmz", "web"};
  change.entry.register_table = change.tables[0].facts.digest;
  change.entry.groups_table = change.tables[1].facts.digest;
  change.entry.by = kMeiLing;
  change.entry.note = "import";
  change.entry.since = at(now);
  return change;
}

Approval approval_of(const std::string& name, std::int64_t now, const std::string& until = {}) {
  return {"",      "allowlist", R"({"kind":"deb","name":")" + name + "\"}",
          until,   "needed",    kMeiLing,
          at(now), std::nullopt};
}

std::vector<std::string> in_force(Store& store, std::int64_t when) {
  std::vector<std::string> ids;
  const auto page = store.approvals({"allowlist", at(when)}, {"", 1000}).value();
  for (const auto& approval : page.items) ids.push_back(approval.id);
  return ids;
}

TEST_P(StoreConformance, ARegisterWithoutTheHostHasEntryZero) {
  enroll("host-1");
  EXPECT_EQ(store().register_entry("host-1", std::nullopt)->number, 0);
  EXPECT_TRUE(store().register_entries(std::nullopt, {})->items.empty());
  const auto unknown = store().change_register(std::vector{change_of("nobody", "{}", 5)});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), Code::kNotFound);
}

TEST_P(StoreConformance, AChangeOfTheRegisterIsHistory) {
  enroll("host-1");
  ASSERT_TRUE(store().change_register(std::vector{change_of("host-1", R"({"owner":"A"})", 100)}));
  const auto first = store().register_entry("host-1", std::nullopt).value();
  ASSERT_TRUE(store().change_register(
      std::vector{change_of("host-1", R"({"owner":"B"})", 200, first.number)}));
  reopen();
  const auto now = store().register_entry("host-1", std::nullopt).value();
  EXPECT_EQ(now.fields, R"({"owner":"B"})");
  EXPECT_EQ(now.groups, (std::vector<std::string>{"dmz", "web"}));
  EXPECT_EQ(now.by.name, "Mei-ling");
  EXPECT_EQ(now.note, "import");
  EXPECT_GT(now.number, first.number);
  EXPECT_EQ(store().register_entry("host-1", at(199))->fields, R"({"owner":"A"})");
  EXPECT_EQ(store().register_entry("host-1", at(200))->fields, R"({"owner":"B"})");
  EXPECT_EQ(store().register_entry("host-1", at(99))->number, 0);
  const auto history = store().register_history("host-1", {"", 1}).value();
  EXPECT_EQ(history.items.at(0).fields, R"({"owner":"B"})");
  EXPECT_EQ(store().register_history("host-1", {history.next, 5})->items.at(0).until, at(200));
  EXPECT_TRUE(store().table(now.register_table)) << "what checks read is kept as evidence";
}

TEST_P(StoreConformance, ChangesOfTheRegisterAreMadeTogetherOrNotAtAll) {
  enroll("host-1");
  enroll("host-2");
  ASSERT_TRUE(store().change_register(std::vector{change_of("host-2", "{}", 100)}));
  const auto done = store().change_register(
      std::vector{change_of("host-1", "{}", 200), change_of("host-2", "{}", 200, 0)});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Code::kConflict) << "host-2 was changed in between";
  EXPECT_EQ(store().register_entry("host-1", std::nullopt)->number, 0);
}

TEST_P(StoreConformance, AllEntriesOfTheRegisterComeInPages) {
  for (const auto* host : {"host-1", "host-2", "host-3"}) {
    enroll(host);
    ASSERT_TRUE(store().change_register(std::vector{change_of(host, "{}", 100)}));
  }
  const auto first = store().register_entries(std::nullopt, {"", 2}).value();
  EXPECT_EQ(first.items.size(), 2U);
  const auto rest = store().register_entries(std::nullopt, {first.next, 2}).value();
  ASSERT_EQ(rest.items.size(), 1U);
  EXPECT_EQ(rest.items[0].host_id, "host-3");
  EXPECT_TRUE(rest.next.empty());
  EXPECT_TRUE(store().register_entries(at(99), {})->items.empty());
}

TEST_P(StoreConformance, AChangeOfTheRegisterMakesThatHostDueAndNoOther) {
  const auto content = evidence::sha256("content");
  for (const auto* host : {"host-1", "host-2"}) {
    enroll(host);
    const auto receipt = accept(snapshot_of(host, 1));
    EvaluationChange change;
    change.mark.snapshot = receipt.digest;
    change.mark.content = content;
    ASSERT_TRUE(judge(host, 200, change));
  }
  EXPECT_TRUE(store().due(content, "2026-11-21", "", 10)->empty());
  ASSERT_TRUE(store().change_register(std::vector{change_of("host-2", "{}", 300)}));
  EXPECT_EQ(store().due(content, "2026-11-21", "", 10).value(), std::vector<std::string>{"host-2"});
  EvaluationChange change;
  change.mark.snapshot = store().host("host-2")->last_snapshot.value();
  change.mark.content = content;
  change.mark.register_entry = store().register_entry("host-2", std::nullopt)->number;
  ASSERT_TRUE(judge("host-2", 400, change));
  EXPECT_TRUE(store().due(content, "2026-11-21", "", 10)->empty());
  EXPECT_EQ(store().mark("host-2")->register_entry, change.mark.register_entry);
  const auto entry = store().register_entry("host-2", std::nullopt).value();
  const auto hosts = store().to_judge(std::vector<std::string>{"host-2", "host-1"}).value();
  EXPECT_EQ(hosts.at(0)->register_tables.number, entry.number);
  EXPECT_EQ(hosts[0]->register_tables.register_table, entry.register_table);
  EXPECT_EQ(hosts[0]->register_tables.groups_table, entry.groups_table);
  EXPECT_EQ(hosts.at(1)->register_tables.number, 0);
}

TEST_P(StoreConformance, AnApprovalHoldsFromItsMomentThroughItsLastDay) {
  constexpr std::int64_t kDay = 86'400;
  ASSERT_TRUE(store().approve(std::vector{approval_of("nginx", 100, "1970-01-02")}));
  reopen();
  EXPECT_TRUE(in_force(store(), 99).empty());
  EXPECT_EQ(in_force(store(), 100).size(), 1U);
  EXPECT_EQ(in_force(store(), 2 * kDay - 1).size(), 1U) << "the last second of the last day";
  EXPECT_TRUE(in_force(store(), 2 * kDay).empty());
  const auto approval = store().approvals({"allowlist", std::nullopt}, {})->items.at(0);
  EXPECT_EQ(approval.row, R"({"kind":"deb","name":"nginx"})");
  EXPECT_EQ(approval.note, "needed");
  EXPECT_EQ(approval.by.token_id, "token-1");
  EXPECT_EQ(store().approval(approval.id)->until, "1970-01-02");
  EXPECT_TRUE(store().approvals({"networks", std::nullopt}, {})->items.empty());
}

TEST_P(StoreConformance, WhatIsWithdrawnHeldUntilThen) {
  ASSERT_TRUE(store().approve(std::vector{approval_of("nginx", 100), approval_of("curl", 100)}));
  const auto ids = in_force(store(), 100);
  ASSERT_EQ(ids.size(), 2U);
  ASSERT_TRUE(store().withdraw(std::vector{ids[0]}, {kMeiLing, "replaced by another", at(300)}));
  EXPECT_EQ(in_force(store(), 299).size(), 2U);
  EXPECT_EQ(in_force(store(), 300), std::vector{ids[1]});
  EXPECT_EQ(store().approval(ids[0])->withdrawn->note, "replaced by another");
  const auto again = store().withdraw(std::vector{ids[1], ids[0]}, {kMeiLing, "again", at(400)});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Code::kConflict);
  EXPECT_EQ(in_force(store(), 500), std::vector{ids[1]}) << "none or all";
  for (const auto* unknown : {"A-99", "A-0", "A-01", "nonsense", ""}) {
    const auto none = store().withdraw(std::vector<std::string>{unknown}, {kMeiLing, "x", at(400)});
    ASSERT_FALSE(none) << unknown;
    EXPECT_EQ(none.error().code(), Code::kNotFound) << unknown;
  }
}

TEST_P(StoreConformance, TheSameApprovalIsKeptOnceAndAnotherEndReplacesIt) {
  ASSERT_TRUE(store().approve(std::vector{approval_of("nginx", 100)}));
  const auto same = store().approve(std::vector{approval_of("nginx", 200)}).value();
  EXPECT_EQ(same.unchanged, 1);
  EXPECT_EQ(same.added, 0);
  const auto other = store().approve(std::vector{approval_of("nginx", 300, "2027-12-31")}).value();
  EXPECT_EQ(other.added, 1);
  EXPECT_EQ(other.replaced, 1);
  EXPECT_EQ(in_force(store(), 300).size(), 1U);
  EXPECT_EQ(store().approvals({"allowlist", std::nullopt}, {})->items.size(), 2U);
  ASSERT_TRUE(store().withdraw(in_force(store(), 300), {kMeiLing, "gone", at(400)}));
  EXPECT_EQ(store().approve(std::vector{approval_of("nginx", 500)})->added, 1);
}

TEST_P(StoreConformance, AnApprovalNeedsANoteAndAnEndAhead) {
  auto silent = approval_of("nginx", 100);
  silent.note = " ";
  EXPECT_EQ(code_of(store().approve(std::vector{silent})), "usage");
  EXPECT_EQ(code_of(store().approve(std::vector{approval_of("nginx", 100, "1969-12-31")})),
            "usage");
  EXPECT_EQ(code_of(store().approve(std::vector{approval_of("nginx", 100, "soon")})), "usage");
  EXPECT_EQ(code_of(store().approve(
                std::vector{approval_of("curl", 100), approval_of("nginx", 100, "2026-13-01")})),
            "usage");
  EXPECT_TRUE(in_force(store(), 100).empty());
  EXPECT_TRUE(store().approve(std::vector{approval_of("nginx", 100, "1970-01-01")}));
}

TEST_P(StoreConformance, ApprovalsComeInPages) {
  std::vector<Approval> many;
  for (int i = 0; i < 5; ++i) many.push_back(approval_of("p" + std::to_string(i), 100));
  ASSERT_EQ(store().approve(many)->added, 5);
  PageRequest page{"", 2};
  std::size_t count = 0;
  do {
    const auto items = store().approvals({"allowlist", at(100)}, page).value();
    count += items.items.size();
    page.cursor = items.next;
  } while (!page.cursor.empty());
  EXPECT_EQ(count, 5U);
}

}  // namespace
}  // namespace assay::collector
