#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "evidence/bundle_names.h"
#include "evidence/ledger/act.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/pack.h"
#include "evidence/refusal.h"
#include "evidence/tar.h"
#include "evidence/verify_logged.h"
#include "evidence/verify_stamped.h"
#include "evidence/verify_witnessed.h"

namespace assay::evidence {

namespace {

using Outcome = Verification::Outcome;

using bundle_names::kManifests;

constexpr std::string_view kFiles = "files/";
constexpr std::string_view kActProof = "act.tlog-proof";
constexpr std::string_view kActStamp = "act.tst";
constexpr std::string_view kActWitness = "act.witness-";

const Text kListSubject{"pack.json", "pack.json"};
const Text kActSubject{"act.json", "act.json"};

Text subject_of(std::string_view file) {
  return phrase({"file {}", "檔案 {}"}, file);
}

// What is beside the list, as it proves itself.
bool proves_itself(std::string_view name) {
  const bool is_proof =
      name.starts_with(kManifests) && (name.ends_with(bundle_names::kProof) ||
                                       name.find(bundle_names::kWitness) != std::string_view::npos);
  return name == kPackList || name == kPackAct || name == kActProof || name == kActStamp ||
         name.starts_with(kActWitness) || is_proof || name.starts_with(bundle_names::kStamps);
}

class PackVerifier {
 public:
  PackVerifier(std::span<const TarMember> members, const PackList& list, const Trust& trust)
      : members_(members), list_(list), trust_(trust) {
    for (const auto& [name, content] : members) contents_.emplace(name, content);
  }

  VerificationReport run() {
    check_files();
    check_act();
    check_evidence();
    check_hosts();
    tell_what_was_not_looked_at();
    return std::move(report_);
  }

 private:
  void add(Outcome outcome, Text subject, Text detail) {
    report_.entries.push_back({outcome, std::move(subject), std::move(detail)});
  }
  void bad(Text subject, Text detail) { add(Outcome::kBad, std::move(subject), std::move(detail)); }
  [[nodiscard]] std::string_view content(std::string_view name) const {
    const auto found = contents_.find(name);
    return found == contents_.end() ? std::string_view() : found->second;
  }

  void check_files();
  void check_file(const PackFile& file);
  void check_act();
  void check_act_logged(const Act& act);
  void check_evidence();
  void check_hosts();
  void tell_what_was_not_looked_at();

