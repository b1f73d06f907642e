#include "collector/api/pack/pack_plan.h"

#include <set>

#include "collector/api/pack/pack_report.h"
#include "collector/api/present.h"
#include "evidence/bundle_names.h"
#include "evidence/ledger/note.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"
#include "evidence/signature.h"
#include "evidence/tar.h"

namespace assay::collector::api {

namespace {

namespace names = evidence::bundle_names;

class Planner {
 public:
  Planner(const Service& service, const PackWish& wish) : service_(service), wish_(wish) {}

  Result<PackPlan> run() {
    auto facts = pack_facts(service_, wish_);
    if (!facts) return fail(facts.error());
    if (auto done = add_reports(*facts); !done) return fail(done.error());
    if (auto done = add_evidence(*facts); !done) return fail(done.error());
    add_files(*facts);
    return finish(*facts);
  }

 private:
  Status add_report(const std::string& name, std::string bytes) {
    report_bytes_ += bytes.size();
    if (report_bytes_ > kMaxReportBytes || bytes.size() > evidence::kMaxTableBytes)
      return too_large();
    plan_.parts.emplace(name, held(std::move(bytes)));
    return {};
  }

  static std::unexpected<Error> too_large() {
    return refuse(Code::kTooLarge,
                  {"the pack would be over 1 GiB, 100000 files or 128 MiB of reports; name fewer "
                   "hosts",
                   "稽核包將超過 1 GiB、10 萬個檔案或 128 MiB 的報表；請縮小主機範圍"});
  }

  Status add_reports(const PackFacts& facts) {
    const auto sheets = sheets_of(service_, wish_, facts);
    if (!sheets) return fail(sheets.error());
    for (const auto& sheet : *sheets) {
      if (auto done = add_report(sheet.name + ".csv", to_csv(sheet)); !done) return done;
      if (auto done = add_report(sheet.name + ".json", to_json_text(sheet)); !done) return done;
    }
    for (const auto& [ending, language] :
         {std::pair("en", Language::kEnglish), std::pair("zh-TW", Language::kChinese)}) {
      auto page = report_of(wish_, facts, *sheets, language);
      if (auto done = add_report("report." + std::string(ending) + ".html", std::move(page)); !done)
        return done;
    }
    return {};
  }

  Status add_certificate(const std::string& serial) {
    const auto certificate = service_.store.certificate(serial);
    if (!certificate) return fail(certificate.error().within(phrase({"certificate", "憑證"})));
    auto pem = evidence::normal_pem(certificate->pem);
    if (!pem) return fail(pem.error());
    const auto name = names::of_certificate(*pem);
    if (!name) return fail(name.error());
    plan_.parts.emplace(std::string(names::kCertificates) + *name, held(std::move(*pem)));
    return {};
  }

  // Its size and digest are in the manifest; it is read when it is sent.
  void add_table(const evidence::ManifestEntry& entry) {
    PackPart part;
    part.bytes = entry.bytes;
    part.digest = *entry.digest;
    part.read = [&store = service_.store, digest = *entry.digest]() -> Result<std::string> {
      return store.table_bytes(digest);
    };
    plan_.parts.emplace(names::of_table(*entry.digest), std::move(part));
  }

  Status add_snapshot(const Snapshot& snapshot) {
    auto manifest = read_manifest(service_.store, snapshot);
    if (!manifest) return fail(manifest.error());
    for (const auto& entry : manifest->manifest.tables)
      if (entry.digest) add_table(entry);
    const auto stem =
        std::string(names::kManifests) + names::of_manifest(snapshot.sequence, snapshot.digest);
    plan_.manifests.push_back(snapshot.digest);
    PackPart part;
    part.bytes = static_cast<std::int64_t>(manifest->bytes.size());
    part.digest = snapshot.digest;
    part.read = [&store = service_.store, digest = snapshot.digest]() -> Result<std::string> {
      const auto again = store.snapshot(digest);
      if (!again) return fail(again.error());
      auto read = read_manifest(store, *again);
      if (!read) return fail(read.error());
      return std::move(read->bytes);
    };
    plan_.parts.emplace(stem + ".json", std::move(part));
    plan_.parts.emplace(stem + ".sig", held(snapshot.signature));
    return add_certificate(snapshot.certificate_serial);
  }

  Status add_evidence(const PackFacts& facts) {
    for (const auto& host : facts.hosts) {
      plan_.list.hosts.push_back(
          {host.host.id, host.snapshot ? std::optional(host.snapshot->digest) : std::nullopt});
      if (!host.snapshot) continue;
      if (auto done = add_snapshot(*host.snapshot); !done)
        return fail(done.error().within(host.host.name));
    }
    auto pem = evidence::normal_pem(service_.ca_pem);
    if (!pem) return fail(pem.error());
    plan_.parts.emplace(names::kCa, held(std::move(*pem)));
    return {};
  }

  void add_files(const PackFacts& facts) {
    for (const auto& attestation : facts.attestations)
      for (const auto& file : attestation.files) {
        if (file.at > wish_.as_of) continue;
        PackPart part;
        part.bytes = file.bytes;
        part.digest = file.digest;
        part.read = [&store = service_.store, digest = file.digest] { return store.file(digest); };
        plan_.parts.emplace("files/" + file.digest.hex(), std::move(part));
      }
  }

  Result<PackPlan> finish(const PackFacts& facts) {
    auto& list = plan_.list;
    if (const auto key = evidence::verifier_key_from(service_.ledger_key); key)
      list.ledger = key->name;
    list.framework = facts.framework->id;
    list.edition = facts.framework->edition;
    list.content = service_.catalogue;
    list.since = wish_.since;
    list.as_of = wish_.as_of;
    std::size_t total = 0;
    for (const auto& [name, part] : plan_.parts) {
      list.files.push_back({name, part.bytes, part.digest});
      total += evidence::tar_bytes_of(static_cast<std::size_t>(part.bytes));
    }
    plan_.list_text = evidence::to_text(list);
    // Proofs, of a manifest some kilobytes, come on top.
    constexpr std::size_t kMostProofFiles = 3;
    if (total + plan_.list_text.size() + (plan_.manifests.size() + 1) * (16U << 10U) >
            evidence::kMaxBundleBytes ||
        plan_.parts.size() + (plan_.manifests.size() + 1) * kMostProofFiles + 4 >
            evidence::kMaxBundleEntries ||
        list.hosts.size() > evidence::kMaxPackHosts)
      return too_large();
    return std::move(plan_);
  }

  const Service& service_;
  const PackWish& wish_;
  PackPlan plan_;
  std::size_t report_bytes_ = 0;
};

}  // namespace

PackPart held(std::string bytes) {
  PackPart part;
  part.bytes = static_cast<std::int64_t>(bytes.size());
  part.digest = evidence::sha256(bytes);
  part.read = [content = std::make_shared<const std::string>(
                   std::move(bytes))]() -> Result<std::string> { return *content; };
  return part;
}

Result<PackPlan> plan_pack(const Service& service, const PackWish& wish) {
  return Planner(service, wish).run();
}

}  // namespace assay::collector::api
