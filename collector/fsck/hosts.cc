// Hosts: their certificates, and their snapshots in the order of their chain.
#include <algorithm>

#include "collector/fsck/examiner.h"
#include "evidence/manifest.h"
#include "evidence/signature.h"

namespace assay::collector {

namespace {

Text subject_of(const Snapshot& snapshot) {
  return phrase({"snapshot {} of host {} ({})", "主機 {1} 的快照 {0}（{2}）"}, snapshot.sequence,
                snapshot.host_id, snapshot.digest.hex());
}

Text host_named(std::string_view id) {
  return phrase({"host {}", "主機 {}"}, id);
}

using OpenedCertificate = evidence::OpenedCertificate;

// Whether the CA issued it, and both are valid then.
Status is_ours(const OpenedCertificate& certificate, const Result<OpenedCertificate>& ca,
               evidence::Seconds when) {
  if (!ca) return fail(ca.error().within("CA"));
  return certificate.verify_issued_by(*ca, when);
}

Status check_certificate(const Certificate& certificate, const Result<OpenedCertificate>& opened,
                         const Result<OpenedCertificate>& ca) {
  const auto facts = opened ? opened->facts() : fail(opened.error());
  if (!facts) return fail(facts.error());
  const auto normal = evidence::normal_pem(certificate.pem);
  if (!normal || *normal != certificate.pem)
    return refuse(Code::kInvalidData,
                  {"its text was altered around the certificate", "憑證前後的文字遭更動"});
  if (facts->serial != certificate.serial || facts->host_id != certificate.host_id ||
      facts->not_before != certificate.not_before || facts->not_after != certificate.not_after)
    return refuse(Code::kInvalidData,
                  {"it is stored with another serial number, host or time than is written in it",
                   "登載的序號、主機或時間與憑證內容不符"});
  const auto ca_facts = ca ? ca->facts() : fail(ca.error());
  if (!ca_facts) return fail(ca_facts.error().within("CA"));
  return is_ours(*opened, ca, std::max(facts->not_before, ca_facts->not_before));
}

class HostExaminer {
 public:
  HostExaminer(Examination& examination, const Host& host)
      : examination_(examination), host_(host) {}

  Status run() {
    ++examination_.counts.hosts;
    if (auto done = read_certificates(); !done) return done;
    if (auto done = read_events(); !done) return done;
    auto done = for_every(
        [&](const PageRequest& page) { return examination_.store.snapshots(host_.id, page); },
        [&](const Snapshot& snapshot) { return examine(snapshot); });
    if (!done) return done;
    check_host();
    return {};
  }

 private:
  Status read_certificates() {
    auto certificates = examination_.store.certificates(host_.id);
    if (!certificates) return fail(certificates.error());
    for (const auto& certificate : *certificates) {
      ++examination_.counts.certificates;
      auto opened = OpenedCertificate::of(certificate.pem);
      if (const auto sound = check_certificate(certificate, opened, examination_.ca); !sound)
        examination_.damage(phrase({"certificate {} of host {}", "主機 {1} 的憑證 {0}"},
                                   certificate.serial, host_.id),
                            sound.error().text());
      certificates_.emplace(certificate.serial, std::move(opened));
    }
    if (certificates_.empty())
      examination_.damage(host_named(host_.id), phrase({"it has no certificate", "沒有憑證"}));
    return {};
  }

  // A chain that was broken when it came is on record, and no damage.
  Status read_events() {
    return for_every(
        [&](const PageRequest& page) { return examination_.store.events(host_.id, page); },
        [&](const Event& event) -> Status {
          has_gap_ = has_gap_ || event.kind == Event::Kind::kSequenceGap;
          has_break_ = has_break_ || event.kind == Event::Kind::kChainBreak;
          return {};
        });
  }

  Status examine(const Snapshot& snapshot) {
    ++examination_.counts.snapshots;
    check_chain(snapshot);
    after_ = snapshot;
    if (!latest_) latest_ = snapshot;
    if (snapshot.removed_at) {
      check_removal(snapshot);
      return {};
    }
    const auto bytes = examination_.store.manifest_bytes(snapshot);
    if (!bytes) return examination_.note(subject_of(snapshot), bytes.error());
    const auto manifest = evidence::manifest_from_canonical(*bytes);
    if (!manifest) return examination_.note(subject_of(snapshot), manifest.error());
    check_columns(snapshot, *manifest);
    check_names(snapshot, *manifest);
    check_signature(snapshot, *bytes, *manifest);
    check_tables(snapshot, *manifest);
    return {};
  }

  void check_removal(const Snapshot& snapshot) {
    ++examination_.counts.removed;
    if (snapshot.accepted_at >= examination_.horizon)
      examination_.damage(subject_of(snapshot), phrase({"it was removed before its time was over",
                                                        "於保存期限屆滿之前移除"}));
    if (!snapshot.manifest_frame.empty() || !snapshot.signature.empty())
      examination_.damage(subject_of(snapshot), phrase({"it is called removed and is still there",
                                                        "標示為已移除，內容卻仍在"}));
  }

