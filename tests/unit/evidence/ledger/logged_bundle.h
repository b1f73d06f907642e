// A bundle whose manifests are in a ledger, each with its proof by the latest checkpoint.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evidence/bundle.h"
#include "evidence/ledger/origin.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/signature.h"
#include "tests/unit/evidence/ledger/trees.h"
#include "tests/unit/evidence/sample.h"

namespace assay::evidence {

class LoggedBundle : public testing::Test {
 protected:
  explicit LoggedBundle(std::int64_t manifests)
      : LoggedBundle(sample_bundle(manifests), Seconds(std::chrono::days(20'000))) {}
  LoggedBundle(SampleBundle sample, Seconds accepted)
      : sample_(std::move(sample)), accepted_(accepted) {
    for (std::size_t i = 0; i < bundle_.manifests.size(); ++i) log(i);
    const auto head = tree_.add(leaves_);
    checkpoint_ = sign(head);
    for (std::size_t i = 0; i < bundle_.manifests.size(); ++i) {
      TileTree tree(head.size, tree_.reader());
      const auto index = static_cast<std::int64_t>(i);
      const TlogProof proof{entries_[i], index,
                            inclusion_proof(index, head.size, tree.reader()).value(), checkpoint_};
      bundle_.manifests[i].logged = to_text(proof);
    }
  }

  void log(std::size_t i) {
    const auto manifest = manifest_from_canonical(bundle_.manifests[i].manifest).value();
    entries_.push_back(to_text(LedgerEntry{sha256(bundle_.manifests[i].manifest), manifest.host_id,
                                           manifest.sequence, accepted_}));
    leaves_.push_back(leaf_hash(entries_.back()));
  }
  std::string sign(const TreeHead& head) {
    const auto text = to_text(Checkpoint{key_.name, head, {}});
    return to_text(Note{text, {sign_note(pem_, key_, text).value()}});
  }
  [[nodiscard]] Trust trust() const {
    Trust out;
    out.ledger = key_;
    return out;
  }

  SampleBundle sample_;
  Seconds accepted_;
  Bundle bundle_ = sample_.bundle;
  std::string pem_ = new_note_key().value();
  VerifierKey key_ =
      verifier_key_of(pem_,
                      ledger_origin(read_certificate(sample_.authority.certificate)->fingerprint),
                      KeyKind::kLog)
          .value();
  TiledTree tree_;
  std::vector<std::string> entries_;
  std::vector<Digest> leaves_;
  std::string checkpoint_;
};

}  // namespace assay::evidence
