#include "cli/audit/ledger_audit.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/audit/act_audit.h"
#include "cli/audit/audit_lines.h"
#include "cli/audit/snapshot_audit.h"
#include "cli/audit/witness_audit.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/entry.h"
#include "evidence/ledger/tree_builder.h"
#include "evidence/refusal.h"

namespace assay::cli {
namespace {

using evidence::Digest;
using evidence::TileId;
using evidence::TreeHead;
using evidence::Verification;
using Outcome = Verification::Outcome;

const Text kEntries{"entries", "帳本紀錄"};
const Text kKept{"kept checkpoint", "先前保存的檢查點"};

class Audit {
 public:
  Audit(Remote& remote, const AuditRequest& request)
      : remote_(remote),
        request_(request),
        tree_([this](const auto& tile, const auto& hashes) { return compare_tile(tile, hashes); }) {
  }

  Result<AuditAnswer> run() {
    if (auto read = read_since(); !read) return fail(read.error());
    if (auto read = witnesses_.read(); !read) return fail(read.error());
    if (auto read = read_checkpoint(); !read) return fail(read.error());
    if (head_) {
      if (auto done = replay(); !done) return fail(done.error());
      if (auto done = acts_.finish(tree_.size() == head_->size); !done) return fail(done.error());
      if (auto done = snapshots_.finish(); !done) return fail(done.error());
    }
    answer_.report.entries = lines_.take();
    answer_.snapshots = snapshots_.asked_about();
    answer_.looked_at = snapshots_.looked_at();
    answer_.acts = acts_.logged();
    answer_.acts_compared = acts_.compared();
    return std::move(answer_);
  }

 private:
  Status read_since() {
    if (request_.since.empty()) return {};
    const auto opened = evidence::open_checkpoint(request_.since, request_.key, request_.key.name);
    if (!opened) return fail(opened.error());
    since_ = opened->checkpoint.head;
    return {};
  }

  // Sets head_ unless nobody vouches for what the collector shows.
  Status read_checkpoint() {
    const Text subject{"checkpoint", "檢查點"};
    auto note = remote_.download({"ledger", "checkpoint"});
    if (!note) {
      if (note.error().code() != Code::kNotFound || !since_) return fail(note.error());
      lines_.add_bad(subject, rewound(0));
      return {};
    }
    const auto opened = evidence::open_checkpoint(*note, request_.key, request_.key.name);
    if (!opened) {
      lines_.add_bad(subject, opened.error().text());
      return {};
    }
    head_ = opened->checkpoint.head;
    answer_.checkpoint = std::move(*note);
    answer_.entries = head_->size;
    lines_.add(Outcome::kGood, subject,
               phrase({"{} entries, signed by {}", "共 {} 筆，由 {} 簽章"}, head_->size,
                      request_.key.name));
    if (!since_)
      lines_.add(Outcome::kNotChecked, kKept,
                 {"none was given (--since): whether this is the log of before is not known",
                  "未提供（--since），無法得知是否仍為先前的帳本"});
    else if (since_->size > head_->size)
      lines_.add_bad(kKept, rewound(head_->size));
    return {};
  }

  [[nodiscard]] Text rewound(std::int64_t size) const {
    return phrase({"the ledger was rewound: it had {} entries, the collector shows {}",
                   "帳本已回溯：原有 {} 筆，目前僅有 {} 筆"},
                  since_->size, size);
  }

  // Of the ledger itself.
  void damaged(Text subject, Text detail) {
    is_sound_ = false;
    lines_.add_bad(std::move(subject), std::move(detail));
  }
  // It cannot be read on.
  void stop(const Error& error) {
    damaged(kEntries, error.text());
    lines_.add(Outcome::kNotChecked, kEntries,
               phrase({"those from {} on were not read", "第 {} 筆起未能讀取"}, tree_.size()));
  }

  Result<std::string> fetch(const TileId& tile, int width) {
    std::vector<std::string> path{"ledger", "tile"};
    const auto text = evidence::to_text(evidence::TilePath{tile, width});
    for (std::size_t begin = 0; begin <= text.size();) {
      const auto end = std::min(text.find('/', begin), text.size());
      path.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return remote_.download(path);
  }

  // Each hash of the tile that the collector shows, beside the one that was computed.
  Status compare_tile(const TileId& tile, const std::vector<Digest>& hashes) {
    const auto shown = fetch(tile, static_cast<int>(hashes.size()));
    if (!shown && is_of_the_way(shown.error())) return fail(shown.error());
    const Text subject =
        phrase({"tile {}", "雜湊磚 {}"},
               evidence::to_text(evidence::TilePath{tile, static_cast<int>(hashes.size())}));
    if (!shown) {
      damaged(subject, shown.error().text());
      return {};
    }
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      if (std::string_view(*shown).substr(std::min(shown->size(), i * evidence::kDigestBytes),
                                          evidence::kDigestBytes) == hashes[i].raw())
        continue;
      damaged(subject, phrase({"its hash {} is not that of what is below it",
                               "其中第 {} 個雜湊值與下層內容不符"},
                              i));
      return {};
    }
    ++tiles_;
    return {};
  }

