#include "evidence/signature.h"
#include "tests/integration/collector/collector_fixture.h"

namespace assay::collector {
namespace {

using grpc::StatusCode;

TEST_F(CollectorTest, ATokenBecomesACertificate) {
  auto agent = stranger();
  const auto status = agent.enroll(token());
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(store().host(agent.host_id())->name, "測試主機");
  EXPECT_EQ(store().certificates(agent.host_id())->size(), 1U);
}

TEST_F(CollectorTest, ATokenIsGoodOnce) {
  const auto text = token();
  ASSERT_TRUE(stranger().enroll(text).ok());
  EXPECT_EQ(stranger().enroll(text).error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(store().hosts("", {})->items.size(), 1U);
}

TEST_F(CollectorTest, ExpiredAndUnknownTokensAreNotToldApart) {
  const auto expired = stranger().enroll(token(std::chrono::seconds(-1)));
  const auto unknown = stranger().enroll("nothing.of-the-kind");
  EXPECT_EQ(expired.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(unknown.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(expired.error_message(), unknown.error_message());
  EXPECT_EQ(events_of(Event::Kind::kRejectedToken), 2);
}

TEST_F(CollectorTest, ABadSigningRequestCostsNoToken) {
  const auto text = token();
  v1::EnrollRequest request;
  request.set_token(text.substr(0, text.find('.')));
  request.set_signing_request("-----BEGIN NOTHING-----");
  v1::EnrollResponse response;
  grpc::ClientContext context;
  const auto status =
      v1::Enrollment::NewStub(stranger().channel())->Enroll(&context, request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(stranger().enroll(text).ok());
}

TEST_F(CollectorTest, RenewalGivesAFurtherCertificateAndKeepsTheOld) {
  auto agent = enrolled();
  ASSERT_TRUE(agent.renew().ok());
  ASSERT_TRUE(agent.renew().ok());
  EXPECT_EQ(store().certificates(agent.host_id())->size(), 3U);
}

TEST_F(CollectorTest, RenewalNeedsACertificate) {
  EXPECT_EQ(stranger().renew().error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(CollectorTest, ARevokedHostRenewsNothing) {
  auto agent = enrolled();
  ASSERT_TRUE(store().revoke_host(agent.host_id(), evidence::Seconds{}));
  EXPECT_EQ(agent.renew().error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(events_of(Event::Kind::kRejectedCertificate), 1);
}

}  // namespace
}  // namespace assay::collector
