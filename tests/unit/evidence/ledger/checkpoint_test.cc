// Checkpoints and proofs of logging: a real one of sum.golang.org, our own, and hostile ones.
#include "evidence/ledger/checkpoint.h"

#include <gtest/gtest.h>

#include <span>

#include "evidence/ledger/tlog_proof.h"
#include "tests/unit/evidence/ledger/trees.h"

namespace assay::evidence {
namespace {

constexpr std::string_view kGoKey =
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
constexpr std::string_view kGoOrigin = "go.sum database tree";
// As a user's lookup of a module was answered in 2026.
constexpr std::string_view kGoCheckpoint =
    "go.sum database tree\n"
    "63096908\n"
    "8lHrQPRYe4KT4WQ9/Qk8/taKnD6IRHbFgfN7vQE2Y54=\n"
    "\n"
    "— sum.golang.org "
    "Az3gri/oVBN1jAhNZ/iS+W31psFAWRT20/GyrhpU6taFwulQGetBkH5S7wpGXdS935jiIGiUUAXBVHzT/P6fYhqAmAk=\n";
// That the entry below is number 43,930,254 of that log.
constexpr std::string_view kGoProof =
    "c2sp.org/tlog-proof@v1\n"
    "index 43930254\n"
    "Q2cuq1e21q4UC1RQ6wtmXmCxk2q3Wqz/yFvD12P2KSM=\n"
    "VdgHwjNYSv9fZVxvYzn8kySGvrjqeCnzdJqJILieWf4=\n"
    "ARfBpZjsj3LSP42V4xBVdCKbHVa4WXSbuFAa0rUSCVQ=\n"
    "0VYgz0Vmgz6jOM8H6edZBWHtO6+R7tPvN4EOwwRRSws=\n"
    "vq+ifloynXE+ORFC1wymQT0cpNIJA1tqg2mQpA55+kc=\n"
    "SCRewH6vHE1/Vwkt5yEW8xT7il0WbWltXjFIVqlGtQQ=\n"
    "p//fIG8jgZie4MMwjHF7quCIJ4hErr7U4at0HV34MZQ=\n"
    "D3K5YdBlxQcklrgF8vSbDyT05J5/mA9lzuhhp72uSOk=\n"
    "jeYlYyH9FhYGwu+ZJmfPr8GvSNdgrydwqmJgHsygoR0=\n"
    "p6RFgfGhu8Uuy0LyyZdI4MrSPOZkMe+ycwWJFfr8zTI=\n"
    "AMZsxrVKBPSe8nSNVVCTyTxWns0CiNbChG/FoiSJWuM=\n"
    "e+rtSmK5Pd1K5LgFwj7VSo5XJXOcq7OOcqPVZn1hqeM=\n"
    "expmv1e6XiGr5NMUjMRkSZijlcBx+fZcpqQmUnawhOY=\n"
    "+Wuic0YARH84k80/Q+KJIbhRCldxG8npjLFiHMLtEpo=\n"
    "NOMeJqlyUxFXUKYRI/1YqAF4WJBfXJr8UM/SlWGqxgY=\n"
    "Lm6+TAlLb2lvUs/3unZ2t6RSmJw8RO+WuEuUbAw3QEc=\n"
    "Jhh2EDG15gDBoLmLiF88lVTgd+uvx3L0xczb8Y3kSq8=\n"
    "taenaiKqtYMXS3gDzIF3q8VZzqAXqftHqL9BC39njaw=\n"
    "kZNKypGwEANnt1+msLINnqrIrwX+0MGZUTTKXTfbloI=\n"
    "A4NJSymjVJ5dvGPaGC3Gj04x8qVRKYfh0pP24mwd6Yk=\n"
    "KQq808D9W4NUgr4ip+rF/RCyAUERYKKCwKiiAJfaFOc=\n"
    "I3EVN3zM2rDjs5Q06Zr5gxhg+ksnX2h77E75uL+h3aI=\n"
    "7iNSYSDhMeRkeV7r9krKbKelNPiqDCJU1i6xAn/Fbuw=\n"
    "MYqdo6zSjxaAn+29EEjNRbPYm0myB3bheu+HTZIAbVY=\n"
    "S7olT9TPLXk+bbawbV3sAzWMmhcpWrtjbw++9ZTiyn8=\n"
    "xJ20xXM4QItt5vxFOtolZ5l18p7ej1+RimNkgWmoRFM=\n"
    "\n"
    "go.sum database tree\n"
    "58253265\n"
    "lIyLAEe4zJUQAda6pFFg3yPOf7j1SgfMEDrpgoX39JU=\n"
    "\n"
    "— sum.golang.org "
    "Az3grkvBHbFcpEFQ3BhGlktgB7pcswIW+ez91eWY6rNPtWfAey8bJO2rVoG2yO5zXvgiaikWVHqon+e14JhA+WXvpAY=\n";
constexpr std::string_view kGoEntry =
    "github.com/transparency-dev/tessera v1.0.0 h1:4OT1V9xJLa5NnYlFWWlCdZkCm18/o12rdd+bCTje7XE=\n"
    "github.com/transparency-dev/tessera v1.0.0/go.mod "
    "h1:TLvfjlkbmsmKVEJUtzO2eb9Q2IBnK3EJ0dI4G0oxEOU=\n";

VerifierKey go_key() {
  return verifier_key_from(kGoKey).value();
}

LedgerEntry sample_entry() {
  return {sha256("manifest"), "7b1c6c2e-5f0d-4a53-9d0e-0f2a7f5b9f10", 12,
          from_timestamp("2026-11-21T01:02:03Z").value()};
}

struct Log {
  std::string pem = new_note_key().value();
  VerifierKey key = verifier_key_of(pem, "assay-ledger/1", KeyKind::kLog).value();
  [[nodiscard]] std::string sign(const Checkpoint& checkpoint) const {
    const std::string text = to_text(checkpoint);
    return to_text(Note{text, {sign_note(pem, key, text).value()}});
  }
};

TEST(Checkpoint, ARealLogsIsReadAndChecked) {
  const auto opened = open_checkpoint(kGoCheckpoint, go_key(), kGoOrigin);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->checkpoint.head.size, 63'096'908);
  EXPECT_EQ(to_text(opened->checkpoint), note_from_text(kGoCheckpoint)->text);
}

TEST(Checkpoint, IsRefusedOfAnotherLogOrKey) {
  EXPECT_EQ(open_checkpoint(kGoCheckpoint, go_key(), "another").error().code(),
            Code::kUnauthenticated);
  EXPECT_EQ(open_checkpoint(kGoCheckpoint, Log().key, kGoOrigin).error().code(),
            Code::kUnauthenticated);
}

TEST(Checkpoint, EveryAlteredByteIsFound) {
  const std::string good(kGoCheckpoint);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(open_checkpoint(altered, go_key(), kGoOrigin)) << i;
  }
}

