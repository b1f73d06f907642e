#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "evidence/bundle.h"
#include "evidence/canonical.h"
#include "evidence/ledger/origin.h"
#include "evidence/signature.h"
#include "evidence/table.h"
#include "evidence/verify_logged.h"
#include "evidence/verify_stamped.h"
#include "evidence/verify_witnessed.h"

namespace assay::evidence {

namespace {

using Outcome = Verification::Outcome;

Text authority_subject() {
  return {"CA", "憑證簽發機構 (CA)"};
}

Text same(const std::string& words) {
  return {words, words};
}

Text manifest_subject(const Manifest& manifest) {
  const std::string number = std::to_string(manifest.sequence);
  const std::string host = manifest.host_id.empty() ? manifest.host_name : manifest.host_id;
  return {"manifest " + number + " of host " + host,
          "主機 " + host + " 的第 " + number + " 號清單"};
}

// A manifest that could be read, and the digest of its bytes.
struct Link {
  const SignedManifest* source = nullptr;
  Manifest manifest;
  Digest digest;
};

// What was found in a table's bytes; nothing when they are bad.
struct TableFacts {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
};

class Verifier {
 public:
  Verifier(const Bundle& bundle, const Trust& trust)
      : bundle_(bundle),
        trust_(trust),
        has_ca_(!trust.ca_pem.empty() || !bundle.ca.empty()),
        ca_(OpenedCertificate::of(trust.ca_pem.empty() ? bundle.ca : trust.ca_pem)) {
    check_authority();
    check_certificates();
    check_tables();
    for (const auto& manifest : bundle.manifests) check_manifest(manifest);
    check_chains();
    check_surplus();
  }

  VerificationReport take() { return std::move(report_); }

 private:
  void add(Outcome outcome, Text subject, Text detail) {
    report_.entries.push_back({outcome, std::move(subject), std::move(detail)});
  }
  void good(Text subject, Text detail) {
    add(Outcome::kGood, std::move(subject), std::move(detail));
  }
  void bad(Text subject, Text detail) { add(Outcome::kBad, std::move(subject), std::move(detail)); }

  void check_authority();
  void check_own_authority(const Digest& fingerprint);
  void check_certificates();
  [[nodiscard]] Status is_ours(const OpenedCertificate& certificate, Seconds when) const;
  void check_tables();
  void check_manifest(const SignedManifest& source);
  void check_time(const SignedManifest& source, const Manifest& manifest);
  void check_signature(const Link& link);
  void check_listed(const Link& link);
  void check_chains();
  void check_link(const Link& before, const Link& link);
  void check_surplus();