  // Reads all entries. A log of which not even the form is right is bad, and read no further.
  Status replay() {
    for (std::int64_t first = 0; first < head_->size; first += evidence::kTileWidth) {
      const auto width =
          static_cast<int>(std::min<std::int64_t>(head_->size - first, evidence::kTileWidth));
      const auto bytes = fetch({evidence::kEntryLevel, first / evidence::kTileWidth}, width);
      if (!bytes && is_of_the_way(bytes.error())) return fail(bytes.error());
      if (!bytes) {
        stop(bytes.error());
        return {};
      }
      auto rest = std::string_view(*bytes);
      for (int i = 0; i < width; ++i)
        if (auto done = read_entry(rest); !done) {
          if (is_of_the_way(done.error())) return done;
          stop(done.error());
          return {};
        }
      if (!rest.empty())
        damaged(kEntries, phrase({"more is shown than was asked for after entry {}",
                                  "第 {} 筆之後有多出的內容"},
                                 tree_.size() - 1));
    }
    if (auto done = tree_.finish(); !done) return done;
    const auto root = tree_.root();
    if (!root) return fail(root.error());
    if (*root != head_->root)
      damaged(kEntries, phrase({"the {} entries do not add up to the root that was signed",
                                "{} 筆紀錄算出的樹根，與簽章的不符"},
                               head_->size));
    if (!witnesses_.finish(tree_.size())) is_sound_ = false;
    if (!is_sound_) return {};
    answer_.report.has_manifest = true;
    lines_.add(Outcome::kGood, kEntries,
               phrase({"all {} add up to the root that was signed; tiles that were compared: {}",
                       "全部 {} 筆算出的樹根與簽章相符；已比對 {} 個雜湊磚"},
                      head_->size, tiles_));
    if (since_ && since_->size <= head_->size)
      lines_.add(Outcome::kGood, kKept,
                 phrase({"the ledger begins with its {} entries as they were",
                         "帳本開頭的 {} 筆與當時相同"},
                        since_->size));
    return {};
  }

  // The next one of a tile of entries, behind two bytes of length.
  Status read_entry(std::string_view& rest) {
    const auto index = tree_.size();
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
    const std::size_t length =
        rest.size() < 2 ? 0 : static_cast<std::size_t>(byte(0)) * 256 + byte(1);
    if (length == 0 || rest.size() < length + 2)
      return refuse(Code::kInvalidData, {"entry {} is cut off", "第 {} 筆不完整"}, index);
    const auto text = rest.substr(2, length);
    rest.remove_prefix(length + 2);
    if (auto done = tree_.add(evidence::leaf_hash(text)); !done) return done;
    if (since_ && tree_.size() == since_->size) {
      const auto root = tree_.root();
      if (!root) return fail(root.error());
      if (*root != since_->root)
        damaged(kKept, phrase({"the ledger was forked: its first {} entries are others than then",
                               "帳本已分岔：開頭的 {} 筆與當時不同"},
                              since_->size));
    }
    const auto is_witnessed = witnesses_.take(tree_);
    if (!is_witnessed) return fail(is_witnessed.error());
    if (!*is_witnessed) is_sound_ = false;
    const auto entry = evidence::ledger_entry_from(text);
    if (!entry) {
      damaged(phrase({"entry {}", "第 {} 筆"}, index), entry.error().text());
      return {};
    }
    return entry->is_act() ? acts_.take(*entry, index) : snapshots_.take(*entry);
  }

  Remote& remote_;
  const AuditRequest& request_;
  AuditAnswer answer_;
  AuditLines lines_;
  ActAudit acts_{remote_, lines_};
  SnapshotAudit snapshots_{remote_, request_, lines_};
  WitnessAudit witnesses_{remote_, request_, lines_};
  std::optional<TreeHead> since_;
  std::optional<TreeHead> head_;
  evidence::TreeBuilder tree_;
  std::int64_t tiles_ = 0;  // that were compared
  bool is_sound_ = true;
};

}  // namespace

bool AuditAnswer::is_complete() const {
  return std::ranges::find(report.entries, Outcome::kNotChecked, &Verification::outcome) ==
         report.entries.end();
}

Result<AuditAnswer> audit_ledger(Remote& remote, const AuditRequest& request) {
  return Audit(remote, request).run();
}

}  // namespace assay::cli
