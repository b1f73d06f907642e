// Time stamps: each is still the token that came, over the checkpoint beside it, which the ledger
// signed and whose tree is where the ledger begins.
#include "collector/fsck/examiner.h"
#include "collector/ledger/ledger.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/time_stamp_token.h"

namespace assay::collector {

namespace {

Status check_token(const StoredTimeStamp& stamp, const std::string& authorities) {
  if (evidence::sha256(stamp.token) != stamp.digest)
    return refuse(Code::kInvalidData, {"its token has another digest", "時戳的摘要值不符"});
  const auto imprint = evidence::sha256(stamp.note);
  const auto read = authorities.empty()
                        ? evidence::read_time_stamp(stamp.token)
                        : evidence::verify_time_stamp(stamp.token, imprint, authorities);
  if (!read) return fail(read.error());
  if (read->imprint != imprint)
    return refuse(Code::kInvalidData, {"it is not over the checkpoint that it is stored with",
                                       "時戳的對象並非所登載的檢查點"});
  if (read->at != stamp.at)
    return refuse(Code::kInvalidData, {"it is stored with another time than is written in it",
                                       "登載的時間與時戳內容不符"});
  return {};
}

}  // namespace

Status check_kept_checkpoint(std::string_view note, std::int64_t size,
                             const evidence::VerifierKey& key, evidence::TileTree& tree) {
  const auto opened = evidence::open_checkpoint(note, key, key.name);
  if (!opened) return fail(opened.error());
  const auto& head = opened->checkpoint.head;
  if (head.size != size)
    return refuse(Code::kInvalidData, {"it is stored with another size than its checkpoint has",
                                       "登載的筆數與檢查點不符"});
  if (head.size > tree.size())
    return refuse(Code::kInvalidData,
                  {"its checkpoint has more entries than the ledger", "檢查點的筆數多於帳本"});
  const auto root = evidence::root_of(head.size, tree.reader());
  if (!root) return fail(root.error());
  if (*root != head.root)
    return refuse(Code::kInvalidData, {"the entries have another root than its checkpoint says",
                                       "由登載算出的樹根與檢查點不符"});
  return {};
}

Status examine_time_stamps(Examination& examination) {
  auto& store = examination.store;
  // Stamps before the checkpoint: every one that is read is over a part of this tree.
  const auto newest = store.time_stamps({"", 1});
  if (!newest) return fail(newest.error());
  const auto last = newest->items.empty() ? 0 : newest->items.front().number;
  const auto latest = store.checkpoint();
  if (!latest && latest.error().code() != Code::kNotFound) return fail(latest.error());
  evidence::TileTree tree(latest ? latest->head.size : 0, tiles_of(store));
  const auto& options = examination.options;
  return for_every(
      [&](const PageRequest& page) { return store.time_stamps(page); },
      [&](const StoredTimeStamp& stamp) -> Status {
        if (stamp.number > last) return {};  // added since
        ++examination.counts.time_stamps;
        if (options.stamp_authorities.empty()) ++examination.counts.unknown_signers;
        const auto subject =
            phrase({"time stamp {} over {} entries of the ledger", "時戳 {}（帳本前 {} 筆）"},
                   stamp.number, stamp.size);
        if (auto token = check_token(stamp, options.stamp_authorities); !token)
          return examination.note(subject, token.error());
        if (auto sound = check_kept_checkpoint(stamp.note, stamp.size, options.ledger, tree);
            !sound)
          return examination.note(subject, sound.error());
        return {};
      });
}

}  // namespace assay::collector