TEST(Checkpoint, ReadsWhatItWroteAndNothingElse) {
  Checkpoint checkpoint{"log", {7, sha256("root")}, {"further", "lines"}};
  EXPECT_EQ(checkpoint_from_text(to_text(checkpoint)).value(), checkpoint);
  const std::string root = to_text(checkpoint).substr(6, 45);
  for (const auto& text :
       {std::string(), std::string("\n"), "log\n7\n" + root.substr(0, 44), "\n7\n" + root,
        "log\n07\n" + root, "log\n-1\n" + root, "log\n+7\n" + root, "log\n7 \n" + root,
        "log\n\n" + root, "log\n9223372036854775807\n" + root, "log\n99999999999999999999\n" + root,
        std::string("log\n7\nAAAA\n"), "log\n7\n" + root + "\n", "log\n7\n" + root + "a\n\n"})
    EXPECT_FALSE(checkpoint_from_text(text)) << text;
}

TEST(Checkpoint, TellsWhichWitnessesVouchAndWhen) {
  const Log log;
  const std::string pem = new_note_key().value();
  const auto witness = verifier_key_of(pem, "witness.example/w1", KeyKind::kWitness).value();
  const std::string text = to_text(Checkpoint{"log", {1, sha256("root")}, {}});
  Note note{text, {sign_note(log.pem, log.key, text).value()}};
  EXPECT_TRUE(open_checkpoint(to_text(note), log.key, "log", std::span(&witness, 1))
                  ->witnesses.empty());
  note.signatures.push_back(
      sign_note(pem, witness, text, Seconds(std::chrono::seconds(1'679'315'147))).value());
  const auto opened = open_checkpoint(to_text(note), log.key, "log", std::span(&witness, 1));
  ASSERT_TRUE(opened) << opened.error().message();
  ASSERT_EQ(opened->witnesses.size(), 1U);
  EXPECT_EQ(opened->witnesses[0].at, Seconds(std::chrono::seconds(1'679'315'147)));
  note.signatures.back().bytes.back() ^= 1;
  EXPECT_FALSE(open_checkpoint(to_text(note), log.key, "log", std::span(&witness, 1)));
  note.signatures.erase(note.signatures.begin());  // witnesses alone do not make it the log's
  EXPECT_FALSE(open_checkpoint(to_text(note), log.key, "log", std::span(&witness, 1)));
}

TEST(TlogProof, ARealOneProvesARealEntry) {
  const auto proof = tlog_proof_from(kGoProof);
  ASSERT_TRUE(proof) << proof.error().message();
  EXPECT_EQ(to_text(*proof), kGoProof);
  EXPECT_EQ(leaf_hash(kGoEntry).hex(),
            "0fa57c511c3b2ffcc0a05ad63172568d265aaf9844e9b636a0978795396f2ab1");
  const auto opened = verify_logged(*proof, kGoEntry, go_key(), kGoOrigin);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->checkpoint.head.size, 58'253'265);
  EXPECT_FALSE(verify_logged(*proof, "another entry", go_key(), kGoOrigin));
}

TEST(TlogProof, EveryAlteredByteIsFound) {
  const std::string good(kGoProof);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto proof = tlog_proof_from(altered);
    EXPECT_FALSE(proof && verify_logged(*proof, kGoEntry, go_key(), kGoOrigin)) << i;
  }
}

TEST(TlogProof, CarriesOurEntryAsExtra) {
  const Log log;
  const auto entry = to_text(sample_entry());
  TiledTree tiles;
  tiles.add(numbered_leaves(5));
  const auto head = tiles.add({leaf_hash(entry)});
  TileTree tree(head.size, tiles.reader());
  const TlogProof proof{entry, 5, inclusion_proof(5, 6, tree.reader()).value(),
                        log.sign({log.key.name, head, {}})};
  const auto again = tlog_proof_from(to_text(proof));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(*again, proof);
  EXPECT_EQ(ledger_entry_from(again->extra).value(), sample_entry());
  EXPECT_TRUE(verify_logged(*again, again->extra, log.key, log.key.name));
}

TEST(TlogProof, RefusesWhatIsNone) {
  const std::string good(kGoProof);
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  std::string long_one = with("index 43930254\n", "index 43930254\n");
  const std::string hash = "Q2cuq1e21q4UC1RQ6wtmXmCxk2q3Wqz/yFvD12P2KSM=\n";
  for (int i = 0; i < 64; ++i) long_one.insert(long_one.find(hash), hash);
  for (const auto& text :
       {std::string(), with("@v1", "@v2"), with("index 4", "index 04"), with("index 4", "index -4"),
        with("index ", "indeX "), with("index 43930254\n", ""), with("\n\n", "\n"),
        with("Q2cu", "Q2c"), with("index", "extra \nindex"), with("index", "extra !\nindex"),
        with("\n— sum", "\n- sum"), long_one, good.substr(0, good.find("\n\n") + 2)})
    EXPECT_FALSE(tlog_proof_from(text)) << text.substr(0, 60);
  EXPECT_EQ(tlog_proof_from(std::string(kMaxTlogProofBytes + 1, 'x')).error().code(),
            Code::kTooLarge);
}

TEST(LedgerEntry, ReadsWhatItWroteAndNothingElse) {
  const auto text = to_text(sample_entry());
  EXPECT_LE(text.size(), kMaxEntryBytes);
  EXPECT_EQ(ledger_entry_from(text).value(), sample_entry());
  const auto with = [&text](std::string_view from, std::string_view to) {
    std::string altered = text;
    return altered.replace(altered.find(from), from.size(), to);
  };
  for (const auto& altered :
       {std::string(), text + " ", text.substr(0, text.size() - 1), with("/1", "/2"),
        with("12,", "012,"), with("12,", "0,"), with("12,", "-1,"), with("7b1c", "7B1C"),
        with("2026-11-21", "2026-11-31"), with("\"sequence\"", "\"Sequence\""),
        with("{", "{ "), with("7b1c", "\\u00377b1c"), with("7b1c6c2e-5f0d-4a53", "")})
    EXPECT_TRUE(!ledger_entry_from(altered) || to_text(*ledger_entry_from(altered)) == altered)
        << altered;
  EXPECT_FALSE(ledger_entry_from(with("12,", "012,")));
  EXPECT_FALSE(ledger_entry_from(std::string(600, 'x')));
}

}  // namespace
}  // namespace assay::evidence
