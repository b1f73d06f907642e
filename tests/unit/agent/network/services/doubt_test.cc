// What a server leaves open stays open: a no to somebody else, silence and a busy server are no
// answer.
#include "tests/unit/agent/network/services/played.h"

namespace assay::agent::services {
namespace {

using std::string_literals::operator""s;

// The answer to SMB 2's negotiation: dialect 3.0.2, signing not required.
std::string smb2_answer() {
  const auto body = "\xFESMB"s + std::string(60, '\0') + "\x41\0\x01\0\x02\x03\0\0"s;
  return "\0\0\0"s + static_cast<char>(body.size()) + body;
}

// The question for SMB 1 alone, to a server of SMB 2.
std::unique_ptr<Dialogue> ask_for_smb1() {
  auto both = play("smb", {smb2_answer()});
  return play(both.dialogue->follow_up(), {smb2_answer()}).dialogue->follow_up();
}

TEST(ServiceDoubt, SilenceAboutSmb1IsNoRefusal) {
  auto asked = ask_for_smb1();
  EXPECT_EQ(asked->end({}, Last::kGivenUp), Turn::kForeign);
  EXPECT_EQ(asked->facts.smb1, std::nullopt);
  EXPECT_EQ(asked->follow_up(), nullptr);
}

TEST(ServiceDoubt, HangingUpOnSmb1RefusesItWhereSmb2IsStillAnswered) {
  auto asked = ask_for_smb1();
  EXPECT_EQ(asked->end({}, Last::kHungUp), Turn::kDone);
  EXPECT_EQ(asked->facts.smb1, std::nullopt);
  EXPECT_EQ(play(asked->follow_up(), {smb2_answer()}).facts.smb1, false);
  auto again = asked->follow_up();
  EXPECT_EQ(again->end({}, Last::kHungUp), Turn::kForeign);
  EXPECT_EQ(again->facts.smb1, std::nullopt);
}

}  // namespace
}  // namespace assay::agent::services
