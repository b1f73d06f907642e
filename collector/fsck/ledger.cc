// The ledger: its tree is built anew from its entries, and held against what is stored and signed.
#include "collector/ledger/ledger.h"

#include <algorithm>

#include "collector/fsck/examiner.h"
#include "evidence/ledger/checkpoint.h"

namespace assay::collector {

namespace {

const Text kLedger{"ledger", "帳本"};

class LedgerExaminer {
 public:
  explicit LedgerExaminer(Examination& examination)
      : examination_(examination), store_(examination.store) {}

  Status run() {
    // Before everything else: what is logged from now on is none of this.
    const auto latest = store_.checkpoint();
    if (!latest && latest.error().code() != Code::kNotFound) return fail(latest.error());
    size_ = latest ? latest->head.size : 0;
    if (auto done = check_end(); !done) return done;
    if (auto done = read_acts(); !done) return done;
    if (auto done = read_entries(); !done) return done;
    if (auto done = read_upper_tiles(); !done) return done;
    if (auto done = read_checkpoints(); !done) return done;
    return read_unlogged();
  }

 private:
  // Every entry is under a checkpoint.
  Status check_end() {
    const auto beyond = store_.ledger_entries(size_, 1);
    if (!beyond) return fail(beyond.error());
    const auto again = store_.checkpoint();
    if (!again && again.error().code() != Code::kNotFound) return fail(again.error());
    if (!beyond->empty() && (again ? again->head.size : 0) == size_)
      examination_.damage(kLedger, phrase({"there are entries behind its latest checkpoint, of {}",
                                           "最新檢查點（共 {} 筆）之後另有登載"},
                                          size_));
    return {};
  }

  // What the ledger must say of each act, made of what is on record.
  Status read_acts() {
    return for_every(
        [&](const PageRequest& page) { return store_.acts(page); },
        [&](const evidence::Act& act) -> Status {
          ++examination_.counts.acts;
          acts_[act.number] = {evidence::sha256(evidence::to_text(act)), {}, act.number, act.at};
          if (act.details.empty())
            examination_.damage(name_of(act.number),
                                phrase({"what it put on record is gone", "所登載的內容已不存在"}));
          return {};
        });
  }

  static Text name_of(std::int64_t act) { return phrase({"act {}", "作業 {}"}, act); }
  static Text name_of(const evidence::Digest& snapshot) {
    return phrase({"snapshot {}", "快照 {}"}, snapshot.hex());
  }

  Status read_entries() {
    for (std::int64_t first = 0; first < size_; first += evidence::kTileWidth) {
      const auto width = std::min<std::int64_t>(evidence::kTileWidth, size_ - first);
      const auto entries = store_.ledger_entries(first, static_cast<std::size_t>(width));
      if (!entries) return fail(entries.error());
      if (static_cast<std::int64_t>(entries->size()) != width)
        examination_.damage(
            kLedger,
            phrase({"entries are missing behind number {}", "第 {} 筆之後有登載遺失"}, first));
      std::vector<evidence::Digest> hashes;
      for (const auto& entry : *entries) {
        ++examination_.counts.entries;
        logged_.insert(entry.digest);
        hashes.push_back(evidence::leaf_hash(evidence::to_text(entry)));
        if (auto done = check_entry(first + static_cast<std::int64_t>(hashes.size()) - 1, entry);
            !done)
          return done;
      }
      if (auto done = check_tile({0, first / evidence::kTileWidth}, std::move(hashes)); !done)
        return done;
    }
    return {};
  }

  Status check_entry(std::int64_t index, const evidence::LedgerEntry& entry) {
    const auto subject = phrase({"ledger entry {}", "帳本第 {} 筆"}, index);
    const auto at = store_.ledger_index(entry.digest);
    if (!at || *at != index)
      examination_.damage(subject, phrase({"it is not found by its digest", "無法以摘要值查得"}));
    if (entry.is_act()) {
      const auto act = acts_.find(entry.sequence);
      if (act == acts_.end())
        examination_.damage(subject, phrase({"{} was done and is gone", "{}曾經執行，現已不存在"},
                                            name_of(entry.sequence)));
      else if (act->second != entry)
        examination_.damage(subject,
                            phrase({"{} is on record otherwise now", "{}的內容已與登載的不同"},
                                   name_of(entry.sequence)));
      return {};
    }
    const auto receipt = store_.snapshot(entry.digest);
    if (!receipt && receipt.error().code() == Code::kNotFound)
      examination_.damage(subject, phrase({"snapshot {} of host {} was accepted and is gone",
                                           "主機 {1} 的快照 {0} 曾經收下，現已不存在"},
                                          entry.sequence, entry.host_id));
    else if (!receipt)
      return examination_.note(subject, receipt.error());
    else if (receipt->host_id != entry.host_id || receipt->sequence != entry.sequence ||
             receipt->accepted_at != entry.accepted)
      examination_.damage(subject,
                          phrase({"its snapshot is stored with another host, number or time",
                                  "快照登載的主機、序號或時間不符"}));
    return {};
  }

