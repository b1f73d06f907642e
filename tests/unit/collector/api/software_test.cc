// The software of a host.
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class SoftwareTest : public World {
 protected:
  Machine host_ = enroll("web-1");
};

TEST_F(SoftwareTest, IsListedWithNamesInPages) {
  host_.packages = {"openssl", "tool-a", "tool-b"};
  const auto snapshot = scan(host_);
  const auto all = get("/api/v1/hosts/web-1/software");
  ASSERT_EQ(all["items"].size(), 3U);
  EXPECT_EQ(all["items"][0],
            (Json{{"kind", "deb"},
                  {"name", "openssl"},
                  {"version", "1.0-1"},
                  {"arch", "amd64"},
                  {"purl", "pkg:deb/debian/openssl@1.0-1"},
                  {"cpe", "cpe:2.3:a:openssl:openssl:1.0:*:*:*:*:*:*:*"},
                  {"confidence", "exact"}}));
  EXPECT_TRUE(all["items"][1]["cpe"].is_null());
  EXPECT_TRUE(all["next"].is_null());
  EXPECT_EQ(all["snapshot"], snapshot.hex());
  EXPECT_EQ(all["missing"][0]["reason"], "not in the snapshot");
}

TEST_F(SoftwareTest, FurtherPagesAreOfTheSameSnapshot) {
  host_.packages = {"a", "b", "c"};
  const auto first = scan(host_);
  const auto page = get("/api/v1/hosts/web-1/software?limit=2");
  ASSERT_EQ(page["items"].size(), 2U);
  host_.packages = {"x"};
  (void)scan(host_);
  const auto rest = get("/api/v1/hosts/web-1/software?limit=2&cursor=" +
                        page["next"].get<std::string>());
  EXPECT_EQ(rest["items"].size(), 1U);
  EXPECT_EQ(rest["items"][0]["name"], "c");
  EXPECT_EQ(rest["snapshot"], first.hex());
  EXPECT_TRUE(rest["next"].is_null());
  EXPECT_EQ(get("/api/v1/hosts/web-1/software")["items"][0]["name"], "x");
}

TEST_F(SoftwareTest, AsOfShowsWhatWasThereThen) {
  host_.packages = {"old"};
  (void)scan(host_);
  const auto then = time();
  host_.packages = {"new"};
  (void)scan(host_);
  EXPECT_EQ(get("/api/v1/hosts/web-1/software?as-of=" + then)["items"][0]["name"], "old");
}

TEST_F(SoftwareTest, RefusesWhatIsNoQuestion) {
  EXPECT_EQ(status("/api/v1/hosts/web-1/software"), 404);
  EXPECT_EQ(status("/api/v1/hosts/nobody/software"), 404);
  (void)scan(host_);
  const auto id = scan(host_).hex();
  for (const auto& query : {std::string("kind=exe"), std::string("cursor=x"),
                            std::string("cursor=00-1"), "cursor=" + id + "-x",
                            "cursor=" + id + "--1", std::string("q=x"), std::string("limit=0")})
    EXPECT_EQ(status("/api/v1/hosts/web-1/software?" + query), 400) << query;
  auto other = enroll("web-2");
  const auto theirs = scan(other).hex();
  EXPECT_EQ(status("/api/v1/hosts/web-1/software?cursor=" + theirs + "-0"), 400);
}

}  // namespace
}  // namespace assay::collector::api