  std::span<const TarMember> members_;
  const PackList& list_;
  const Trust& trust_;
  std::map<std::string_view, std::string_view> contents_;
  std::set<Digest> manifests_;  // of the bundle
  VerificationReport report_;
};

void PackVerifier::check_file(const PackFile& file) {
  const auto found = contents_.find(file.name);
  if (proves_itself(file.name))
    return bad(subject_of(file.name), phrase({"no such file may be listed", "此檔案不得列入清單"}));
  if (found == contents_.end())
    return bad(subject_of(file.name), phrase({"is listed and missing", "清單有列，但檔案不存在"}));
  if (static_cast<std::int64_t>(found->second.size()) != file.bytes ||
      sha256(found->second) != file.digest)
    return bad(subject_of(file.name),
               phrase({"was altered: it has another size or SHA-256 than pack.json lists",
                       "內容遭竄改：大小或 SHA-256 與 pack.json 所列不符"}));
  // The name of an attached file is what attestations know it by.
  if (file.name.starts_with(kFiles) && file.name.substr(kFiles.size()) != file.digest.hex())
    bad(subject_of(file.name), phrase({"is named by another digest", "檔名與摘要值不符"}));
}

void PackVerifier::check_files() {
  std::set<std::string_view> listed;
  for (const auto& file : list_.files) {
    listed.insert(file.name);
    check_file(file);
  }
  for (const auto& member : members_)
    if (!proves_itself(member.name) && !listed.contains(member.name))
      bad(subject_of(member.name), phrase({"is in no list", "未列入清單"}));
  if (report_.entries.empty())
    add(Outcome::kGood, kListSubject,
        phrase({"{} files are there, as it lists them", "所列 {} 個檔案皆在，且與所列相同"},
               list_.files.size()));
}

void PackVerifier::check_act() {
  const auto text = content(kPackAct);
  const auto act = act_from(text);
  if (!act)
    return bad(kActSubject, text.empty() ? phrase({"is missing: nothing says that the collector "
                                                   "made this pack",
                                                   "缺少此檔：無從證明本稽核包由收集伺服器製作"})
                                         : act.error().text());
  if (act->kind != kPackMade || act->detail("pack") != Value(sha256(content(kPackList)).hex()))
    return bad(kActSubject, phrase({"is not the act by which this pack.json was made",
                                    "並非製作此 pack.json 的作業紀錄"}));
  add(Outcome::kGood, kActSubject,
      phrase({"{} had this pack made at {}", "{} 於 {} 製作本稽核包"}, act->name,
             to_timestamp(act->at)));
  check_act_logged(*act);
}

void PackVerifier::check_act_logged(const Act& act) {
  const std::string proof(content(kActProof));
  std::vector<std::string> witnessed;
  for (const auto& [name, text] : members_)
    if (name.starts_with(kActWitness)) witnessed.emplace_back(text);
  const Logged what{{sha256(content(kPackAct)), {}, act.number, act.at}, proof, witnessed};
  auto line = check_logged(what, kActSubject, trust_);
  if (!line) {
    if (contents_.contains(kActStamp) || !witnessed.empty())
      bad(kActSubject, phrase({"a time stamp or co-signature without a proof of logging",
                               "有時戳或共同簽章，卻沒有登載證明"}));
    return add(Outcome::kNotChecked, kActSubject,
               phrase({"there is no proof that it is in a ledger", "沒有已登載於帳本的證明"}));
  }
  const bool is_proven = line->outcome != Outcome::kBad;
  report_.entries.push_back(std::move(*line));
  if (!is_proven) return;
  std::map<Digest, std::string> stamps;
  if (contents_.contains(kActStamp))
    if (const auto stamp = read_time_stamp(content(kActStamp)); stamp)
      stamps.emplace(stamp->imprint, content(kActStamp));
  auto stamped = check_stamped(proof, stamps, kActSubject, trust_.stamp_authorities);
  if (contents_.contains(kActStamp) && !stamped.used)
    bad(kActSubject, phrase({"its time stamp is over something else", "時戳蓋的是其他內容"}));
  if (stamped.line) report_.entries.push_back(std::move(*stamped.line));
  std::ranges::move(check_witnessed(what, kActSubject, trust_),
                    std::back_inserter(report_.entries));
}

void PackVerifier::check_evidence() {
  std::vector<TarMember> members;
  std::ranges::copy_if(members_, std::back_inserter(members),
                       [](const TarMember& member) { return bundle_names::is_one(member.name); });
  const auto bundle = bundle_from_members(members);
  if (!bundle) return bad({"evidence", "證據"}, bundle.error().text());
  auto report = verify(*bundle, trust_);
  report_.has_manifest = true;  // a pack of hosts that never sent one is complete as well
  std::ranges::move(report.entries, std::back_inserter(report_.entries));
  for (const auto& manifest : bundle->manifests) manifests_.insert(sha256(manifest.manifest));
}

void PackVerifier::check_hosts() {
  auto others = manifests_;
  for (const auto& host : list_.hosts) {
    if (!host.manifest)
      add(Outcome::kNotChecked, phrase({"host {}", "主機 {}"}, host.id),
          phrase({"it had sent no evidence by then", "當時尚未送達任何證據"}));
    else if (!manifests_.contains(*host.manifest))
      bad(phrase({"host {}", "主機 {}"}, host.id),
          phrase({"the manifest by which it was judged is not in the pack",
                  "稽核包內沒有判定所依據的清單"}));
    else
      others.erase(*host.manifest);
  }
  for (const auto& digest : others)
    bad(phrase({"manifest {}", "清單 {}"}, digest.hex()),
        phrase({"it is of none of the hosts in pack.json", "不屬於 pack.json 所列的任何主機"}));
}

void PackVerifier::tell_what_was_not_looked_at() {
  if (trust_.ledger && list_.ledger != trust_.ledger->name)
    bad(kListSubject, phrase({"it is of another ledger: {}", "屬於另一份帳本：{}"}, list_.ledger));
  add(Outcome::kNotChecked, {"reports", "報表"},
      phrase({"verdicts and reports are what the collector put on record; they were not computed "
              "again from the evidence",
              "判定結果與報表為收集伺服器當時登載的內容；未由證據重新計算"}));
}

}  // namespace

Result<VerificationReport> verify_pack(std::string_view archive, const Trust& trust) {
  const auto members = read_tar(archive);
  if (!members) return fail(members.error().within("pack"));
  const auto found = std::ranges::find(*members, kPackList, &TarMember::name);
  if (found == members->end())
    return refuse(Code::kInvalidData, {"there is no pack.json in it", "其中沒有 pack.json"});
  const auto list = pack_list_from(found->content);
  if (!list) return fail(list.error());
  return PackVerifier(*members, *list, trust).run();
}

}  // namespace assay::evidence
