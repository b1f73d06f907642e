#include "collector/records/review.h"

#include <gtest/gtest.h>

#include "evidence/canonical.h"

namespace assay::collector {
namespace {

using evidence::Table;
using evidence::Value;

// Tables of one machine, as a test makes them.
class MadeTables final : public checks::TableSource {
 public:
  void put(Table table) {
    const auto name = table.header().table;
    tables_.insert_or_assign(name, std::move(table));
  }
  Entry find(std::string_view table) const override {
    const auto found = tables_.find(table);
    if (found == tables_.end()) return {std::nullopt, "not collected"};
    return {evidence::sha256(evidence::to_canonical(found->second).value()), {}};
  }
  Result<Table> load(std::string_view table) const override {
    ++loads;
    return tables_.find(table)->second;
  }

  mutable int loads = 0;

 private:
  std::map<std::string, Table, std::less<>> tables_;
};

Table table_of(std::string_view name) {
  return Table(*evidence::find_table(name));
}

class ReviewTest : public testing::Test {
 protected:
  ReviewTest() { host_.put(table_of("host_groups")); }

  void install(const std::vector<std::pair<std::string, std::string>>& packages) {
    auto debs = table_of("deb_packages");
    for (const auto& [name, version] : packages)
      debs.add({{"name", name},
                {"version", version},
                {"status", "install ok installed"},
                {"maintainer", "Debian <x@debian.org>"}});
    host_.put(std::move(debs));
  }
  void approve(std::initializer_list<std::pair<std::string_view, Value>> cells) {
    approved_.add(cells);
  }
  // Names of what is not approved, one after another.
  std::string names(const std::string& list = "allowlist", const std::string& column = "name") {
    Reviewer reviewer(*find_approval_list(list), approved_, "2026-11-21");
    const auto answer = reviewer.review(host_, "web-1");
    EXPECT_TRUE(answer) << answer.error().message();
    std::string out;
    for (const auto& item : answer->items)
      out += (out.empty() ? "" : " ") + evidence::to_text(value_of(item.row, column));
    return out;
  }

