#include <utility>

#include "collector/api/logged_proofs.h"
#include "collector/api/pack/pack_plan.h"
#include "evidence/bundle_names.h"
#include "evidence/ledger/act.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"
#include "evidence/tar.h"

namespace assay::collector::api {

namespace {

namespace names = evidence::bundle_names;

// The members of a pack, one after another in the order of their names.
class PackStream {
 public:
  explicit PackStream(PackPlan plan) : plan_(std::move(plan)) {}

  void add(const std::string& name, std::string bytes) {
    plan_.parts.emplace(name, held(std::move(bytes)));
  }

  void begin() { at_ = plan_.parts.begin(); }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = evidence::kTarEndBytes;
    for (const auto& [name, part] : plan_.parts)
      sum += evidence::tar_bytes_of(static_cast<std::size_t>(part.bytes));
    return sum;
  }

  Result<std::string> next() {
    if (is_over_) return std::string();
    if (at_ == plan_.parts.end()) {
      is_over_ = true;
      return evidence::tar_end();
    }
    const auto& [name, part] = *at_++;
    auto content = part.read();
    if (!content) return fail(content.error().within(name));
    if (static_cast<std::int64_t>(content->size()) != part.bytes ||
        evidence::sha256(*content) != part.digest)
      return refuse(Code::kInvalidData, {"{} is not what was stored", "{} 與當初存入的內容不同"},
                    name);
    auto piece = evidence::tar_header(name, content->size());
    if (!piece) return fail(piece.error().within(name));
    return piece->append(*content).append(evidence::tar_padding(content->size()));
  }

 private:
  PackPlan plan_;
  std::map<std::string, PackPart>::iterator at_;
  bool is_over_ = false;
};

// Under `stem`, as a bundle names them.
void add_proof_files(PackStream& stream, const std::string& stem,
                     const evidence::SignedManifest& source) {
  if (!source.logged.empty()) stream.add(stem + std::string(names::kProof), source.logged);
  for (std::size_t i = 0; i < source.witnessed.size(); ++i)
    stream.add(stem + std::string(names::kWitness) + names::two_digits(i + 1), source.witnessed[i]);
}

Status add_act(const Service& service, const PackRecord& record, PackStream& stream) {
  const auto acts = service.store.acts({std::to_string(record.act - 1), 1});
  if (!acts) return fail(acts.error());
  if (acts->items.empty() || acts->items.front().number != record.act)
    return refuse(Code::kInvalidData, {"the act of {} is gone", "{} 的作業紀錄已不存在"},
                  record.id);
  const auto text = evidence::to_text(acts->items.front());
  evidence::SignedManifest proofs;
  std::map<evidence::Digest, std::string> stamps;
  if (auto added = add_proofs(service, evidence::sha256(text), &proofs, &stamps); !added)
    return added;
  if (proofs.logged.empty())
    return refuse(Code::kUnavailable,
                  {"{} is being written into the ledger; try again in a moment",
                   "{} 正在登載至帳本，請稍後再試"},
                  record.id);
  stream.add(std::string(evidence::kPackAct), text);
  add_proof_files(stream, "act", proofs);
  for (const auto& [digest, token] : stamps) stream.add("act.tst", token);
  return {};
}

Status add_manifest_proofs(const Service& service, const std::vector<evidence::Digest>& manifests,
                           PackStream& stream) {
  std::map<evidence::Digest, std::string> stamps;
  for (const auto& digest : manifests) {
    evidence::SignedManifest proofs;
    if (auto added = add_proofs(service, digest, &proofs, &stamps); !added) return added;
    const auto snapshot = service.store.snapshot(digest);
    if (!snapshot) return fail(snapshot.error());
    add_proof_files(stream,
                    std::string(names::kManifests) + names::of_manifest(snapshot->sequence, digest),
                    proofs);
  }
  for (const auto& [digest, token] : stamps) stream.add(names::of_stamp(digest), token);
  return {};
}

}  // namespace

Result<std::shared_ptr<BodyStream>> stream_pack(const Service& service, PackPlan plan,
                                                const PackRecord& record) {
  const auto manifests = std::exchange(plan.manifests, {});
  auto list_text = std::exchange(plan.list_text, {});
  auto pack = std::make_shared<PackStream>(std::move(plan));
  pack->add(std::string(evidence::kPackList), std::move(list_text));
  if (auto added = add_act(service, record, *pack); !added) return fail(added.error());
  if (auto added = add_manifest_proofs(service, manifests, *pack); !added)
    return fail(added.error());
  pack->begin();
  auto stream = std::make_shared<BodyStream>();
  stream->bytes = pack->bytes();
  if (stream->bytes > evidence::kMaxBundleBytes)
    return refuse(Code::kTooLarge, {"the pack would be over 1 GiB; name fewer hosts",
                                    "稽核包將超過 1 GiB；請縮小主機範圍"});
  stream->next = [pack] { return pack->next(); };
  return stream;
}

}  // namespace assay::collector::api
