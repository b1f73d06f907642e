// The canonical form of an act, and its entry in the ledger.
#include "evidence/ledger/act.h"

#include <gtest/gtest.h>

#include "evidence/ledger/entry.h"

namespace assay::evidence {
namespace {

const Seconds kAt{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};

Act sample() {
  return {7,
          "pack_made",
          "3",
          kAt,
          "t1",
          "林 \"Lin\"",
          {{"framework", std::string("idb-isp")}, {"as_of", std::int64_t{12}}, {"since", kNull}}};
}

TEST(Act, HasOneForm) {
  EXPECT_EQ(to_text(sample()),
            "{\"assay\":\"act/1\",\"number\":7,\"kind\":\"pack_made\",\"record\":\"3\",\"at\":"
            "\"2026-11-21T00:00:00Z\",\"token\":\"t1\",\"name\":\"林 \\\"Lin\\\"\",\"details\":{"
            "\"framework\":\"idb-isp\",\"as_of\":12,\"since\":null}}\n");
  EXPECT_EQ(act_from(to_text(sample())).value(), sample());
}

TEST(Act, AnythingElseIsRefused) {
  const auto good = to_text(sample());
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(act_from(good.substr(0, i))) << i;
    auto spaced = good;
    spaced.insert(i, " ");
    const auto read = act_from(spaced);
    EXPECT_TRUE(!read || to_text(*read) == spaced) << "a space in a text";
  }
}

TEST(Act, ALongDetailIsNamedByItsDigest) {
  auto act = sample();
  act.details = {{"note", std::string(kMaxDetailBytes + 1, 'x')}};
  const auto text = to_text(act);
  EXPECT_EQ(act_from(text)->detail("note"),
            Value("sha256:" + sha256(std::string(kMaxDetailBytes + 1, 'x')).hex()));
  EXPECT_EQ(act_from(text)->detail("other"), Value(kNull));
}

TEST(ActEntry, IsALineOfItsOwn) {
  const LedgerEntry entry{sha256("act"), {}, 7, kAt};
  const auto text = to_text(entry);
  EXPECT_EQ(text, "{\"assay\":\"ledger-act/1\",\"act\":\"" + sha256("act").hex() +
                      "\",\"number\":7,\"at\":\"2026-11-21T00:00:00Z\"}\n");
  EXPECT_EQ(ledger_entry_from(text).value(), entry);
  EXPECT_TRUE(ledger_entry_from(text)->is_act());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    const auto read = ledger_entry_from(other);
    EXPECT_TRUE(!read || to_text(*read) == other) << i;
    EXPECT_FALSE(ledger_entry_from(text.substr(0, i)));
  }
  EXPECT_FALSE(ledger_entry_from(to_text(LedgerEntry{sha256("act"), {}, 0, kAt})));
}

}  // namespace
}  // namespace assay::evidence