  void check_columns(const Snapshot& snapshot, const evidence::Manifest& manifest) {
    const auto started = evidence::from_timestamp(manifest.started);
    const auto ended = evidence::from_timestamp(manifest.ended);
    if (manifest.host_id != snapshot.host_id || manifest.sequence != snapshot.sequence ||
        manifest.previous != snapshot.previous || manifest.profile != snapshot.profile ||
        !started || *started != snapshot.started || !ended || *ended != snapshot.ended)
      examination_.damage(subject_of(snapshot),
                          phrase({"it is stored with other facts than its manifest states",
                                  "登載的內容與清單不符"}));
  }

  void check_signature(const Snapshot& snapshot, const std::string& bytes,
                       const evidence::Manifest& manifest) {
    const auto certificate = certificates_.find(snapshot.certificate_serial);
    if (certificate == certificates_.end())
      return examination_.damage(subject_of(snapshot),
                                 phrase({"its host has no certificate {}", "主機沒有憑證 {}"},
                                        snapshot.certificate_serial));
    const auto good = is_signed(snapshot, bytes, manifest, certificate->second);
    if (!good) examination_.damage(subject_of(snapshot), good.error().text());
  }

  [[nodiscard]] Status is_signed(const Snapshot& snapshot, const std::string& bytes,
                                 const evidence::Manifest& manifest,
                                 const Result<OpenedCertificate>& certificate) const {
    const auto key = certificate ? certificate->verifying_key() : fail(certificate.error());
    if (!key) return fail(key.error());
    if (auto good = key->verify(evidence::sha256(bytes), snapshot.signature); !good) return good;
    const auto ended = evidence::from_timestamp(manifest.ended);
    if (!ended) return fail(ended.error());
    auto valid = is_ours(*certificate, examination_.ca, *ended);
    // A machine whose clock was wrong: the ledger fixes when it was accepted.
    if (!valid && is_ours(*certificate, examination_.ca, snapshot.accepted_at)) return {};
    return valid;
  }

  void check_tables(const Snapshot& snapshot, const evidence::Manifest& manifest) {
    for (const auto& entry : manifest.tables) {
      if (!entry.digest) continue;
      const auto found = examination_.tables.find(*entry.digest);
      if (found == examination_.tables.end())
        examination_.damage(
            subject_of(snapshot),
            phrase({"its table {} is missing or damaged", "資料表 {} 遺失或已毀損"}, entry.name));
      else if (found->second.first.name != entry.name || found->second.first.bytes != entry.bytes ||
               found->second.second != entry.rows)
        examination_.damage(subject_of(snapshot), phrase({"its table {} has another name or size",
                                                          "資料表 {} 的名稱或大小不符"},
                                                         entry.name));
      else if (const auto used = found->second.first.used_at;
               used && *used + kUseGrain < snapshot.accepted_at)
        examination_.damage(subject_of(snapshot),
                            phrase({"its table {} would be removed before its time",
                                    "資料表 {} 將於保存期限屆滿之前遭移除"},
                                   entry.name));
    }
  }

  // They come with the highest number first: `after_` is the one that follows.
  void check_chain(const Snapshot& snapshot) {
    if (!after_) return;
    if (after_->sequence == snapshot.sequence + 1 && after_->previous != snapshot.digest &&
        !has_break_)
      examination_.damage(subject_of(*after_),
                          phrase({"it does not follow the one before it", "與前一份快照不相連"}));
    if (after_->sequence != snapshot.sequence + 1 && !has_gap_)
      examination_.damage(subject_of(*after_),
                          phrase({"the one before it is missing", "前一份快照遺失"}));
  }

  // As ingest takes it from the latest manifest.
  void check_names(const Snapshot& snapshot, const evidence::Manifest& manifest) {
    if (snapshot.sequence != host_.last_sequence) return;
    if (host_.name != manifest.host_name || host_.profile != manifest.profile)
      examination_.damage(host_named(host_.id),
                          phrase({"it has another name or profile than its latest snapshot",
                                  "名稱或類型與最新的快照不符"}));
  }

  void check_host() {
    if (after_ && after_->sequence != 1 && !has_gap_)
      examination_.damage(subject_of(*after_),
                          phrase({"those before it are missing", "先前的快照遺失"}));
    const auto digest = latest_ ? std::optional(latest_->digest) : std::nullopt;
    const auto sequence = latest_ ? latest_->sequence : 0;
    // A snapshot may have come since the host was read.
    if (sequence < host_.last_sequence ||
        (sequence == host_.last_sequence && digest != host_.last_snapshot))
      examination_.damage(
          host_named(host_.id),
          phrase({"its latest snapshot is another than it states", "最新的快照與登載的不同"}));
  }

  Examination& examination_;
  const Host& host_;
  std::map<std::string, Result<OpenedCertificate>> certificates_;  // by serial
  std::optional<Snapshot> after_;
  std::optional<Snapshot> latest_;
  bool has_gap_ = false;
  bool has_break_ = false;
};

}  // namespace

Status examine_hosts(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.hosts("", page); },
                   [&](const Host& host) { return HostExaminer(examination, host).run(); });
}

}  // namespace assay::collector
