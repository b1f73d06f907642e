// Signed notes, by a real log's, by our own, and by hostile ones.
#include "evidence/ledger/note.h"

#include <gtest/gtest.h>

#include <span>

#include "evidence/base64.h"

namespace assay::evidence {
namespace {

// The key and the example of Go's own package for notes (golang.org/x/mod/sumdb/note).
constexpr std::string_view kNeumann =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kNeumannsNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n";

struct Signer {
  std::string pem = new_note_key().value();
  VerifierKey key;
  Signer(const std::string& name, KeyKind kind) : key(verifier_key_of(pem, name, kind).value()) {}
  [[nodiscard]] NoteSignature sign(std::string_view text, std::int64_t second = 0) const {
    return sign_note(pem, key, text, Seconds(std::chrono::seconds(second))).value();
  }
};

TEST(Base64, IsStrict) {
  for (const auto* text : {"", "AA==", "AAA=", "AAAA", "//79"}) {
    const auto bytes = from_base64(text);
    ASSERT_TRUE(bytes) << text;
    EXPECT_EQ(to_base64(*bytes), text);
  }
  EXPECT_EQ(from_base64("//79").value(), "\xff\xfe\xfd");
  for (const auto* text : {"A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA==AA==", "AA=A",
                           "AAA\n", "-_79", " AAA"})
    EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Note, ReadsAndChecksTheKnownExample) {
  const auto note = note_from_text(kNeumannsNote);
  ASSERT_TRUE(note) << note.error().message();
  EXPECT_EQ(to_text(*note), kNeumannsNote);
  const auto key = verifier_key_from(kNeumann);
  ASSERT_TRUE(key) << key.error().message();
  EXPECT_EQ(to_text(*key), kNeumann);
  const auto vouched = open_note(*note, std::span(&*key, 1));
  ASSERT_TRUE(vouched) << vouched.error().message();
  EXPECT_EQ(vouched->front().key.name, "PeterNeumann");
}

TEST(Note, WhatOneKeySignedNoOtherVouchesFor) {
  const Signer log("example.com/log", KeyKind::kLog);
  const Signer other("example.com/log", KeyKind::kLog);
  Note note{"text\n", {log.sign("text\n")}};
  const std::vector keys{log.key, other.key};
  EXPECT_TRUE(open_note(note, keys));
  EXPECT_FALSE(open_note(note, std::span(&other.key, 1)));
  note.text = "texT\n";
  EXPECT_FALSE(open_note(note, keys));
}

TEST(Note, UnknownLinesArePassedOverAndAWrongKnownOneIsNot) {
  const Signer log("log", KeyKind::kLog);
  const Signer witness("witness", KeyKind::kWitness);
  const Signer stranger("stranger", KeyKind::kLog);
  Note note{"text\n", {stranger.sign("else\n"), log.sign("text\n"), witness.sign("text\n", 1000)}};
  EXPECT_EQ(open_note(note, std::vector{log.key})->size(), 1U);
  const auto both = open_note(note, std::vector{log.key, witness.key});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->at(1).at, Seconds(std::chrono::seconds(1000)));
  note.signatures[2].bytes[3] = '\1';  // another time than it signed
  EXPECT_FALSE(open_note(note, std::vector{log.key, witness.key}));
  EXPECT_TRUE(open_note(note, std::vector{log.key}));
}

TEST(Note, AWitnessIsNoLogAndALogNoWitness) {
  const Signer log("one", KeyKind::kLog);
  VerifierKey as_witness = log.key;
  as_witness.kind = KeyKind::kWitness;
  EXPECT_NE(log.key.id(), as_witness.id());
  EXPECT_FALSE(open_note({"text\n", {log.sign("text\n")}}, std::span(&as_witness, 1)));
  EXPECT_FALSE(sign_note(new_note_key().value(), log.key, "text\n"));  // another private key
}

TEST(Note, MayHoldEmptyLinesAndSixteenSignatures) {
  const Signer log("log", KeyKind::kLog);
  const std::string text = "one\n\ntwo\n";
  Note note{text, {}};
  for (int i = 0; i < 16; ++i) {
    note.signatures.push_back(log.sign(text));
    note.signatures.back().name += i == 0 ? "" : std::to_string(i);
  }
  const auto again = note_from_text(to_text(note));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(*again, note);
  EXPECT_TRUE(open_note(*again, std::span(&log.key, 1)));
}

TEST(Note, RefusesWhatIsNone) {
  const std::string good(kNeumannsNote);
  const auto with = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string line = good.substr(good.find("— "));
  for (const auto& text :
       {std::string(), std::string("\n"), std::string("\n\n"), good.substr(0, good.size() - 1),
        good + "\n", good.substr(0, good.find("— ")), with("— ", "- "), with("— ", "—"),
        with(" x08", "  x08"), with("then", "th\ten"), with("then", "th\xc0\x80n"),
        with("\n\n", "\n"), with("PeterNeumann ", ""), with("PeterNeumann", "Peter+Neumann"),
        with("PeterNeumann", "Peter\xc2\xa0Neumann"), with("AM=", "AN="), with("AM=\n", "AM=\r\n"),
        good + line.substr(0, line.size() - 1) + " more\n"})
    EXPECT_FALSE(note_from_text(text)) << text;
  std::string many = good;
  for (std::size_t i = 0; i < kMaxNoteSignatures; ++i) many += line;
  EXPECT_EQ(note_from_text(many).error().code(), Code::kTooLarge);
  EXPECT_EQ(note_from_text(std::string(kMaxNoteBytes + 1, 'x')).error().code(), Code::kTooLarge);
}

TEST(VerifierKey, RefusesWhatIsMistyped) {
  const std::string good(kNeumann);
  ASSERT_TRUE(verifier_key_from(good + "\n"));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string text = good;
    text[i] = text[i] == 'a' ? 'b' : 'a';
    const auto key = verifier_key_from(text);
    EXPECT_FALSE(key) << text;
  }
  for (const auto* text : {"", "+", "++", "name+c74f20a3", "name++ARpc", "na me+00000000+AQ=="})
    EXPECT_FALSE(verifier_key_from(text)) << text;
}

TEST(NoteKey, OnlyEd25519Signs) {
  EXPECT_FALSE(verifier_key_of("-----BEGIN PRIVATE KEY-----\n", "name", KeyKind::kLog));
  EXPECT_FALSE(verifier_key_of(new_note_key().value(), "na me", KeyKind::kLog));
  EXPECT_FALSE(verifier_key_of(std::string(1U << 20U, 'x'), "name", KeyKind::kLog));
}

}  // namespace
}  // namespace assay::evidence
