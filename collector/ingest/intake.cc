#include "collector/ingest/intake.h"

#include <algorithm>

#include "assay/v1/limits.pb.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/signature.h"

namespace assay::collector {
namespace {

// Verified tables are stored together with their snapshot up to this much, and before it above.
constexpr std::size_t kMaxVerifiedBytes = 256U << 10U;
// A parsed table takes a few times the bytes of its canonical form.
constexpr std::size_t kParsedFactor = 6;
// How many of a host's certificates may have signed what still waits in its spool.
constexpr std::size_t kMaxSigners = 8;
constexpr const char* kTooLargeOnTheWire = "the manifest is over 128 KiB on the wire";

// A zstd frame of incompressible bytes is a little larger than they are.
std::size_t frame_limit(std::size_t bytes) {
  return bytes + bytes / 128 + 1024;
}

v1::SubmitResponse to_response(const Receipt& receipt) {
  v1::SubmitResponse response;
  auto* written = response.mutable_receipt();
  written->set_manifest_digest(receipt.digest.raw());
  written->set_sequence(receipt.sequence);
  written->set_accepted_at(receipt.accepted_at.time_since_epoch().count());
  return response;
}

std::vector<evidence::Digest> digests_of(const evidence::Manifest& manifest) {
  std::vector<evidence::Digest> digests;
  for (const auto& entry : manifest.tables)
    if (entry.digest) digests.push_back(*entry.digest);
  return digests;
}

}  // namespace

Intake::Answer Intake::handle(const v1::SubmitRequest& request) {
  switch (request.step_case()) {
    case v1::SubmitRequest::kOffer:
      if (phase_ == Phase::kReceiving)
        return fail(Code::kInvalidData, "an offer before the wanted tables came");
      return offer(request.offer());
    case v1::SubmitRequest::kDifference:
      if (phase_ == Phase::kReceiving)
        return fail(Code::kInvalidData, "an offer before the wanted tables came");
      return difference(request.difference());
    case v1::SubmitRequest::kPart:
      if (phase_ == Phase::kRefused) return std::nullopt;
      if (phase_ != Phase::kReceiving)
        return fail(Code::kInvalidData, "a table part that nobody asked for");
      return part(request.part());
    case v1::SubmitRequest::STEP_NOT_SET: break;
  }
  return fail(Code::kInvalidData, "a message without a step");
}

Intake::Answer Intake::offer(const v1::Offer& offer) {
  if (auto admitted = admit(); !admitted) return fail(admitted.error());
  if (offer.manifest().size() > v1::LIMIT_MANIFEST_WIRE_BYTES)
    return refuse(v1::Refusal::REASON_MALFORMED, kTooLargeOnTheWire);
  const auto bytes = evidence::decompress(offer.manifest(), evidence::kMaxManifestBytes);
  if (!bytes) return refuse(v1::Refusal::REASON_MALFORMED, bytes.error().message());
  return consider(*bytes, offer.manifest(), offer.signature());
}

Intake::Answer Intake::difference(const v1::Difference& difference) {
  if (auto admitted = admit(); !admitted) return fail(admitted.error());
  const auto bytes = restore(difference);
  if (!bytes) return fail(bytes.error());
  if (*bytes) return consider(**bytes, {}, difference.signature());
  phase_ = Phase::kIdle;
  v1::SubmitResponse response;
  (void)response.mutable_wants_full();  // says it all by being there
  return response;
}

Result<std::optional<std::string>> Intake::restore(const v1::Difference& difference) {
  const auto base = evidence::Digest::from_raw(difference.base());
  if (!base || difference.manifest().size() > v1::LIMIT_MANIFEST_WIRE_BYTES) return std::nullopt;
  const auto known = options_.store->snapshot(*base);
  if (!known && known.error().code() != Code::kNotFound) return fail(known.error());
  if (!known || known->host_id != caller_.host_id) return std::nullopt;
  auto prefix = evidence::decompress(known->manifest_frame, evidence::kMaxManifestBytes);
  if (!prefix) return fail(prefix.error().within("manifest " + base->hex()));
  prefix->append(base->hex());
  auto bytes =
      evidence::decompress_with(*prefix, difference.manifest(), evidence::kMaxManifestBytes);
  if (!bytes || !evidence::manifest_from_canonical(*bytes)) return std::nullopt;
  return std::move(*bytes);
}

Intake::Answer Intake::consider(const std::string& bytes, std::string frame,
                                const std::string& signature) {
  snapshot_ = {};
  auto manifest = evidence::manifest_from_canonical(bytes);
  if (!manifest) return refuse(v1::Refusal::REASON_MALFORMED, manifest.error().message());
  if (manifest->host_id != caller_.host_id)
    return refuse(v1::Refusal::REASON_FOREIGN_HOST, "the manifest is not of the calling host");
  if (manifest->sequence < 1)
    return refuse(v1::Refusal::REASON_MALFORMED, "the manifest has no sequence number");
  snapshot_.digest = evidence::sha256(bytes);
  auto known = options_.store->receipt(snapshot_.digest);
  if (known) {
    phase_ = Phase::kIdle;
    return to_response(*known);
  }
  if (known.error().code() != Code::kNotFound) return fail(known.error());
  auto serial = signer(bytes, signature);
  if (!serial && serial.error().code() == Code::kUnauthenticated)
    return refuse(v1::Refusal::REASON_BAD_SIGNATURE, serial.error().message());
  if (!serial) return fail(serial.error());
  if (frame.empty()) {
    auto made = evidence::compress(bytes);
    if (!made) return fail(made.error());
    frame = std::move(*made);
    if (frame.size() > v1::LIMIT_MANIFEST_WIRE_BYTES)
      return refuse(v1::Refusal::REASON_MALFORMED, kTooLargeOnTheWire);
  }
  snapshot_.manifest = std::move(*manifest);
  snapshot_.manifest_frame = std::move(frame);
  snapshot_.signature = signature;
  snapshot_.certificate_serial = std::move(*serial);
  auto missing = options_.store->missing(digests_of(snapshot_.manifest));
  if (!missing) return fail(missing.error());
  wanted_ = std::move(*missing);
  if (wanted_.empty()) return commit();
  phase_ = Phase::kReceiving;
  v1::SubmitResponse response;
  for (const auto& digest : wanted_) response.mutable_wants()->add_digests(digest.raw());
  return response;
}

Status Intake::admit() {
  if (!caller_.host_id.empty()) return options_.gate->check_again(caller_, options_.now());
  auto caller = options_.gate->admit(certificate_, options_.now());
  if (!caller) return fail(caller.error());
  caller_ = std::move(*caller);
  return {};
}

Result<std::string> Intake::signer(const std::string& manifest, const std::string& signature) {
  if (evidence::verify_signature(caller_.certificate, manifest, signature)) return caller_.serial;
  // What was spooled before a renewal is signed with an earlier key of the same host.
  auto certificates = options_.store->certificates(caller_.host_id);
  if (!certificates) return fail(certificates.error());
  certificates->resize(std::min(certificates->size(), kMaxSigners));
  for (const auto& certificate : *certificates) {
    if (certificate.revoked_at || certificate.serial == caller_.serial) continue;
    if (evidence::verify_signature(certificate.pem, manifest, signature)) return certificate.serial;
  }
  return fail(Code::kUnauthenticated, "the signature is not made with a key of this host");
}

Intake::Answer Intake::part(const v1::TablePart& part) {
  const auto digest = evidence::Digest::from_raw(part.digest());
  if (!digest || *digest != wanted_.front())
    return fail(Code::kInvalidData, "a part of another table than the one wanted next");
  if (part.data().size() > v1::LIMIT_CHUNK_BYTES)
    return fail(Code::kInvalidData, "a table part is over 1 MiB");
  if (part.data().empty() && !part.is_last())
    return fail(Code::kInvalidData, "an empty part that is not the last");
  const auto* entry = entry_of(*digest);
  const auto limit = frame_limit(static_cast<std::size_t>(entry->bytes));
  if (frame_.size() + part.data().size() > limit) {
    return refuse(v1::Refusal::REASON_BAD_TABLE,
                  "table " + entry->name + " is larger than the manifest says");
  }
  if (!frame_share_) {
    frame_share_ = options_.memory->take(limit);
    if (!frame_share_) return fail(Code::kTooLarge, "too many uploads at this time");
  }
  frame_.append(part.data());
  if (!part.is_last()) return std::nullopt;
  return finish_table();
}

Intake::Answer Intake::finish_table() {
  const auto* entry = entry_of(wanted_.front());
  auto table = verify(*entry);
  frame_.clear();
  frame_.shrink_to_fit();
  frame_share_ = {};
  if (!table && table.error().code() == Code::kInvalidData)
    return refuse(v1::Refusal::REASON_BAD_TABLE, table.error().message());
  if (!table) return fail(table.error());
  verified_bytes_ += table->frame.size();
  verified_.push_back(std::move(*table));
  wanted_.erase(wanted_.begin());
  if (wanted_.empty()) return commit();
  if (verified_bytes_ > kMaxVerifiedBytes) {
    if (auto kept = keep_verified(); !kept) return fail(kept.error());
  }
  return std::nullopt;
}

Result<StoredTable> Intake::verify(const evidence::ManifestEntry& entry) {
  const auto size = static_cast<std::size_t>(entry.bytes);
  const auto bad = [&](const std::string& why) {
    return fail(Code::kInvalidData, "table " + entry.name + ": " + why);
  };
  const auto share = options_.memory->take(size * kParsedFactor);
  if (!share) return fail(Code::kTooLarge, "too many uploads at this time");
  const auto bytes = evidence::decompress(frame_, size);
  if (!bytes) return bad(bytes.error().message());
  if (bytes->size() != size) return bad("its size is not the offered one");
  if (evidence::sha256(*bytes) != *entry.digest) return bad("its digest is not the offered one");
  const auto table = evidence::from_canonical(*bytes);
  if (!table) return bad(table.error().message());
  if (table->header().table != entry.name) return bad("it calls itself " + table->header().table);
  if (static_cast<std::int64_t>(table->rows().size()) != entry.rows)
    return bad("it has another number of rows than the manifest says");
  return StoredTable{{*entry.digest, entry.name, entry.bytes, 0}, std::move(frame_)};
}

Intake::Answer Intake::commit() {
  snapshot_.now = options_.now();
  auto receipt = options_.store->commit_snapshot(snapshot_, verified_);
  phase_ = Phase::kIdle;
  if (receipt) {
    verified_.clear();
    verified_bytes_ = 0;
    if (receipt->is_new && options_.on_accepted) options_.on_accepted(caller_.host_id);
    return to_response(*receipt);
  }
  const auto& error = receipt.error();
  if (error.code() == Code::kConflict) {
    Event event;
    event.host_id = caller_.host_id;
    event.kind = Event::Kind::kFork;
    event.detail = error.message();
    event.last = snapshot_.now;
    if (auto recorded = options_.store->add_event(event); !recorded) return fail(recorded.error());
    return refuse(v1::Refusal::REASON_FORK, error.message());
  }
  if (error.code() == Code::kInvalidData)
    return refuse(v1::Refusal::REASON_BAD_TABLE, error.message());
  // A table that was there when it was offered is gone: the agent offers again.
  if (error.code() == Code::kNotFound) return fail(Code::kUnavailable, error.message());
  return fail(error);
}

Intake::Answer Intake::refuse(v1::Refusal::Reason reason, const std::string& detail) {
  Event event;
  event.host_id = caller_.host_id;
  event.kind = Event::Kind::kRefusal;
  event.detail = v1::Refusal::Reason_Name(reason) + ": " + detail;
  event.last = options_.now();
  // A refusal that could not be recorded is not given: the agent would set evidence aside, and
  // nobody here would know.
  if (auto recorded = options_.store->add_event(event); !recorded) return fail(recorded.error());
  phase_ = Phase::kRefused;
  // Nobody needs the tables of a snapshot that is not accepted, and they must not pile up.
  verified_.clear();
  verified_bytes_ = 0;
  wanted_.clear();
  frame_.clear();
  frame_share_ = {};
  v1::SubmitResponse response;
  response.mutable_refusal()->set_reason(reason);
  response.mutable_refusal()->set_detail(detail);
  return response;
}

const evidence::ManifestEntry* Intake::entry_of(const evidence::Digest& digest) const {
  const auto& tables = snapshot_.manifest.tables;
  const auto found =
      std::ranges::find(tables, std::optional(digest), &evidence::ManifestEntry::digest);
  return found == tables.end() ? nullptr : &*found;
}

Status Intake::keep_verified() {
  auto kept = options_.store->put_tables(verified_);
  if (kept) {
    verified_.clear();
    verified_bytes_ = 0;
  }
  return kept;
}

void Intake::close() {
  // Best effort: what is not kept is wanted again.
  (void)keep_verified();
}

}  // namespace assay::collector
