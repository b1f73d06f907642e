#include "tests/integration/collector/test_agent.h"

#include "assay/v1/limits.pb.h"
#include "evidence/canonical.h"
#include "evidence/clock.h"
#include "evidence/compress.h"
#include "evidence/schema.h"
#include "evidence/signature.h"
#include "evidence/table.h"
#include "tests/integration/collector/signing_request.h"

namespace assay::collector {

std::string users_table(const std::vector<std::string>& users) {
  evidence::Table table(*evidence::find_table("users"));
  std::int64_t uid = 0;
  for (const auto& user : users) table.add({{"uid", uid++}, {"username", user}});
  return evidence::to_canonical(table).value();
}

evidence::ManifestEntry entry_for(const std::string& name, const std::string& canonical_bytes) {
  evidence::ManifestEntry entry;
  entry.name = name;
  entry.status = evidence::TableStatus::kOk;
  entry.digest = evidence::sha256(canonical_bytes);
  entry.bytes = static_cast<std::int64_t>(canonical_bytes.size());
  const auto table = evidence::from_canonical(canonical_bytes);
  entry.rows = table ? static_cast<std::int64_t>(table->rows().size()) : 0;
  return entry;
}

Submission::Submission(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::Submission::NewStub(channel)) {
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  stream_ = stub_->Submit(&context_);
}

bool Submission::offer(const TestSnapshot& snapshot) {
  v1::SubmitRequest request;
  request.mutable_offer()->set_manifest(evidence::compress(snapshot.manifest).value());
  request.mutable_offer()->set_signature(snapshot.signature);
  request.mutable_offer()->set_is_last(says_last);
  return stream_->Write(request);
}

bool Submission::difference(const std::string& base_manifest, const TestSnapshot& snapshot) {
  const auto base = evidence::sha256(base_manifest);
  v1::SubmitRequest request;
  request.mutable_difference()->set_base(base.raw());
  request.mutable_difference()->set_manifest(
      evidence::compress_with(base_manifest + base.hex(), snapshot.manifest).value());
  request.mutable_difference()->set_signature(snapshot.signature);
  request.mutable_difference()->set_is_last(says_last);
  return stream_->Write(request);
}

bool Submission::part(const evidence::Digest& digest, const std::string& data, bool is_last) {
  v1::SubmitRequest request;
  request.mutable_part()->set_digest(digest.raw());
  request.mutable_part()->set_data(data);
  request.mutable_part()->set_is_last(is_last);
  return stream_->Write(request);
}

bool Submission::table(const std::string& canonical_bytes) {
  const auto frame = evidence::compress(canonical_bytes).value();
  const auto digest = evidence::sha256(canonical_bytes);
  for (std::size_t at = 0; at < frame.size(); at += v1::LIMIT_CHUNK_BYTES) {
    const bool is_last = at + v1::LIMIT_CHUNK_BYTES >= frame.size();
    if (!part(digest, frame.substr(at, v1::LIMIT_CHUNK_BYTES), is_last)) return false;
  }
  return true;
}

std::optional<v1::SubmitResponse> Submission::answer() {
  v1::SubmitResponse response;
  return stream_->Read(&response) ? std::optional(response) : std::nullopt;
}

grpc::Status Submission::finish() {
  stream_->WritesDone();
  return stream_->Finish();
}

std::optional<int> Submission::retry_after() const {
  const auto& trailing = context_.GetServerTrailingMetadata();
  const auto found = trailing.find("retry-after");
  if (found == trailing.end()) return std::nullopt;
  return std::stoi(std::string(found->second.data(), found->second.size()));
}

TestAgent::TestAgent(int port, std::string ca)
    : port_(port), ca_(std::move(ca)), key_(evidence::new_private_key().value()) {}

std::shared_ptr<grpc::Channel> TestAgent::channel() {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca_;
  if (!certificate_.empty()) {
    options.pem_private_key = key_;
    options.pem_cert_chain = certificate_;
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_),
                                   grpc::SslCredentials(options), arguments);
}

grpc::Status TestAgent::enroll(const std::string& token) {
  grpc::ClientContext context;
  v1::EnrollRequest request;
  request.set_token(token.substr(0, token.find('.')));
  request.set_signing_request(signing_request(key_));
  request.set_host_name("測試主機");
  v1::EnrollResponse response;
  const auto status = v1::Enrollment::NewStub(channel())->Enroll(&context, request, &response);
  if (status.ok()) {
    host_id_ = response.host_id();
    certificate_ = response.certificate();
  }
  return status;
}

grpc::Status TestAgent::renew() {
  grpc::ClientContext context;
  const auto key = evidence::new_private_key().value();
  v1::RenewRequest request;
  request.set_signing_request(signing_request(key));
  v1::RenewResponse response;
  const auto status = v1::Enrollment::NewStub(channel())->Renew(&context, request, &response);
  if (status.ok()) {
    key_ = key;
    certificate_ = response.certificate();
  }
  return status;
}

TestSnapshot TestAgent::sign(evidence::Manifest manifest) const {
  TestSnapshot snapshot;
  snapshot.manifest = evidence::to_canonical(manifest).value();
  snapshot.signature = evidence::sign(key_, snapshot.manifest).value();
  return snapshot;
}

TestSnapshot TestAgent::scan(const std::vector<std::string>& users) {
  const auto table = users_table(users);
  evidence::Manifest manifest;
  manifest.host_id = host_id_;
  manifest.host_name = "測試主機";
  manifest.agent_version = "0.1.0";
  manifest.profile = "server";
  manifest.sequence = ++sequence;
  manifest.previous = previous;
  manifest.started = manifest.ended =
      evidence::to_timestamp(evidence::system_now() + std::chrono::seconds(clock_ahead));
  manifest.tables = {entry_for("users", table)};
  auto snapshot = sign(std::move(manifest));
  snapshot.tables[evidence::sha256(table)] = table;
  previous = snapshot.digest();
  return snapshot;
}

std::optional<v1::SubmitResponse> TestAgent::submit(const TestSnapshot& snapshot) {
  Submission stream(channel());
  if (!stream.offer(snapshot)) return std::nullopt;
  auto answer = stream.answer();
  if (!answer || !answer->has_wants()) return answer;
  for (const auto& raw : answer->wants().digests())
    stream.table(snapshot.tables.at(evidence::Digest::from_raw(raw).value()));
  return stream.answer();
}

}  // namespace assay::collector
