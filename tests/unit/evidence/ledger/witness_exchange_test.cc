// What is said to a witness, and what is believed of its answer.
#include "evidence/ledger/witness_exchange.h"

#include <gtest/gtest.h>

#include "evidence/ledger/checkpoint.h"
#include "tests/unit/evidence/ledger/note_signer.h"

namespace assay::evidence {
namespace {

constexpr Seconds kWhen{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)};

class WitnessExchange : public testing::Test {
 protected:
  [[nodiscard]] std::string code_for(const std::string& answer) const {
    const auto found = cosignature_in(answer, note_, witness_.key);
    return found ? "none" : std::string(name_of(found.error().code()));
  }

  NoteSigner log_{"example.com/log", KeyKind::kLog};
  NoteSigner witness_{"witness.example/w1"};
  std::string text_ = to_text(Checkpoint{"example.com/log", {3, sha256("root")}, {}});
  std::string note_ = text_ + "\n" + log_.line(text_);
};

TEST_F(WitnessExchange, ARequestIsWrittenAsTheProtocolHasIt) {
  EXPECT_EQ(add_checkpoint_request(0, {}, note_), "old 0\n\n" + note_);
  const std::vector<Digest> proof = {sha256(""), sha256("a")};
  EXPECT_EQ(add_checkpoint_request(2, proof, note_),
            "old 2\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
            "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=\n\n" +
                note_);
}

TEST_F(WitnessExchange, ItsOwnLineIsTaken) {
  const auto line = witness_.line(text_, kWhen);
  const auto found = cosignature_in(line, note_, witness_.key);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(to_text(found->line), line);
  EXPECT_EQ(found->at, kWhen);
}

TEST_F(WitnessExchange, LinesOfOthersArePassedOver) {
  const NoteSigner other("witness.example/w2");
  const NoteSigner namesake(witness_.key.name);
  const auto found = cosignature_in(
      other.line(text_, kWhen) + namesake.line(text_, kWhen) + witness_.line(text_, kWhen), note_,
      witness_.key);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->line.key_id, witness_.key.id());
  EXPECT_EQ(code_for(other.line(text_, kWhen)), "unauthenticated");
  EXPECT_EQ(code_for(namesake.line(text_, kWhen)), "unauthenticated");
}

TEST_F(WitnessExchange, WhatIsNoCosignatureOfThisCheckpointIsRefused) {
  EXPECT_EQ(code_for(""), "invalid_data");
  EXPECT_EQ(code_for("<html>\n"), "invalid_data");
  EXPECT_EQ(code_for("\n" + witness_.line(text_, kWhen)), "invalid_data");
  EXPECT_EQ(code_for("more\n\n" + witness_.line("more\n", kWhen)), "invalid_data");
  EXPECT_EQ(code_for(witness_.line(text_, kWhen) + "\n"), "invalid_data");
  EXPECT_EQ(code_for(witness_.line(text_ + "more\n", kWhen)), "unauthenticated");
  EXPECT_EQ(code_for(witness_.line(text_, kWhen) + witness_.line("other\n", kWhen)),
            "unauthenticated");
  EXPECT_EQ(code_for(witness_.line(text_, Seconds{})), "unauthenticated") << "without a time";
  EXPECT_EQ(code_for(std::string(kMaxWitnessAnswerBytes + 1, 'x')), "too_large");
  std::string many;
  for (int i = 0; i < 40; ++i) many += witness_.line(text_, kWhen);
  EXPECT_EQ(code_for(many), "invalid_data") << "or more than a note may have";
}

TEST_F(WitnessExchange, AKeyOfALogIsNoWitness) {
  const NoteSigner as_log(witness_.key.name, KeyKind::kLog);
  EXPECT_FALSE(cosignature_in(as_log.line(text_), note_, as_log.key));
}

TEST_F(WitnessExchange, EveryAlteredByteIsFound) {
  const auto good = witness_.line(text_, kWhen);
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_NE(code_for(altered), "none") << i;
  }
}

TEST(TreeSizeIn, IsADecimalNumberAndNothingElse) {
  EXPECT_EQ(tree_size_in("0\n").value(), 0);
  EXPECT_EQ(tree_size_in("20852014\n").value(), 20'852'014);
  EXPECT_EQ(tree_size_in("7").value(), 7);
  for (const auto* text : {"", "\n", "-1\n", "01\n", "+1\n", " 1\n", "1 \n", "1\n\n", "1\r\n", "x",
                           "9223372036854775807\n", "99999999999999999999\n"}) {
    ASSERT_FALSE(tree_size_in(text)) << text;
    EXPECT_EQ(tree_size_in(text).error().code(), Code::kInvalidData);
  }
}

TEST_F(WitnessExchange, ACheckpointTakesFurtherLinesOnce) {
  const auto line = note_signature_from(witness_.line(text_, kWhen)).value();
  const auto once = with_cosignatures(note_, std::vector{line}).value();
  EXPECT_EQ(once, note_ + witness_.line(text_, kWhen));
  EXPECT_EQ(with_cosignatures(once, std::vector{line}).value(), once);
  const auto opened =
      open_checkpoint(once, log_.key, "example.com/log", std::vector{witness_.key}).value();
  ASSERT_EQ(opened.witnesses.size(), 1U);
  EXPECT_EQ(opened.witnesses[0].at, kWhen);
  EXPECT_FALSE(with_cosignatures("no note", std::vector{line}));
  std::vector<NoteSignature> many;
  for (int i = 0; i < 40; ++i) many.push_back({"x", "1234", std::to_string(i)});
  EXPECT_FALSE(with_cosignatures(note_, many));
}

TEST_F(WitnessExchange, ALineIsReadAsItIsWritten) {
  const auto text = witness_.line(text_, kWhen);
  EXPECT_EQ(to_text(note_signature_from(text).value()), text);
  for (const auto& bad : {text.substr(0, text.size() - 1), text + "x", text + text, "\n" + text,
                          std::string("\n"), std::string()})
    EXPECT_FALSE(note_signature_from(bad)) << bad;
}

}  // namespace
}  // namespace assay::evidence