  const Bundle& bundle_;
  const Trust& trust_;
  const bool has_ca_;
  const Result<OpenedCertificate> ca_;
  VerificationReport report_;
  std::map<std::string, std::vector<OpenedCertificate>> certificates_;  // by host id
  std::map<Digest, std::optional<TableFacts>> tables_;
  std::set<Digest> listed_;
  std::set<Digest> used_stamps_;
  std::vector<Link> links_;
};

// The CA is the bundle's own. A ledger's key vouches for it when it names it.
void Verifier::check_own_authority(const Digest& fingerprint) {
  const std::string print = fingerprint.hex();
  const auto named = trust_.ledger ? ca_in_origin(trust_.ledger->name) : std::nullopt;
  if (!named)
    return add(Outcome::kNotChecked, authority_subject(),
               {"only the bundle itself vouches for this CA; compare its SHA-256 fingerprint with "
                "the collector's: " +
                    print,
                "僅由本證據包自行證明此 CA;請與收集伺服器的 SHA-256 指紋核對:" + print});
  if (*named != fingerprint)
    return bad(authority_subject(), {"the bundle's CA is not the one of the ledger that you trust",
                                     "證據包內的 CA 與您信任的帳本所屬 CA 不同"});
  good(authority_subject(),
       {"the one that the ledger's key names: " + print, "與帳本公鑰所載的 CA 相同:" + print});
}

void Verifier::check_authority() {
  const Text subject = authority_subject();
  if (!has_ca_) return;  // every signature says so then
  const auto facts = ca_ ? ca_->facts() : fail(ca_.error());
  if (!facts) return bad(subject, same(facts.error().message()));
  if (trust_.ca_pem.empty()) return check_own_authority(facts->fingerprint);
  const std::string print = facts->fingerprint.hex();
  const auto own = bundle_.ca.empty() ? facts : read_certificate(bundle_.ca);
  if (!own || own->fingerprint != facts->fingerprint)
    return bad(subject, {"the bundle's CA is not the one that you trust",
                         "證據包內的 CA 與您信任的 CA 不同"});
  good(subject, {"the one that you trust: " + print, "與您信任的 CA 相同:" + print});
}

void Verifier::check_certificates() {
  for (const auto& pem : bundle_.certificates) {
    const auto certificate = OpenedCertificate::of(pem);
    const auto facts = certificate ? certificate->facts() : fail(certificate.error());
    if (!facts) {
      bad({"certificate", "憑證"}, same(facts.error().message()));
      continue;
    }
    const Text subject{"certificate " + facts->serial + " of host " + facts->host_id,
                       "主機 " + facts->host_id + " 的憑證 " + facts->serial};
    certificates_[facts->host_id].push_back(*certificate);
    // A certificate may be dated a little before its CA, against clocks that differ.
    const auto ca = ca_ ? ca_->facts() : fail(ca_.error());
    const auto when = ca ? std::max(facts->not_before, ca->not_before) : facts->not_before;
    const auto issued = is_ours(*certificate, when);
    if (issued)
      good(subject, {"issued by the CA", "由該 CA 簽發"});
    else
      bad(subject, same(issued.error().message()));
  }
}

// Whether the CA issued it, and both are valid then.
Status Verifier::is_ours(const OpenedCertificate& certificate, Seconds when) const {
  if (!ca_) return fail(ca_.error().within("CA"));
  return certificate.verify_issued_by(*ca_, when);
}

void Verifier::check_tables() {
  for (const auto& [digest, bytes] : bundle_.tables) {
    auto& facts = tables_[digest];
    const Text unnamed{"table " + digest.hex(), "資料表 " + digest.hex()};
    if (sha256(bytes) != digest) {
      bad(unnamed,
          {"its bytes were altered: they have another SHA-256", "內容遭竄改:SHA-256 與檔名不符"});
      continue;
    }
    const auto table = from_canonical(bytes);
    if (!table) {
      bad(unnamed, same(table.error().message()));
      continue;
    }
    facts = {table->header().table, static_cast<std::int64_t>(table->rows().size()),
             static_cast<std::int64_t>(bytes.size())};
    const std::string name = facts->name + " (" + digest.hex().substr(0, 12) + ")";
    const std::string rows = std::to_string(facts->rows);
    good({"table " + name, "資料表 " + name},
         {"digest and form are right, rows: " + rows, "摘要與格式正確,列數:" + rows});
  }
}

void Verifier::check_manifest(const SignedManifest& source) {
  auto manifest = manifest_from_canonical(source.manifest);
  const Digest digest = sha256(source.manifest);
  if (!manifest)
    return bad({"manifest " + digest.hex(), "清單 " + digest.hex()},
               same(manifest.error().message()));
  links_.push_back({&source, std::move(*manifest), digest});
  const Link& link = links_.back();
  const std::string number = std::to_string(link.manifest.sequence);
  const std::string name =
      std::string(12 - std::min<std::size_t>(number.size(), 12), '0') + number + "-" + digest.hex();
  if (!source.name.empty() && source.name != name)
    bad(manifest_subject(link.manifest),
        {"its bytes were altered: its file is named " + source.name,
         "內容遭竄改:檔名為 " + source.name});
  check_signature(link);
  const auto what = logged_of(source, link.manifest);
  auto logged = check_logged(what, manifest_subject(link.manifest), trust_);
  const bool is_proven = logged && logged->outcome != Outcome::kBad;
  if (logged) report_.entries.push_back(std::move(*logged));
  if (is_proven) check_time(source, link.manifest);
  if (is_proven)
    std::ranges::move(check_witnessed(what, manifest_subject(link.manifest), trust_),
                      std::back_inserter(report_.entries));
  check_listed(link);
}

void Verifier::check_time(const SignedManifest& source, const Manifest& manifest) {
  auto stamped = check_stamped(source.logged, bundle_.stamps, manifest_subject(manifest),
                               trust_.stamp_authorities);
  if (stamped.used) used_stamps_.insert(*stamped.used);
  if (stamped.line) report_.entries.push_back(std::move(*stamped.line));
}

void Verifier::check_signature(const Link& link) {
  const Text subject = manifest_subject(link.manifest);
  if (link.source->signature.empty() && link.manifest.host_id.empty())
    return add(Outcome::kNotChecked, subject,
               {"not signed: the host was not enrolled", "未簽章:該主機尚未註冊"});
  if (link.source->signature.empty()) return bad(subject, {"the signature is missing", "缺少簽章"});
  if (!has_ca_)
    return bad(subject, {"signed, but no CA is known to check with", "已簽章,但沒有可供驗證的 CA"});
  Text why{"there is no certificate of this host", "沒有該主機的憑證"};
  for (const auto& certificate : certificates_[link.manifest.host_id]) {
    const auto key = certificate.verifying_key();
    auto checked = key ? key->verify(link.digest, link.source->signature) : fail(key.error());
    if (checked) {
      const auto ended = from_timestamp(link.manifest.ended);
      checked = ended ? is_ours(certificate, *ended) : fail(ended.error());
      if (checked)
        return good(subject, {"signed with the host's certificate, valid at " + link.manifest.ended,
                              "已由主機憑證簽章,憑證於 " + link.manifest.ended + " 有效"});
      // A machine whose clock was wrong: then the ledger says when it was accepted.
      const auto accepted = proven_acceptance(*link.source, link.manifest, trust_);
      if (accepted && is_ours(certificate, *accepted)) {
        const auto then = to_timestamp(*accepted);
        return good(subject, {"signed with the host's certificate, valid at " + then +
                                  ", when the ledger says that it was accepted; the host's clock "
                                  "was wrong: " +
                                  link.manifest.ended,
                              "已由主機憑證簽章,憑證於帳本所載收件時間 " + then +
                                  " 有效;主機時鐘有誤:" + link.manifest.ended});
      }
    }
    why = same(checked.error().message());
  }
  bad(subject, std::move(why));
}

void Verifier::check_listed(const Link& link) {
  for (const auto& entry : link.manifest.tables) {
    if (!entry.digest) continue;
    listed_.insert(*entry.digest);
    const auto complain = [&](const Text& what) {
      const Text subject = manifest_subject(link.manifest);
      bad({subject.en + ", table " + entry.name, subject.zh_tw + ",資料表 " + entry.name}, what);
    };
    const auto found = tables_.find(*entry.digest);
    if (found == tables_.end())
      complain({"the table is not in the bundle", "證據包內沒有此資料表"});
    else if (found->second &&
             (found->second->name != entry.name || found->second->rows != entry.rows ||
              found->second->bytes != entry.bytes))
      complain({"the manifest states another name or size", "清單所載的名稱或大小不符"});
  }
}

void Verifier::check_chains() {
  std::map<std::string, std::vector<const Link*>> hosts;
  for (const auto& link : links_)
    if (!link.manifest.host_id.empty()) hosts[link.manifest.host_id].push_back(&link);
  for (auto& [host, links] : hosts) {
    std::ranges::sort(links, {}, [](const Link* link) { return link->manifest.sequence; });
    if (const auto& first = links.front()->manifest; first.sequence > 1)
      add(Outcome::kNotChecked, manifest_subject(first),
          {"earlier manifests of this host are not in the bundle", "證據包內沒有該主機較早的清單"});
    for (std::size_t i = 1; i < links.size(); ++i) check_link(*links[i - 1], *links[i]);
  }
}

void Verifier::check_link(const Link& before, const Link& link) {
  const Text subject = manifest_subject(link.manifest);
  if (before.manifest.sequence == link.manifest.sequence)
    return bad(subject, {"this number is there twice", "此編號重複出現"});
  if (before.manifest.sequence + 1 < link.manifest.sequence)
    return add(
        Outcome::kNotChecked, subject,
        {"manifests between this one and number " + std::to_string(before.manifest.sequence) +
             " are not in the bundle",
         "證據包內缺少此清單與第 " + std::to_string(before.manifest.sequence) + " 號之間的清單"});
  if (link.manifest.previous == before.digest)
    good(subject, {"follows the one before it", "與前一份清單相連"});
  else
    bad(subject, {"the chain is broken: it follows another manifest than the one before it",
                  "鏈結中斷:所接續的並非前一份清單"});
}

void Verifier::check_surplus() {
  for (const auto& [digest, facts] : tables_)
    if (!listed_.contains(digest))
      bad({"table " + digest.hex(), "資料表 " + digest.hex()},
          {"no manifest in the bundle lists it", "證據包內沒有任何清單列出此資料表"});
  for (const auto& [digest, token] : bundle_.stamps)
    if (!used_stamps_.contains(digest))
      bad({"time stamp " + digest.hex(), "時戳 " + digest.hex()},
          {"it is over no checkpoint by which a manifest in the bundle is proven",
           "證據包內沒有任何清單的證明使用它所蓋的檢查點"});
}

}  // namespace

bool VerificationReport::is_good() const {
  return has_manifest && std::ranges::none_of(entries, [](const Verification& entry) {
           return entry.outcome == Outcome::kBad;
         });
}

VerificationReport verify(const Bundle& bundle, const Trust& trust) {
  auto report = Verifier(bundle, trust).take();
  report.has_manifest = !bundle.manifests.empty();
  return report;
}

}  // namespace assay::evidence
