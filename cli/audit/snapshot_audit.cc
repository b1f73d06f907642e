#include "cli/audit/snapshot_audit.h"

#include "evidence/ledger/origin.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

// A year is the least that a collector can be set to.
constexpr std::chrono::days kShortestRetention{364};
// Of a list of snapshots, so that one without end ends.
constexpr int kMaxPages = 1000;

}  // namespace

using Outcome = evidence::Verification::Outcome;

Status SnapshotAudit::take(const evidence::LedgerEntry& entry) {
  if (!request_.host_id.empty() && entry.host_id != request_.host_id) return {};
  ++asked_about_;
  if (request_.wants_all) return look_at(entry);
  choose(entry);
  return {};
}

// Each of those that came so far is as likely to be looked at as the others.
void SnapshotAudit::choose(const evidence::LedgerEntry& entry) {
  if (chosen_.size() < kSampledSnapshots) {
    chosen_.push_back(entry);
    return;
  }
  const auto place = static_cast<std::size_t>(
      std::uniform_int_distribution<std::int64_t>(0, asked_about_ - 1)(random_));
  if (place < chosen_.size()) chosen_[place] = entry;
}

Status SnapshotAudit::look_at(const evidence::LedgerEntry& entry) {
  const Text subject =
      phrase({"snapshot {} of host {}", "第 {} 份快照，主機 {}"}, entry.sequence, entry.host_id);
  const auto bad_before = lines_.bad();
  const auto bytes = remote_.download({"snapshots", entry.digest.hex(), "bundle"});
  if (!bytes && is_of_the_way(bytes.error())) return fail(bytes.error());
  if (!bytes && bytes.error().code() == Code::kNotFound) {
    const auto is_over = is_removed(entry);
    if (!is_over) return fail(is_over.error());
    if (*is_over) {
      ++removed_;
      return {};
    }
  }
  ++looked_at_;
  const auto bundle =
      bytes ? evidence::bundle_from_bytes(*bytes) : Result<evidence::Bundle>(fail(bytes.error()));
  if (!bytes) {
    lines_.add_bad(subject, phrase({"the ledger has it, the collector does not show it: {}",
                                    "帳本有此筆紀錄，但收集伺服器無法提供：{}"},
                                   bytes.error().text()));
  } else if (!bundle) {
    lines_.add_bad(subject, bundle.error().text());
  } else if (bundle->manifests.size() != 1 ||
             evidence::sha256(bundle->manifests.front().manifest) != entry.digest) {
    lines_.add_bad(subject, {"the collector shows another manifest than the ledger names",
                             "收集伺服器提供的清單，並非帳本所載的那一份"});
  } else {
    evidence::Trust trust;
    trust.ca_pem = request_.ca_pem;
    trust.ledger = request_.key;
    // Witnesses are asked about the ledger: the latest snapshots are none that they have seen yet.
    trust.stamp_authorities = request_.stamp_authorities;
    for (const auto& line : evidence::verify(*bundle, trust).entries)
      if (line.outcome == Outcome::kBad)
        lines_.add_bad(subject, phrase({"{}: {}", "{}：{}"}, line.subject, line.detail));
  }
  if (lines_.bad() != bad_before) ++bad_;
  return {};
}

Result<bool> SnapshotAudit::is_removed(const evidence::LedgerEntry& entry) {
  // The ledger has signed when it was accepted.
  if (entry.accepted + kShortestRetention > request_.now) return false;
  Query query{{"host", entry.host_id}, {"limit", "1000"}, {"cursor", ""}};
  for (int page = 0; page < kMaxPages; ++page) {
    const auto answer = remote_.get({"snapshots"}, query);
    if (!answer && is_of_the_way(answer.error())) return fail(answer.error());
    if (!answer || !answer->contains("items") || !(*answer)["items"].is_array()) return false;
    for (const auto& item : (*answer)["items"])
      if (item.is_object() && item.value("id", Json()) == entry.digest.hex())
        return item.value("removed_at", Json()).is_string();
    const auto next = answer->value("next", Json());
    if (!next.is_string()) return false;
    query.back().second = next.get<std::string>();
  }
  return false;
}

Status SnapshotAudit::finish() {
  for (const auto& entry : chosen_)
    if (auto done = look_at(entry); !done) return done;
  tell();
  return {};
}

void SnapshotAudit::tell() {
  const Text subject{"snapshots", "快照"};
  if (looked_at_ > bad_)
    lines_.add(Outcome::kGood, subject,
               phrase({"{} of {}: signatures, certificates, digests and tables hold",
                       "{} 份（共 {} 份）的簽章、憑證、摘要值與資料表皆正確"},
                      looked_at_ - bad_, asked_about_));
  if (removed_ > 0)
    lines_.add(Outcome::kNotChecked, subject,
               phrase({"{} are in the ledger, but removed when their retention was over, as the "
                       "collector says",
                       "{} 份僅存帳本紀錄；收集伺服器表示已於保存期限屆滿後移除"},
                      removed_));
  if (looked_at_ + removed_ < asked_about_)
    lines_.add(Outcome::kNotChecked, subject,
               phrase({"{} of {} were not looked at (--all looks at each)",
                       "{} 份（共 {} 份）未查驗（--all 會全部查驗）"},
                      asked_about_ - looked_at_ - removed_, asked_about_));
  if (!request_.host_id.empty())
    lines_.add(Outcome::kNotChecked, subject,
               {"those of other hosts were not looked at", "未查驗其他主機的快照"});
  if (request_.ca_pem.empty() && !evidence::ca_in_origin(request_.key.name))
    lines_.add(Outcome::kNotChecked, {"CA", "CA"},
               {"the ledger's key names none, and none was given (--ca): nobody vouches for it",
                "帳本公鑰未載明 CA，也未提供（--ca），無人為其背書"});
}

}  // namespace assay::cli