  // Holds a tile against the hashes that it must have; full ones go on to the level above.
  Status check_tile(const evidence::TileId& id, std::vector<evidence::Digest> hashes) {
    ++examination_.counts.tiles;
    const auto subject =
        phrase({"ledger tile {}", "帳本雜湊磚 {}"}, evidence::to_text(evidence::TilePath{id}));
    const auto stored = store_.ledger_tile(id);
    std::string expected;
    for (const auto& hash : hashes) expected += hash.raw();
    if (!stored) {
      if (auto noted = examination_.note(subject, stored.error()); !noted) return noted;
    } else if (stored->size() > evidence::kTileWidth * evidence::kDigestBytes ||
               stored->substr(0, expected.size()) != expected) {
      examination_.damage(subject, phrase({"it does not hold the hashes of what it is over",
                                           "雜湊值與所涵蓋的登載不符"}));
    }
    if (hashes.size() < evidence::kTileWidth) return {};
    roots_.push_back(evidence::root_of_tile(std::move(hashes)));
    return {};
  }

  Status read_upper_tiles() {
    for (int level = 1; !roots_.empty() && level <= evidence::kMaxTileLevel; ++level) {
      const auto below = std::exchange(roots_, {});
      for (std::size_t at = 0; at < below.size(); at += evidence::kTileWidth) {
        const auto end = std::min(at + evidence::kTileWidth, below.size());
        const evidence::TileId id{level, static_cast<std::int64_t>(at / evidence::kTileWidth)};
        if (auto done = check_tile(id, {below.begin() + static_cast<std::ptrdiff_t>(at),
                                        below.begin() + static_cast<std::ptrdiff_t>(end)});
            !done)
          return done;
      }
    }
    return {};
  }

  Status read_checkpoints() {
    const auto& key = examination_.options.ledger;
    evidence::TileTree tree(size_, tiles_of(store_));
    return for_every(
        [&](const PageRequest& page) { return store_.checkpoints(page); },
        [&](const StoredCheckpoint& checkpoint) -> Status {
          if (checkpoint.head.size > size_) return {};  // signed since
          ++examination_.counts.checkpoints;
          const auto subject = phrase({"ledger checkpoint of {} entries", "帳本檢查點（共 {} 筆）"},
                                      checkpoint.head.size);
          const auto opened = evidence::open_checkpoint(checkpoint.note, key, key.name);
          if (!opened) return examination_.note(subject, opened.error());
          const auto root = evidence::root_of(checkpoint.head.size, tree.reader());
          if (!root) return examination_.note(subject, root.error());
          if (opened->checkpoint.head != checkpoint.head)
            examination_.damage(subject,
                                phrase({"it is stored with another size or root than was signed",
                                        "登載的筆數或樹根與簽章的不同"}));
          else if (checkpoint.head.root != *root)
            examination_.damage(subject, phrase({"the entries have another root than was signed",
                                                 "由登載算出的樹根與簽章的不同"}));
          return {};
        });
  }

  // Every snapshot and act is in the ledger, or waits for it.
  Status read_unlogged() {
    const auto waiting = store_.unsequenced(kMaxLedgerBatch);
    if (!waiting) return fail(waiting.error());
    std::set<evidence::Digest> expected;
    for (const auto& entry : *waiting) {
      expected.insert(entry.digest);
      if (logged_.contains(entry.digest))
        examination_.damage(
            kLedger,
            phrase({"{} is in it and waits for it all the same", "{}已登載，卻仍在等候登載"},
                   entry.is_act() ? name_of(entry.sequence) : name_of(entry.digest)));
    }
    if (waiting->size() == kMaxLedgerBatch) return {};  // it has much to catch up with
    for (const auto& [number, act] : acts_)
      if (!logged_.contains(act.digest) && !expected.contains(act.digest))
        if (auto done = check_waits(name_of(number), act.digest); !done) return done;
    return for_every(
        [&](const PageRequest& page) { return store_.hosts("", page); },
        [&](const Host& host) {
          return for_every(
              [&](const PageRequest& page) { return store_.snapshots(host.id, page); },
              [&](const Snapshot& snapshot) -> Status {
                if (logged_.contains(snapshot.digest) || expected.contains(snapshot.digest))
                  return {};
                return check_waits(name_of(snapshot.digest), snapshot.digest);
              });
        });
  }

  // It came while we looked, or is missing.
  Status check_waits(const Text& subject, const evidence::Digest& digest) {
    if (store_.ledger_index(digest)) return {};
    const auto still = store_.unsequenced(kMaxLedgerBatch);
    if (!still) return fail(still.error());
    if (std::ranges::find(*still, digest, &evidence::LedgerEntry::digest) == still->end())
      examination_.damage(subject, phrase({"it is neither in the ledger nor waits for it",
                                           "既未登載於帳本，也不在等候登載"}));
    return {};
  }

  Examination& examination_;
  Store& store_;
  std::int64_t size_ = 0;
  std::vector<evidence::Digest> roots_;  // of full tiles of the level that is read
  std::set<evidence::Digest> logged_;
  std::map<std::int64_t, evidence::LedgerEntry> acts_;
};

}  // namespace

Status examine_ledger(Examination& examination) {
  return LedgerExaminer(examination).run();
}

}  // namespace assay::collector
