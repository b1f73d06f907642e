#include "collector/ingest/intake.h"

#include <algorithm>

#include "assay/v1/limits.pb.h"
#include "collector/ingest/clock_difference.h"
#include "collector/ingest/stream.h"
#include "collector/store/kept_form.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/signature.h"

namespace assay::collector {
namespace {

// Verified tables are stored together with their snapshot up to this much, and before it above.
constexpr std::size_t kMaxVerifiedBytes = 256U << 10U;
// How many of a host's certificates may have signed what still waits in its spool.
constexpr std::size_t kMaxSigners = 8;

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

void Intake::handle(const v1::SubmitRequest& request, Reply reply) {
  auto answer = step(request);
  if (phase_ == Phase::kCommitting)
    commit(std::move(reply));
  else
    reply(std::move(answer));
}

Intake::Answer Intake::step(const v1::SubmitRequest& request) {
  switch (request.step_case()) {
    case v1::SubmitRequest::kOffer:
      if (phase_ == Phase::kReceiving)
        return fail(Code::kInvalidData, "an offer before the wanted tables came");
      return offer(request);
    case v1::SubmitRequest::kDifference:
      if (phase_ == Phase::kReceiving)
        return fail(Code::kInvalidData, "an offer before the wanted tables came");
      return difference(request);
    case v1::SubmitRequest::kPart:
      if (phase_ == Phase::kRefused) return std::nullopt;
      if (phase_ != Phase::kReceiving)
        return fail(Code::kInvalidData, "a table part that nobody asked for");
      if (auto within = within_quota(request); !within) return fail(within.error());
      return part(request.part());
    case v1::SubmitRequest::STEP_NOT_SET: break;
  }
  return fail(Code::kInvalidData, "a message without a step");
}

Intake::Answer Intake::offer(const v1::SubmitRequest& request) {
  const auto& offer = request.offer();
  before_.reset();
  if (auto admitted = admit(std::nullopt); !admitted) return fail(admitted.error());
  if (auto within = within_quota(request); !within) return fail(within.error());
  if (offer.manifest().size() > v1::LIMIT_MANIFEST_WIRE_BYTES)
    return refuse(v1::Refusal::REASON_MALFORMED, "the manifest is over 128 KiB on the wire");
  auto bytes =
      evidence::codec_of_thread().decompress(offer.manifest(), evidence::kMaxManifestBytes);
  if (!bytes) return refuse(v1::Refusal::REASON_MALFORMED, bytes.error().message());
  auto manifest = evidence::manifest_from_canonical(*bytes);
  if (!manifest) return refuse(v1::Refusal::REASON_MALFORMED, manifest.error().message());
  return consider({std::move(*manifest), std::move(*bytes)}, offer.signature());
}

Intake::Answer Intake::difference(const v1::SubmitRequest& request) {
  const auto& difference = request.difference();
  before_.reset();
  const auto base = evidence::Digest::from_raw(difference.base());
  const auto basis = admit(base ? std::optional(*base) : std::nullopt);
  if (!basis) return fail(basis.error());
  if (auto within = within_quota(request); !within) return fail(within.error());
  auto offered = restore(difference, *basis);
  if (!offered) return fail(offered.error());
  if (*offered) return consider(std::move(**offered), difference.signature());
  phase_ = Phase::kIdle;
  v1::SubmitResponse response;
  (void)response.mutable_wants_full();  // says it all by being there
  return response;
}

Result<std::optional<Intake::Offered>> Intake::restore(const v1::Difference& difference,
                                                       const DeliveryBasis& basis) {
  if (difference.manifest().size() > v1::LIMIT_MANIFEST_WIRE_BYTES) return std::nullopt;
  const auto& known = basis.base;
  if (!known || known->removed_at || known->host_id != caller_.host_id) return std::nullopt;
  // Were it not what was accepted, the signature of what comes of it would not be good.
  auto kept = EvidenceStore::kept_manifest(*known, basis.whole_frame);
  if (!kept) return fail(kept.error().within("manifest " + known->digest.hex()));
  const auto bytes = evidence::codec_of_thread().decompress_with(
      kept->bytes + known->digest.hex(), difference.manifest(), evidence::kMaxManifestBytes);
  if (!bytes) return std::nullopt;
  before_.emplace(std::move(*kept));
  auto manifest = evidence::manifest_from_canonical(*bytes);
  if (!manifest) return std::nullopt;
  return Offered{std::move(*manifest), *bytes};
}

Intake::Answer Intake::consider(Offered offered, const std::string& signature) {
  snapshot_ = {};
  const auto& bytes = offered.bytes;
  const auto* manifest = &offered.manifest;
  if (manifest->host_id != caller_.host_id)
    return refuse(v1::Refusal::REASON_FOREIGN_HOST, "the manifest is not of the calling host");
  if (manifest->sequence < 1)
    return refuse(v1::Refusal::REASON_MALFORMED, "the manifest has no sequence number");
  snapshot_.digest = evidence::sha256(bytes);
  auto signer = this->signer(bytes, signature);
  if (!signer && signer.error().code() == Code::kUnauthenticated) {
    const auto error = signer.error();
    return unless_replayed(
        [&] { return refuse(v1::Refusal::REASON_BAD_SIGNATURE, error.message()); });
  }
  if (!signer) return fail(signer.error());
  snapshot_.manifest = std::move(offered.manifest);
  if (!before_)
    before_ = Predecessor::of(*options_.store, caller_.host_id, snapshot_.manifest.sequence);
  if (auto set = set_form(bytes, before(), &snapshot_); !set) return fail(set.error());
  snapshot_.signature = signature;
  snapshot_.certificate_serial = std::move(signer->serial);
  clock_event_ = std::nullopt;
  if (const auto ended = evidence::from_timestamp(snapshot_.manifest.ended))
    clock_event_ = clock_event_of_scan(caller_.host_id, *ended, signer->not_before, options_.now());
  auto missing = options_.store->missing(digests_of(snapshot_.manifest));
  if (!missing) return fail(missing.error());
  // The commit finds a replay by itself, and nothing is written then.
  if (missing->empty()) return complete();
  return unless_replayed([&] { return want(std::move(*missing)); });
}

template <typename Otherwise>
Intake::Answer Intake::unless_replayed(Otherwise otherwise) {
  const auto known = options_.store->receipt(snapshot_.digest);
  if (!known && known.error().code() != Code::kNotFound) return fail(known.error());
  if (!known) return otherwise();
  phase_ = Phase::kIdle;
  ++options_.counts->replayed;
  return to_response(*known);
}

Intake::Answer Intake::want(std::vector<evidence::Digest> digests) {
  wanted_ = std::move(digests);
  phase_ = Phase::kReceiving;
  v1::SubmitResponse response;
  for (const auto& digest : wanted_) response.mutable_wants()->add_digests(digest.raw());
  return response;
}

Result<DeliveryBasis> Intake::admit(const std::optional<evidence::Digest>& base) {
  const auto now = options_.now();
  std::optional<Caller> newcomer;
  if (caller_.host_id.empty()) {
    auto identified = options_.gate->identify(certificate_, now);
    if (!identified) return fail(identified.error());
    newcomer = std::move(*identified);
  }
  const auto& caller = newcomer ? *newcomer : caller_;
  auto basis = options_.store->delivery_basis(caller.serial, base);
  if (!basis) return basis;
  if (auto checked = options_.gate->check(caller, basis->certificate, now); !checked)
    return fail(checked.error());
  if (newcomer) caller_ = std::move(*newcomer);
  return basis;
}

Status Intake::within_quota(const v1::SubmitRequest& request) {
  const auto now = options_.now();
  auto excess = options_.quotas->receive(caller_.host_id, request.ByteSizeLong(), now);
  if (!excess && !request.has_part()) excess = options_.quotas->offer(caller_.host_id, now);
  if (!excess) return {};
  if (excess->is_first) {
    Event event;
    event.host_id = caller_.host_id;
    event.kind = Event::Kind::kQuota;
    event.detail = excess->what;
    event.last = now;
    (void)options_.store->add_event(event);  // nothing was taken, so nothing is lost with it
  }
  ++options_.counts->over_quota;
  retry_after_ = excess->again_in;
  return fail(Code::kTooLarge,
              excess->what + "; come again in " + std::to_string(excess->again_in.count()) + " s");
}

std::unexpected<Error> Intake::busy(const std::string& why) {
  ++options_.counts->turned_away;
  retry_after_ = kBusyRetryAfter;
  return fail(Code::kTooLarge, why);
}

Result<Intake::Signer> Intake::signer(const std::string& manifest, const std::string& signature) {
  if (caller_.key->verify(snapshot_.digest, signature))
    return Signer{caller_.serial, caller_.not_before};
  // What was spooled before a renewal is signed with an earlier key of the same host.
  auto certificates = options_.store->certificates(caller_.host_id);
  if (!certificates) return fail(certificates.error());
  certificates->resize(std::min(certificates->size(), kMaxSigners));
  for (const auto& certificate : *certificates) {
    if (certificate.revoked_at || certificate.serial == caller_.serial) continue;
    if (evidence::verify_signature(certificate.pem, manifest, signature))
      return Signer{certificate.serial, certificate.not_before};
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
    if (!turn_) turn_ = options_.turns->take(caller_.host_id);
    if (!turn_) return busy("another upload of this host is under way");
    frame_share_ = options_.memory->take(limit);
    if (!frame_share_) return busy("too many uploads at this time");
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
  turn_ = {};
  if (!table && table.error().code() == Code::kInvalidData)
    return refuse(v1::Refusal::REASON_BAD_TABLE, table.error().message());
  if (!table) return fail(table.error());
  verified_bytes_ += table->frame.size();
  verified_.push_back(std::move(*table));
  wanted_.erase(wanted_.begin());
  if (wanted_.empty()) return complete();
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
  const auto share = options_.memory->take(size);
  if (!share) return busy("too many uploads at this time");
  const auto bytes = evidence::codec_of_thread().decompress(frame_, size);
  if (!bytes) return bad(bytes.error().message());
  if (bytes->size() != size) return bad("its size is not the offered one");
  if (evidence::sha256(*bytes) != *entry.digest) return bad("its digest is not the offered one");
  const auto outline = evidence::outline_of_canonical(*bytes);
  if (!outline) return bad(outline.error().message());
  if (outline->header.table != entry.name) return bad("it calls itself " + outline->header.table);
  if (static_cast<std::int64_t>(outline->rows) != entry.rows)
    return bad("it has another number of rows than the manifest says");
  StoredTable stored{{*entry.digest, entry.name, entry.bytes, 0, {}}, std::move(frame_), {}};
  set_form(*options_.store, *bytes, before(), &stored);
  return stored;
}

Intake::Answer Intake::complete() {
  phase_ = Phase::kCommitting;
  return std::nullopt;
}

void Intake::commit(Reply reply) {
  phase_ = Phase::kIdle;
  snapshot_.now = options_.now();
  const bool is_taken = options_.committer->submit(
      std::move(snapshot_), std::exchange(verified_, {}),
      [this, reply](const Result<Receipt>& receipt) { reply(committed(receipt)); });
  verified_bytes_ = 0;
  before_.reset();
  if (!is_taken) reply(busy("the collector is busy"));
}

Intake::Answer Intake::committed(const Result<Receipt>& receipt) {
  if (receipt) {
    ++(receipt->is_new ? options_.counts->accepted : options_.counts->replayed);
    // The evidence is there; its times tell the same to whoever looks.
    if (receipt->is_new && clock_event_) (void)options_.store->add_event(*clock_event_);
    if (receipt->is_new && options_.on_accepted) options_.on_accepted(caller_.host_id);
    return to_response(*receipt);
  }
  const auto& error = receipt.error();
  if (error.code() == Code::kConflict) {
    Event event;
    event.host_id = caller_.host_id;
    event.kind = Event::Kind::kFork;
    event.detail = error.message();
    event.last = options_.now();
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
  ++options_.counts->refused;
  // Nobody needs the tables of a snapshot that is not accepted, and they must not pile up.
  verified_.clear();
  verified_bytes_ = 0;
  wanted_.clear();
  frame_.clear();
  frame_share_ = {};
  turn_ = {};
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
  auto kept = options_.store->put_tables(verified_, options_.now());
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
