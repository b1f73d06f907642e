#include "agent/courier/submission.h"

#include "agent/courier/channel.h"
#include "assay/v1/limits.pb.h"
#include "evidence/clock.h"
#include "evidence/compress.h"
#include "evidence/manifest.h"

namespace assay::agent {

namespace {

// Before it is broken off and begun anew, where it stopped: nothing hangs for ever.
constexpr std::chrono::minutes kLongestStream{30};
constexpr std::int64_t kFrameHeaderBytes = 5;

// The stream is at its end; Finish() says why.
std::unexpected<Error> ended() {
  return fail(Code::kUnavailable, "the stream has ended");
}

std::unexpected<Error> broken_protocol(std::string_view what) {
  return fail(Code::kInternal, "the collector does not follow the protocol: " + std::string(what));
}

std::string_view reason_of(v1::Refusal::Reason reason) {
  switch (reason) {
    case v1::Refusal::REASON_MALFORMED: return "malformed";
    case v1::Refusal::REASON_BAD_SIGNATURE: return "bad_signature";
    case v1::Refusal::REASON_FOREIGN_HOST: return "foreign_host";
    case v1::Refusal::REASON_FORK: return "fork";
    case v1::Refusal::REASON_BAD_TABLE: return "bad_table";
    default: return "unspecified";
  }
}

bool is_damage(const Error& error) {
  return error.code() == Code::kNotFound || error.code() == Code::kInvalidData ||
         error.code() == Code::kTooLarge;
}

}  // namespace

Status Submission::run() {
  // A damaged table ends the stream with a verdict of our own; then the rest goes on.
  for (;;) {
    const auto waiting = outbox_.waiting();
    if (!waiting) return fail(waiting.error());
    if (waiting->empty()) return {};
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kLongestStream);
    {
      const std::scoped_lock lock(mutex_);
      if (is_cancelled_) return fail(Code::kUnavailable, "stopped");
      context_ = &context;
    }
    const auto stream = stub_->Submit(&context);
    auto done = send_waiting(*stream, *waiting);
    if (done)
      stream->WritesDone();
    else if (done.error().code() != Code::kUnavailable)
      context.TryCancel();
    for (v1::SubmitResponse rest; stream->Read(&rest);) context.TryCancel();  // nothing is due
    const auto status = stream->Finish();
    retry_after_ = retry_after_of(context);
    {
      const std::scoped_lock lock(mutex_);
      context_ = nullptr;
    }
    // A collector that does not know differences; the same again, in full.
    if (!done && awaits_answer_to_difference_ &&
        status.error_code() == grpc::StatusCode::INVALID_ARGUMENT) {
      takes_differences_ = awaits_answer_to_difference_ = false;
      continue;
    }
    // Only the stream's own end is explained by its status.
    if (!done && done.error().code() == Code::kLost) continue;
    if (!done && done.error().code() != Code::kUnavailable) return done;
    if (!done && status.ok())
      return fail(Code::kUnavailable, "the collector ended the stream early");
    if (!status.ok()) return fail(error_of(status));
  }
}

void Submission::cancel() {
  const std::scoped_lock lock(mutex_);
  is_cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
}

Status Submission::send_waiting(Stream& stream, const std::vector<SnapshotName>& names) {
  for (const auto& name : names)
    if (auto done = send_one(stream, name, &name == &names.back()); !done) return done;
  return {};
}

Status Submission::write(Stream& stream, const v1::SubmitRequest& request) {
  if (!stream.Write(request)) return ended();
  report_.bytes_sent += kFrameHeaderBytes + static_cast<std::int64_t>(request.ByteSizeLong());
  return {};
}

Status Submission::send_one(Stream& stream, const SnapshotName& name, bool is_last) {
  const auto snapshot = outbox_.load(name);
  if (!snapshot && is_damage(snapshot.error()))
    return record_refusal(name, "damaged", snapshot.error().message());
  if (!snapshot) return fail(snapshot.error());
  const auto manifest = evidence::manifest_from_canonical(snapshot->manifest);
  if (!manifest) return record_refusal(name, "damaged", manifest.error().message());
  Offered offered;
  for (const auto& entry : manifest->tables)
    if (entry.digest) offered.emplace(*entry.digest, entry.name);

  auto answer = offer(stream, *snapshot, manifest->host_id, is_last);
  if (!answer) return fail(answer.error());
  if (answer->has_wants()) {
    if (auto done = send_wanted(stream, answer->wants(), offered, name); !done) return done;
    if (!stream.Read(&*answer)) return ended();
  }
  if (answer->has_refusal())
    return record_refusal(name, reason_of(answer->refusal().reason()), answer->refusal().detail());
  if (!answer->has_receipt()) return broken_protocol("neither receipt nor refusal");
  if (auto done = record_receipt(name, answer->receipt()); !done) return done;
  base_ = {manifest->host_id, snapshot->manifest};
  return {};
}