  MadeTables host_;
  Table approved_ = table_of("allowlist");
};

TEST_F(ReviewTest, WhatIsNotOnTheListIsShown) {
  install({{"curl", "8.0-1"}, {"nginx", "1.22-9"}, {"nginx-common", "1.22-9"}});
  EXPECT_EQ(names(), "curl nginx nginx-common");
  approve({{"kind", "deb"}, {"name", "nginx*"}});
  EXPECT_EQ(names(), "curl");
  approve({{"kind", "rpm"}, {"name", "curl"}});
  EXPECT_EQ(names(), "curl") << "of another kind";
  approve({{"kind", "deb"}, {"name", "curl"}});
  EXPECT_EQ(names(), "");
}

TEST_F(ReviewTest, RemovedPackagesAreNotInstalled) {
  auto debs = table_of("deb_packages");
  debs.add({{"name", "gone"}, {"status", "deinstall ok config-files"}});
  debs.add({{"name", "there"}, {"status", evidence::kNull}});
  host_.put(std::move(debs));
  EXPECT_EQ(names(), "there");
}

TEST_F(ReviewTest, VersionsBoundWhatIsApproved) {
  install({{"curl", "7.88.1-10"}});
  approve({{"kind", "deb"}, {"name", "curl"}, {"version", "7.88.1-9"}});
  EXPECT_EQ(names(), "curl");
  approve({{"kind", "deb"}, {"name", "curl"}, {"min_version", "7.88.1-11"}});
  EXPECT_EQ(names(), "curl");
  approve({{"kind", "deb"}, {"name", "curl"}, {"min_version", "7.88.1-10"}});
  EXPECT_EQ(names(), "") << "7.88.1-10 is later than 7.88.1-9, though its text is not";
}

TEST_F(ReviewTest, AVersionOfRpmMayBeWrittenWithoutEpochAndRelease) {
  auto rpms = table_of("rpm_packages");
  rpms.add(
      {{"name", "bind"}, {"version", "9.16"}, {"release", "1.el9"}, {"epoch", std::int64_t{32}}});
  host_.put(std::move(rpms));
  for (const auto* version : {"32:9.16-1.el9", "9.16-1.el9", "9.16"}) {
    approved_ = table_of("allowlist");
    approve({{"kind", "rpm"}, {"name", "bind"}, {"version", version}});
    EXPECT_EQ(names(), "") << version;
    approved_ = table_of("allowlist");
    approve({{"kind", "rpm"}, {"name", "bin*"}, {"version", version}});
    EXPECT_EQ(names(), "") << version;
  }
  approved_ = table_of("allowlist");
  approve({{"kind", "rpm"}, {"name", "bind"}, {"version", "9.1"}});
  EXPECT_EQ(names(), "bind");
}

TEST_F(ReviewTest, BoundsOfRpmAreInTheOrderOfRpm) {
  const auto is_within = [this](const std::string& version, const char* least, const char* most) {
    auto rpms = table_of("rpm_packages");
    rpms.add({{"name", "tool"}, {"version", version}, {"release", "1.el9"}});
    host_.put(std::move(rpms));
    approved_ = table_of("allowlist");
    approve({{"kind", "rpm"}, {"name", "tool"}, {"min_version", least}, {"max_version", most}});
    return names().empty();
  };
  EXPECT_TRUE(is_within("2.0", "2.0-1.el9", "2.1-1.el9"));
  EXPECT_TRUE(is_within("2.1~rc1", "2.0-1.el9", "2.1-1.el9")) << "before its release";
  EXPECT_FALSE(is_within("2.0~rc1", "2.0-1.el9", "2.1-1.el9"));
  EXPECT_TRUE(is_within("2.0^20260101", "2.0-1.el9", "2.1-1.el9")) << "after its release";
  EXPECT_FALSE(is_within("2.1^20260101", "2.0-1.el9", "2.1-1.el9"));
  EXPECT_TRUE(is_within("2.0^git5", "1", "2.0.1-1.el9")) << "where dpkg has it later";
  EXPECT_FALSE(is_within("2.1.a", "1", "2.1-1.el9"));
  EXPECT_FALSE(is_within("2.0", "1:1.0", "9")) << "an epoch stands above all";
}

TEST_F(ReviewTest, AVersionThatIsNotKnownIsNotApprovedByABound) {
  auto debs = table_of("deb_packages");
  debs.add({{"name", "odd"}, {"status", evidence::kNull}});
  host_.put(std::move(debs));
  approve({{"kind", "deb"}, {"name", "odd"}, {"max_version", "2"}});
  EXPECT_EQ(names(), "odd");
}

TEST_F(ReviewTest, AnApprovalOfAGroupHoldsForItsHostsOnly) {
  install({{"curl", "8.0"}});
  approve({{"kind", "deb"}, {"name", "curl"}, {"host_group", "build"}});
  EXPECT_EQ(names(), "curl");
  auto groups = table_of("host_groups");
  groups.add({{"host_group", "build"}});
  host_.put(std::move(groups));
  EXPECT_EQ(names(), "");
}

TEST_F(ReviewTest, AnApprovalHoldsThroughItsLastDay) {
  install({{"curl", "8.0"}, {"wget", "1.0"}});
  approve({{"kind", "deb"}, {"name", "curl"}, {"approved_until", "2026-11-21"}});
  approve({{"kind", "deb"}, {"name", "wget"}, {"approved_until", "2026-11-20"}});
  EXPECT_EQ(names(), "wget");
}

TEST_F(ReviewTest, PublisherApprovesWhatItMade) {
  install({{"curl", "8.0"}});
  approve({{"kind", "deb"}, {"publisher", "*<*@debian.org>"}});
  EXPECT_EQ(names(), "");
}

TEST_F(ReviewTest, WhatCouldNotBeLookedAtIsToldWithItsReason) {
  install({});
  Reviewer reviewer(*find_approval_list("allowlist"), approved_, "2026-11-21", {"deb", "rpm"});
  const auto answer = reviewer.review(host_, "web-1").value();
  ASSERT_EQ(answer.missing.size(), 1U);
  EXPECT_EQ(answer.missing[0].table, "rpm_packages");
  EXPECT_EQ(answer.missing[0].reason, "not collected");
}

TEST_F(ReviewTest, MachinesWithTheSameTablesAreLookedAtOnce) {
  install({{"curl", "8.0"}});
  Reviewer reviewer(*find_approval_list("allowlist"), approved_, "2026-11-21", {"deb"});
  ASSERT_TRUE(reviewer.review(host_, "web-1"));
  const auto loads = host_.loads;
  EXPECT_EQ(reviewer.review(host_, "web-2")->items.size(), 1U);
  EXPECT_EQ(host_.loads, loads);
}

TEST_F(ReviewTest, ALearntListCostsWhatAMachineHas) {
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 5000; ++i) {
    many.emplace_back("package-" + std::to_string(i), "1.0");
    approve({{"kind", "deb"}, {"name", "package-" + std::to_string(i)}});
  }
  many.emplace_back("new", "1.0");
  install(many);
  EXPECT_EQ(names(), "new");
}

TEST_F(ReviewTest, ListenersAreMatchedByPortProtocolAndProcess) {
  approved_ = table_of("approved_listeners");
  auto ports = table_of("listening_ports");
  const auto listen = [&](std::int64_t port, const char* address, Value process) {
    ports.add({{"port", port},
               {"protocol", std::int64_t{6}},
               {"address", address},
               {"process", std::move(process)}});
  };
  listen(22, "0.0.0.0", "sshd");
  listen(22, "::", "sshd");
  listen(5432, "127.0.0.1", "postgres");
  listen(8080, "0.0.0.0", evidence::kNull);
  host_.put(std::move(ports));
  EXPECT_EQ(names("approved_listeners", "port"), "22 8080") << "once, and not the loopback";
  approve({{"port", std::int64_t{22}}, {"protocol", std::int64_t{6}}, {"process", "ssh*"}});
  approve({{"port", std::int64_t{8080}}, {"protocol", std::int64_t{6}}, {"process", "java"}});
  EXPECT_EQ(names("approved_listeners", "port"), "8080") << "nobody knows that it is java";
}

TEST_F(ReviewTest, AdministratorsAreFoundByIdGroupAndSudo) {
  approved_ = table_of("approved_administrators");
  auto users = table_of("users");
  auto add = [&](const char* name, std::int64_t uid) {
    users.add({{"username", name}, {"uid", uid}, {"gid", uid}});
  };
  add("root", 0);
  add("toor", 0);
  add("mei", 1000);
  add("ann", 1001);
  add("bob", 1002);
  auto groups = table_of("groups");
  groups.add({{"groupname", "sudo"}, {"gid", std::int64_t{27}}});
  groups.add({{"groupname", "ops"}, {"gid", std::int64_t{50}}});
  auto members = table_of("user_groups");
  members.add({{"uid", std::int64_t{1000}}, {"gid", std::int64_t{27}}});
  members.add({{"uid", std::int64_t{1001}}, {"gid", std::int64_t{50}}});
  auto sudoers = table_of("sudoers");
  for (const auto* who : {"%ops", "ldap-admin", "%sudo"})
    sudoers.add({{"who", who}, {"as_root", std::int64_t{1}}, {"all_commands", std::int64_t{1}}});
  for (auto* table : {&users, &groups, &members, &sudoers}) host_.put(std::move(*table));
  EXPECT_EQ(names("approved_administrators", "username"), "ann ldap-admin mei toor");
  approve({{"username", "mei"}, {"host", "web*"}});
  approve({{"username", "ann"}, {"host", "db*"}});
  EXPECT_EQ(names("approved_administrators", "username"), "ann ldap-admin toor");
}

TEST_F(ReviewTest, ResolversAreMatchedByAddressOrNetwork) {
  approved_ = table_of("approved_resolvers");
  auto resolvers = table_of("dns_resolvers");
  for (const auto* address : {"192.0.2.53", "8.8.8.8", "127.0.0.53"})
    resolvers.add({{"type", "nameserver"}, {"address", address}});
  resolvers.add({{"type", "search"}, {"address", "example.com"}});
  host_.put(std::move(resolvers));
  EXPECT_EQ(names("approved_resolvers", "address"), "192.0.2.53 8.8.8.8");
  approve({{"address", "192.0.2.0/24"}});
  EXPECT_EQ(names("approved_resolvers", "address"), "8.8.8.8");
  approve({{"address", "8.8.8.8"}});
  EXPECT_EQ(names("approved_resolvers", "address"), "");
}

TEST_F(ReviewTest, ListenersAndResolversOfAGroupHoldForItsHostsOnly) {
  auto ports = table_of("listening_ports");
  ports.add({{"port", std::int64_t{443}}, {"protocol", std::int64_t{6}}, {"address", "0.0.0.0"}});
  host_.put(std::move(ports));
  auto resolvers = table_of("dns_resolvers");
  resolvers.add({{"type", "nameserver"}, {"address", "192.0.2.53"}});
  host_.put(std::move(resolvers));
  auto listeners = table_of("approved_listeners");
  listeners.add(
      {{"port", std::int64_t{443}}, {"protocol", std::int64_t{6}}, {"host_group", "web"}});
  auto servers = table_of("approved_resolvers");
  servers.add({{"address", "192.0.2.0/24"}, {"host_group", "web"}});
  const auto not_approved = [&] {
    approved_ = listeners;
    const auto port = names("approved_listeners", "port");
    approved_ = servers;
    return port + " " + names("approved_resolvers", "address");
  };
  EXPECT_EQ(not_approved(), "443 192.0.2.53");
  for (const auto* group : {"office", "web"}) {
    auto groups = table_of("host_groups");
    groups.add({{"host_group", group}});
    host_.put(std::move(groups));
    EXPECT_EQ(not_approved(), std::string_view(group) == "web" ? " " : "443 192.0.2.53") << group;
  }
}

TEST_F(ReviewTest, EveryListOfEverythingThatIsSeenCanBeAsked) {
  for (const auto& list : approval_lists()) {
    MadeTables all;
    all.put(table_of("host_groups"));
    for (const auto& seen : list.seen)
      for (const auto& name : seen.tables) all.put(table_of(name));
    Reviewer reviewer(list, table_of(list.name), "2026-11-21");
    const auto answer = reviewer.review(all, "web-1");
    ASSERT_TRUE(answer) << list.name << ": " << answer.error().message();
    EXPECT_TRUE(answer->items.empty());
    EXPECT_TRUE(answer->missing.empty()) << list.name;
  }
}

TEST_F(ReviewTest, AProposalApprovesWhatItWasMadeOf) {
  install({{"libstdc++6", "12.2.0"}, {"odd[1]*", "1.0"}});
  for (const bool is_exact : {false, true}) {
    approved_ = table_of("allowlist");
    const auto& list = *find_approval_list("allowlist");
    Reviewer reviewer(list, approved_, "2026-11-21", {"deb"});
    const auto answer = reviewer.review(host_, "web-1").value();
    ASSERT_EQ(answer.items.size(), 2U);
    for (const auto& item : answer.items) {
      evidence::Row row(approved_.header().columns.size());
      for (const auto& [column, value] : proposal_for(list, item, is_exact))
        row[list.table().column(column).value()] = value;
      approved_.add_row(std::move(row));
    }
    EXPECT_EQ(names(), "");
    EXPECT_EQ(approved_.at(0, "version"), is_exact ? Value("12.2.0") : Value());
  }
}

}  // namespace
}  // namespace assay::collector
