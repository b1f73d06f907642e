// The ports of a host from three sides.
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class PortsTest : public World {
 protected:
  PortsTest() {
    for (auto* host : {&host_, &neighbour_}) host->others.push_back(addresses_of(*host));
  }
  evidence::Table addresses_of(const Machine& host) {
    evidence::Table table(*evidence::find_table("interface_addresses"));
    table.add({{"interface", std::string("eth0")},
               {"address", std::string(&host == &host_ ? "10.0.0.7" : "10.0.0.8")}});
    return table;
  }
  static evidence::Table ssh_listens() {
    evidence::Table table(*evidence::find_table("exposure"));
    table.add({{"port", std::int64_t{22}},
               {"protocol", std::int64_t{6}},
               {"address", std::string("0.0.0.0")},
               {"process", std::string("sshd")},
               {"reach", std::string("reachable")}});
    return table;
  }
  evidence::Table answers(std::initializer_list<std::int64_t> ports) {
    evidence::Table table(*evidence::find_table("reachable_ports"));
    for (const auto port : ports)
      table.add({{"address", std::string("10.0.0.7")},
                 {"port", port},
                 {"transport", std::string("tcp")},
                 {"state", std::string("open")},
                 {"method", std::string("syn")},
                 {"role", std::string("neighbour")},
                 {"source", std::string("10.0.0.8")},
                 {"swept_at", seconds()}});
    return table;
  }
  Machine host_ = enroll("web-1");
  Machine neighbour_ = enroll("web-2");
};

TEST_F(PortsTest, AreJoinedFromTheSnapshotsOfAllHosts) {
  host_.others.push_back(ssh_listens());
  (void)scan(host_);
  neighbour_.others.push_back(answers({22, 4444}));
  (void)scan(neighbour_);
  const auto answer = get("/api/v1/hosts/web-1/ports");
  ASSERT_EQ(answer["items"].size(), 2U) << answer;
  EXPECT_EQ(answer["items"][0]["port"], 22);
  EXPECT_EQ(answer["items"][0]["agreement"], "agrees");
  EXPECT_EQ(answer["items"][0]["own"]["processes"], Json({"sshd"}));
  EXPECT_EQ(answer["items"][0]["probes"][0]["host"], "web-2");
  EXPECT_EQ(answer["items"][1]["port"], 4444);
  EXPECT_EQ(answer["items"][1]["agreement"], "unlisted");
  EXPECT_TRUE(answer["items"][1]["own"].is_null());
  EXPECT_EQ(answer["missing"].size(), 0U);
  EXPECT_EQ(answer["shared_addresses"].size(), 0U);
  EXPECT_EQ(get("/api/v1/hosts/web-2/ports")["items"].size(), 0U);
}

TEST_F(PortsTest, WithoutTheHostsOwnTablesNothingIsJudgedAndThatIsSaid) {
  host_.others.clear();
  (void)scan(host_);
  neighbour_.others.push_back(answers({22}));
  (void)scan(neighbour_);
  const auto answer = get("/api/v1/hosts/web-1/ports");
  EXPECT_EQ(answer["items"].size(), 0U) << "its addresses are not known either";
  ASSERT_EQ(answer["missing"].size(), 2U);
  EXPECT_EQ(answer["missing"][0]["table"], "exposure");
  EXPECT_EQ(answer["missing"][0]["reason"], "not in the snapshot");
}

TEST_F(PortsTest, AnAddressThatTwoHostsBearIsTold) {
  (void)scan(host_);
  auto twin = enroll("web-3");
  twin.others = host_.others;
  (void)scan(twin);
  const auto answer = get("/api/v1/hosts/web-1/ports");
  ASSERT_EQ(answer["shared_addresses"].size(), 1U);
  EXPECT_EQ(answer["shared_addresses"][0],
            (Json{{"address", "10.0.0.7"}, {"hosts", Json({"web-3"})}}));
}

TEST_F(PortsTest, RefusesWhatIsNoQuestion) {
  EXPECT_EQ(status("/api/v1/hosts/web-1/ports"), 404) << "no snapshot yet";
  EXPECT_EQ(status("/api/v1/hosts/nobody/ports"), 404);
  (void)scan(host_);
  EXPECT_EQ(status("/api/v1/hosts/web-1/ports?q=x"), 400);
}

}  // namespace
}  // namespace assay::collector::api