Result<v1::SubmitRequest> Submission::offer_of(const WaitingSnapshot& snapshot,
                                               const std::string& host_id, bool is_last) {
  if (base_.host_id != host_id) base_ = {host_id, outbox_.last_accepted(host_id)};
  const bool is_difference = takes_differences_ && !base_.manifest.empty();
  const auto base = evidence::sha256(base_.manifest);
  const auto frame = is_difference
                         ? evidence::compress_with(base_.manifest + base.hex(), snapshot.manifest)
                         : evidence::compress(snapshot.manifest);
  if (!frame) return fail(frame.error());
  v1::SubmitRequest request;
  if (!is_difference) {
    request.mutable_offer()->set_manifest(*frame);
    request.mutable_offer()->set_signature(snapshot.signature);
    request.mutable_offer()->set_is_last(is_last);
    return request;
  }
  request.mutable_difference()->set_base(base.raw());
  request.mutable_difference()->set_manifest(*frame);
  request.mutable_difference()->set_signature(snapshot.signature);
  request.mutable_difference()->set_is_last(is_last);
  return request;
}

Result<v1::SubmitResponse> Submission::offer(Stream& stream, const WaitingSnapshot& snapshot,
                                             const std::string& host_id, bool is_last) {
  for (;;) {
    const auto request = offer_of(snapshot, host_id, is_last);
    if (!request) return fail(request.error());
    awaits_answer_to_difference_ = request->has_difference();
    if (auto done = write(stream, *request); !done) return fail(done.error());
    v1::SubmitResponse answer;
    if (!stream.Read(&answer)) return ended();
    awaits_answer_to_difference_ = false;
    if (!answer.has_wants_full()) {
      report_.differences += request->has_difference() ? 1 : 0;
      return answer;
    }
    if (!request->has_difference()) return broken_protocol("it wants in full what it has in full");
    base_.manifest.clear();
  }
}

Status Submission::send_wanted(Stream& stream, const v1::Wants& wants, const Offered& offered,
                               const SnapshotName& name) {
  auto left = offered;
  for (const auto& raw : wants.digests()) {
    const auto digest = evidence::Digest::from_raw(raw);
    // Nothing leaves this machine that the offer did not name.
    if (!digest || left.erase(*digest) == 0)
      return broken_protocol("it wants a table that was not offered, or one twice");
    const auto frame = outbox_.frame(*digest);
    if (!frame && is_damage(frame.error())) {
      const auto what = "table " + offered.at(*digest) + ": " + frame.error().message();
      if (auto done = record_refusal(name, "damaged", what); !done) return done;
      return fail(Code::kLost, what);
    }
    if (!frame) return fail(frame.error());
    if (auto done = send_table(stream, *digest, *frame); !done) return done;
  }
  return {};
}

Status Submission::send_table(Stream& stream, const evidence::Digest& digest,
                              const std::string& frame) {
  v1::SubmitRequest request;
  auto* part = request.mutable_part();
  part->set_digest(digest.raw());
  for (std::size_t at = 0;; at += v1::LIMIT_CHUNK_BYTES) {
    part->set_data(frame.substr(at, v1::LIMIT_CHUNK_BYTES));
    part->set_is_last(at + v1::LIMIT_CHUNK_BYTES >= frame.size());
    if (auto done = write(stream, request); !done) return done;
    if (part->is_last()) break;
  }
  ++report_.tables_sent;
  return {};
}

Status Submission::record_receipt(const SnapshotName& name, const v1::Receipt& receipt) {
  if (receipt.manifest_digest() != name.digest.raw() || receipt.sequence() != name.sequence)
    return broken_protocol("the receipt is for another manifest");
  const evidence::Seconds accepted{std::chrono::seconds(receipt.accepted_at())};
  if (auto done = outbox_.record(name, {true, accepted, "", ""}); !done) return done;
  ++report_.accepted;
  receipts_.push_back({name.digest, accepted});
  return {};
}

Status Submission::record_refusal(const SnapshotName& name, std::string_view reason,
                                  std::string_view detail) {
  const Verdict verdict{false, evidence::system_now(), std::string(reason), std::string(detail)};
  if (auto done = outbox_.record(name, verdict); !done) return done;
  ++report_.refused;
  report_.last_refusal = "number " + std::to_string(name.sequence) + ": " + verdict.reason + ": " +
                         verdict.detail.substr(0, 512);
  return {};
}

}  // namespace assay::agent
