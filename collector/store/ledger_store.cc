#include "collector/store/ledger_store.h"

#include <algorithm>

#include "evidence/ledger/time_stamp_token.h"
#include "evidence/ledger/witness_exchange.h"

namespace assay::collector {
namespace {

// A batch whose parts do not belong together would be stored for ever.
Status check(const LedgerAppend& append) {
  const auto count = static_cast<std::int64_t>(append.entries.size());
  const auto& head = append.checkpoint.head;
  if (count == 0 || append.entries.size() > kMaxLedgerBatch || append.old_size < 0 ||
      head.size != append.old_size + count || append.checkpoint.note.empty())
    return fail(Code::kInternal, "a batch of the ledger whose sizes do not fit");
  for (const auto& [tile, hashes] : append.tiles) {
    const auto width = static_cast<std::size_t>(evidence::tile_width(tile, head.size));
    if (width == 0 || hashes.size() != width * evidence::kDigestBytes)
      return fail(Code::kInternal, "a tile of the ledger that has not its width");
  }
  return {};
}

std::size_t bounded_batch(std::size_t limit) {
  return std::clamp<std::size_t>(limit, 1, kMaxLedgerBatch);
}

}  // namespace

Result<std::vector<evidence::LedgerEntry>> LedgerStore::unsequenced(std::size_t limit) {
  return measured("unsequenced", [&] { return do_unsequenced(bounded_batch(limit)); });
}

Status LedgerStore::append_to_ledger(const LedgerAppend& append) {
  if (auto sound = check(append); !sound) return sound;
  return measured("append_to_ledger", [&] { return do_append_to_ledger(append); });
}

Result<std::string> LedgerStore::ledger_tile(const evidence::TileId& tile) {
  return measured("ledger_tile", [&] { return do_ledger_tile(tile); });
}

Result<StoredCheckpoint> LedgerStore::checkpoint(std::optional<std::int64_t> size) {
  return measured("checkpoint", [&] { return do_checkpoint(size); });
}

Result<Page<StoredCheckpoint>> LedgerStore::checkpoints(const PageRequest& page) {
  return measured("checkpoints", [&] { return do_checkpoints(bounded(page)); });
}

Result<std::int64_t> LedgerStore::ledger_index(const evidence::Digest& digest) {
  return measured("ledger_index", [&] { return do_ledger_index(digest); });
}

Result<std::vector<evidence::LedgerEntry>> LedgerStore::ledger_entries(std::int64_t first,
                                                                       std::size_t limit) {
  return measured("ledger_entries", [&] { return do_ledger_entries(first, bounded_batch(limit)); });
}

Result<Page<evidence::Act>> LedgerStore::acts(const PageRequest& page) {
  return measured("acts", [&] { return do_acts(bounded(page)); });
}

Status LedgerStore::add_time_stamp(const StoredTimeStamp& stamp) {
  if (stamp.size <= 0 || stamp.note.empty() || stamp.token.empty() ||
      stamp.token.size() > evidence::kMaxTimeStampBytes)
    return fail(Code::kInternal, "a time stamp without its checkpoint or its token");
  return measured("add_time_stamp", [&] { return do_add_time_stamp(stamp); });
}

Result<StoredTimeStamp> LedgerStore::time_stamp(std::int64_t number) {
  return measured("time_stamp", [&] { return do_time_stamp(number); });
}

Result<StoredTimeStamp> LedgerStore::time_stamp_over(std::int64_t index) {
  return measured("time_stamp_over", [&] { return do_time_stamp_over(index); });
}

Result<Page<StoredTimeStamp>> LedgerStore::time_stamps(const PageRequest& page) {
  return measured("time_stamps", [&] { return do_time_stamps(bounded(page)); });
}

Result<bool> LedgerStore::claim_time_stamping(evidence::Seconds now, evidence::Seconds until) {
  return measured("claim_time_stamping", [&] { return do_claim_time_stamping(now, until); });
}

Status LedgerStore::add_cosignature(const StoredCosignature& cosignature) {
  if (cosignature.witness.empty() || cosignature.size <= 0 || cosignature.note.empty() ||
      cosignature.line.empty() || cosignature.line.size() > evidence::kMaxWitnessAnswerBytes)
    return fail(Code::kInternal, "a co-signature without its witness or its checkpoint");
  return measured("add_cosignature", [&] { return do_add_cosignature(cosignature); });
}

Result<std::vector<StoredCosignature>> LedgerStore::cosignatures() {
  return measured("cosignatures", [&] { return do_cosignatures(); });
}

Status LedgerStore::set_witness_trouble(const WitnessTrouble& trouble) {
  return measured("set_witness_trouble", [&] { return do_set_witness_trouble(trouble); });
}

Result<std::vector<WitnessTrouble>> LedgerStore::witness_troubles() {
  return measured("witness_troubles", [&] { return do_witness_troubles(); });
}

Result<bool> LedgerStore::claim_witnessing(evidence::Seconds now, evidence::Seconds until) {
  return measured("claim_witnessing", [&] { return do_claim_witnessing(now, until); });
}

}  // namespace assay::collector
