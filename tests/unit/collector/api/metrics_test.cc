// GET /metrics
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

// The value on the line that begins with `what`; the test fails when there is none.
double value_of(const std::string& text, const std::string& what) {
  const auto at = text.find("\n" + what + " ");
  EXPECT_NE(at, std::string::npos) << what << " in:\n" << text;
  return at == std::string::npos ? -1 : std::stod(text.substr(at + what.size() + 2));
}

TEST_F(World, MetricsAreInTheTextFormatOfPrometheus) {
  const auto response = answer("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.content_type.starts_with("text/plain; version=0.0.4"));
  EXPECT_NE(response.body.find("# TYPE assay_store_calls_total counter\n"), std::string::npos);
  EXPECT_EQ(value_of(response.body, "assay_build_info{version=\"" ASSAY_VERSION "\"}"), 1);
  EXPECT_GT(value_of(response.body, "process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value_of(response.body, "process_open_fds"), 2);
}

TEST_F(World, MetricsCountWhatTheStoreIsAsked) {
  const std::string calls = "assay_store_calls_total{operation=\"host\"}";
  (void)store_->host("nobody");
  const auto before = value_of(answer("/metrics").body, calls);
  (void)store_->host("nobody");
  const auto after = answer("/metrics").body;
  EXPECT_EQ(value_of(after, calls), before + 1);
  EXPECT_GE(value_of(after, "assay_store_failures_total{operation=\"host\"}"), 2);
}

}  // namespace
}  // namespace assay::collector::api
