#include "agent/probes/linux/libraries/package_text.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(PackageTextTest, ShortTextStaysAsItIs) {
  EXPECT_EQ(shortened("A library"), "A library");
}

TEST(PackageTextTest, LongTextIsCutBetweenCharactersAndSaysSo) {
  std::string text(kMaxWordsBytes - 1, 'x');
  EXPECT_EQ(shortened(text + "試金石"), text + "…");
}

TEST(PackageTextTest, OfPeopleOnlyNamesAreKept) {
  EXPECT_EQ(names_of_people("Jo Doe <jo@example.org> (https://example.org)"), "Jo Doe");
  EXPECT_EQ(names_of_people("\"Doe\" <jo@example.org>, Al Roe <al@example.org>"), "Doe, Al Roe");
  EXPECT_EQ(names_of_people("jo@example.org"), "");
  EXPECT_EQ(names_of_people("<jo@example.org>"), "");
  EXPECT_EQ(names_of_people(""), "");
}

TEST(PackageTextTest, AUrlLosesWhoLogsIn) {
  EXPECT_EQ(without_user("https://jo:secret@example.org/a@b"), "https://example.org/a@b");
  EXPECT_EQ(without_user("git+ssh://jo@example.org"), "git+ssh://example.org");
  EXPECT_EQ(without_user("https://example.org/x?mail=a@b"), "https://example.org/x?mail=a@b");
  EXPECT_EQ(without_user("jo:secret@example.org/x"), "example.org/x");
}

}  // namespace
}  // namespace assay::agent
