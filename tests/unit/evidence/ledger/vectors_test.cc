// tests/vectors/ledger.json, which a second implementation (check_ledger_vectors.py) reads too.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include "evidence/base64.h"
#include "evidence/ledger/act.h"
#include "evidence/ledger/origin.h"
#include "evidence/ledger/tlog_proof.h"
#include "tests/unit/evidence/ledger/trees.h"

namespace assay::evidence {
namespace {

using Json = nlohmann::ordered_json;

const Json& vectors() {
  static const Json kVectors = Json::parse(std::ifstream(ASSAY_LEDGER_VECTORS));
  return kVectors;
}

VerifierKey key_in(const char* name) {
  return verifier_key_from(vectors().at(name).get<std::string>()).value();
}

Digest hash_in(const Json& text) {
  return Digest::from_raw(from_base64(text.get<std::string>()).value()).value();
}

Proof hashes_in(const Json& vector) {
  Proof proof;
  for (const auto& text : vector.at("hashes")) proof.push_back(hash_in(text));
  return proof;
}

// The log of the vectors.
class LedgerVectors : public testing::Test {
 protected:
  LedgerVectors() {
    for (const auto& entry : vectors().at("entries")) {
      leaves_.push_back(leaf_hash(entry.get<std::string>()));
      heads_.push_back(tree_.add({leaves_.back()}));
    }
  }
  [[nodiscard]] const TreeHead& head(std::int64_t size) const {
    return heads_.at(static_cast<std::size_t>(size));
  }

  std::vector<Digest> leaves_;
  TiledTree tree_;
  std::vector<TreeHead> heads_{{0, empty_root()}};
};

TEST_F(LedgerVectors, EntriesAreInTheirOneForm) {
  for (const auto& text : vectors().at("entries")) {
    const auto entry = ledger_entry_from(text.get<std::string>());
    ASSERT_TRUE(entry) << text;
    EXPECT_EQ(to_text(*entry), text.get<std::string>());
  }
}

TEST_F(LedgerVectors, ActsAreInTheirOneForm) {
  for (const auto& vector : vectors().at("acts")) {
    const auto text = vector.at("act").get<std::string>();
    const auto act = act_from(text);
    ASSERT_TRUE(act) << text;
    EXPECT_EQ(to_text(*act), text);
    const auto line = vector.at("entry").get<std::string>();
    EXPECT_EQ(to_text(LedgerEntry{sha256(text), {}, act->number, act->at}), line);
    EXPECT_EQ(to_text(ledger_entry_from(line).value()), line);
  }
  for (const auto& vector : vectors().at("refused_acts"))
    EXPECT_FALSE(act_from(vector.at("act").get<std::string>())) << vector.at("name");
}

TEST_F(LedgerVectors, TreesHaveTheStatedRoots) {
  for (const auto& tree : vectors().at("trees"))
    EXPECT_EQ(head(tree.at("size")).root, hash_in(tree.at("root"))) << tree;
}

TEST_F(LedgerVectors, ProofsAreTheStatedOnesAndHold) {
  for (const auto& vector : vectors().at("inclusion")) {
    const std::int64_t index = vector.at("index");
    const std::int64_t size = vector.at("size");
    TileTree tree(size, tree_.reader());
    const auto proof = inclusion_proof(index, size, tree.reader()).value();
    EXPECT_EQ(proof, hashes_in(vector)) << vector;
    EXPECT_TRUE(verify_inclusion(index, size, leaves_.at(static_cast<std::size_t>(index)),
                                 head(size).root, proof));
  }
  for (const auto& vector : vectors().at("consistency")) {
    const std::int64_t newer = vector.at("to");
    TileTree tree(newer, tree_.reader());
    const auto proof = consistency_proof(vector.at("from"), newer, tree.reader()).value();
    EXPECT_EQ(proof, hashes_in(vector)) << vector;
    EXPECT_TRUE(verify_consistency(head(vector.at("from")), head(newer), proof));
  }
}

TEST_F(LedgerVectors, TheKeyNamesItsCa) {
  EXPECT_EQ(ca_in_origin(key_in("ledger_key").name)->hex(),
            vectors().at("ca_fingerprint").get<std::string>());
  EXPECT_EQ(to_text(key_in("ledger_key")), vectors().at("ledger_key").get<std::string>());
  EXPECT_EQ(key_in("witness_key").kind, KeyKind::kWitness);
}

TEST_F(LedgerVectors, CheckpointsAreSignedAsStated) {
  const auto key = key_in("ledger_key");
  const auto witness = key_in("witness_key");
  for (const auto& vector : vectors().at("checkpoints")) {
    const auto opened = open_checkpoint(vector.at("note").get<std::string>(), key, key.name,
                                        std::span(&witness, 1));
    ASSERT_TRUE(opened) << vector.at("name") << opened.error().message();
    EXPECT_EQ(opened->checkpoint.head, head(vector.at("size")));
    EXPECT_EQ(opened->witnesses.size(), vector.contains("witnessed") ? 1U : 0U);
    for (const auto& witness_line : opened->witnesses)
      EXPECT_EQ(witness_line.at->time_since_epoch().count(),
                vector.at("witnessed").get<std::int64_t>());
  }
}

TEST_F(LedgerVectors, ProofsOfLoggingHoldAndRefusedOnesDoNot) {
  const auto key = key_in("ledger_key");
  for (const auto& vector : vectors().at("proofs")) {
    const auto text = vector.at("proof").get<std::string>();
    const auto proof = tlog_proof_from(text);
    ASSERT_TRUE(proof) << vector.at("name") << proof.error().message();
    EXPECT_EQ(to_text(*proof), text);
    EXPECT_TRUE(verify_logged(*proof, proof->extra, key, key.name));
    EXPECT_EQ(ledger_entry_from(proof->extra)->digest.hex(),
              vector.at("manifest").get<std::string>());
  }
  ASSERT_FALSE(vectors().at("refused_proofs").empty());
  for (const auto& vector : vectors().at("refused_proofs")) {
    const auto proof = tlog_proof_from(vector.at("proof").get<std::string>());
    EXPECT_FALSE(proof && verify_logged(*proof, proof->extra, key, key.name)) << vector.at("name");
  }
}

}  // namespace
}  // namespace assay::evidence
