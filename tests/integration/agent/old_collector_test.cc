// A collector from before manifests travelled as differences.
#include "tests/integration/agent/machine.h"

namespace assay::agent {
namespace {

class OldCollector final : public v1::Submission::Service {
 public:
  grpc::Status Submit(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::SubmitResponse, v1::SubmitRequest>* stream) override {
    for (v1::SubmitRequest request; stream->Read(&request);) {
      // What it does not know is to it a message without a step.
      if (!request.has_offer()) return {grpc::StatusCode::INVALID_ARGUMENT, "without a step"};
      const auto bytes =
          evidence::decompress(request.offer().manifest(), evidence::kMaxManifestBytes).value();
      v1::SubmitResponse response;
      response.mutable_receipt()->set_manifest_digest(evidence::sha256(bytes).raw());
      response.mutable_receipt()->set_sequence(
          evidence::manifest_from_canonical(bytes).value().sequence);
      stream->Write(response);
    }
    return grpc::Status::OK;
  }
};

class OldCollectorTest : public MachineTest {
 protected:
  OldCollectorTest() {
    enroll_machine();
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~OldCollectorTest() override { server_->Shutdown(std::chrono::system_clock::now()); }

  SubmissionReport upload() {
    Submission submission(grpc::CreateChannel("127.0.0.1:" + std::to_string(port_),
                                              grpc::InsecureChannelCredentials()),
                          state_);
    const auto done = submission.run();
    EXPECT_TRUE(done) << done.error().message();
    return submission.report();
  }

 private:
  OldCollector service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(OldCollectorTest, GetsEverythingInFullAndNothingIsSetAside) {
  auto spool = Spool::open(state_);
  ASSERT_TRUE(spool);
  for (int users = 1; users <= 3; ++users) scan(*spool, users);
  const auto report = upload();
  EXPECT_EQ(report.accepted, 3);
  EXPECT_EQ(report.differences, 0);
  EXPECT_EQ(report.refused, 0);
}

}  // namespace
}  // namespace assay::agent
