// The shipped catalogues against the documents: tests/fixtures/catalogues/*.ids list the entries of
// each, as they were counted in the document, with what it says of when and to whom.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "checks/engine/content.h"
#include "tests/unit/source_file.h"

namespace assay::checks {
namespace {

using Entries = std::map<std::string, std::string>;  // id → facts

const Content& shipped() {
  static const Content kContent = [] {
    auto content = compile_content({source_file("checks")});
    if (!content) throw std::runtime_error(content.error().message());
    return std::move(*content);
  }();
  return kContent;
}

Entries entries_of_document(const std::string& framework) {
  Entries entries;
  std::ifstream in(source_file("tests/fixtures/catalogues/" + framework + ".ids"));
  EXPECT_TRUE(in) << framework << ": no list of its document's entries";
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto tab = line.find('\t');
    const auto facts = tab == std::string::npos ? "" : line.substr(tab + 1);
    EXPECT_TRUE(entries.emplace(line.substr(0, tab), facts).second) << line << " is there twice";
  }
  return entries;
}

void note(std::string* out, const std::string& fact) {
  if (!out->empty()) out->push_back(' ');
  out->append(fact);
}

void note_list(std::string* out, const std::string& name, const std::vector<std::string>& words) {
  std::string list;
  for (const auto& word : words) list.append(list.empty() ? name + "=" : ",").append(word);
  if (!list.empty()) note(out, list);
}

std::string facts_of(const Control& control) {
  std::string out;
  if (!control.frequency.empty()) note(&out, "frequency=" + control.frequency);
  note_list(&out, "grades", control.applies_to.grades);
  note_list(&out, "kinds", control.applies_to.kinds);
  note_list(&out, "profiles", control.applies_to.profiles);
  if (control.applies_to.is_core_only) note(&out, "core_only");
  if (control.applies_to.is_by_grade) note(&out, "by_grade");
  if (control.applies_to.is_advanced) note(&out, "advanced");
  if (!control.applies_to.basis.en.empty()) note(&out, "basis");
  if (!control.effective.empty()) note(&out, "effective=" + control.effective);
  return out;
}

// Which checks decide a control, be it in part; which only support it.
struct Feeders {
  std::set<std::string> deciding;
  std::set<std::string> supporting;
};

Feeders feeders_of(const Framework& framework, const Control& control) {
  Feeders feeders;
  for (const auto& check : shipped().checks)
    for (const auto& mapping : check.mappings)
      if (mapping.framework == framework.id && mapping.control == control.id)
        (mapping.proves == Proves::kSupporting ? feeders.supporting : feeders.deciding)
            .insert(check.id);
  return feeders;
}

TEST(Catalogues, AreTheFiveGuidelines) {
  std::vector<std::string> ids;
  for (const auto& framework : shipped().frameworks) ids.push_back(framework.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"csma-plan", "idb-isp", "iso-27002", "twse-listed",
                                           "twse-securities"}));
}

TEST(Catalogues, HaveEveryEntryOfTheirDocumentAndNoOther) {
  for (const auto& framework : shipped().frameworks) {
    const auto expected = entries_of_document(framework.id);
    EXPECT_FALSE(expected.empty()) << framework.id;
    for (const auto& [id, facts] : expected)
      EXPECT_NE(framework.find(id), nullptr) << framework.id << " lacks " << id;
    for (const auto& control : framework.controls)
      EXPECT_TRUE(expected.contains(control.id))
          << framework.id << " has " << control.id << ", which the document has not";
    EXPECT_EQ(framework.controls_in_document, static_cast<std::int64_t>(expected.size()))
        << framework.id;
  }
}

TEST(Catalogues, SayWhenAndToWhomAsTheDocumentDoes) {
  for (const auto& framework : shipped().frameworks)
    for (const auto& [id, facts] : entries_of_document(framework.id)) {
      const auto* control = framework.find(id);
      ASSERT_NE(control, nullptr) << framework.id << " lacks " << id;
      EXPECT_EQ(facts_of(*control), facts) << framework.id << " " << id;
    }
}

// The other documents say neither when they were published nor from when they hold.
TEST(Catalogues, AreInForceSinceTheDayOfTheirEdition) {
  const std::map<std::string, std::string> known = {
      {"idb-isp", "2021-12-31"}, {"iso-27002", "2022-02-15"}, {"twse-listed", "2021-12-23"}};
  for (const auto& framework : shipped().frameworks) {
    const auto day = known.find(framework.id);
    EXPECT_EQ(framework.effective, day == known.end() ? "" : day->second) << framework.id;
  }
}

TEST(Catalogues, Article3OfTheListedCompaniesNamesADayForEachGradeThatMust) {
  const auto* article = shipped().framework("twse-listed")->find("3");
  ASSERT_NE(article, nullptr);
  ASSERT_EQ(article->deadlines.size(), 2U);
  EXPECT_EQ(article->deadlines[0].by, "2022-12-31");
  EXPECT_EQ(article->deadlines[1].by, "2023-12-31");
}

// Of a figure that documents fix: whether a larger or a smaller one asks for more.
const std::map<std::string, bool>& larger_is_stricter() {
  static const std::map<std::string, bool> kLarger = {
      {"history", true},       {"lockout_deny", false}, {"lockout_time", true},
      {"log_retention", true}, {"max_age", false},      {"min_classes", true},
      {"minlen", true},        {"idle_lock", false},    {"register_max_age", false},
      {"scan_max_age", false}};
  return kLarger;
}

// The strictest figure that a document fixes; none when none does.
std::optional<std::int64_t> strictest(const std::string& profile, const std::string& name) {
  std::optional<std::int64_t> found;
  for (const auto& framework : shipped().frameworks) {
    const auto figures = framework.parameters.find(profile);
    if (figures == framework.parameters.end() || !figures->second.contains(name)) continue;
    const auto* figure = std::get_if<std::int64_t>(&figures->second.at(name).value);
    if (figure == nullptr) continue;  // the document does not ask
    const auto direction = larger_is_stricter().find(name);
    if (direction == larger_is_stricter().end()) {
      ADD_FAILURE() << name << ": is a larger or a smaller figure the stricter one?";
      return std::nullopt;
    }
    if (!found || (*figure > *found) == direction->second) found = *figure;
  }
  return found;
}

TEST(Catalogues, Iso27002TakesTheStrictestOfTheOthers) {
  const auto* iso = shipped().framework("iso-27002");
  ASSERT_NE(iso, nullptr);
  EXPECT_TRUE(iso->parameters.empty()) << "the standard fixes no figures";
  int compared = 0;
  for (const auto& spec : shipped().parameters)
    for (const std::string profile : {"server", "pc"}) {
      const auto figure = strictest(profile, spec.name);
      // Of scans twse-securities says "regularly" in an item of every month, which is stricter.
      if (!figure || spec.name == "scan_max_age") continue;
      ++compared;
      EXPECT_EQ(evidence::to_text(shipped().parameter(iso, profile, spec.name).value),
                std::to_string(*figure))
          << spec.name << " of a " << profile;
    }
  EXPECT_EQ(compared, 18);
}

TEST(Catalogues, EachEntryHasACheckOrSaysWhyNot) {
  for (const auto& framework : shipped().frameworks)
    for (const auto& control : framework.controls) {
      const auto feeders = feeders_of(framework, control);
      EXPECT_FALSE(feeders.deciding.empty() && feeders.supporting.empty() &&
                   control.not_mapped.en.empty())
          << framework.id << " " << control.id << ": neither a check nor a reason (not_mapped)";
    }
}

TEST(Catalogues, NoEntryDeniesTheChecksThatDecideIt) {
  for (const auto& framework : shipped().frameworks)
    for (const auto& control : framework.controls) {
      const auto deciding = feeders_of(framework, control).deciding;
      if (deciding.empty()) continue;
      EXPECT_EQ(control.not_mapped.en, "")
          << framework.id << " " << control.id << " is decided by " << *deciding.begin()
          << " and others: take its not_mapped away";
      EXPECT_NE(control.mode, Control::Mode::kManual)
          << framework.id << " " << control.id << " is manual, and " << *deciding.begin()
          << " decides it";
    }
}

// The opposite: part of the entry is said to be seen, so something has to look.
TEST(Catalogues, NoEntryClaimsAPartThatNoCheckSees) {
  for (const auto& framework : shipped().frameworks)
    for (const auto& control : framework.controls) {
      if (control.mode == Control::Mode::kManual) continue;
      const auto feeders = feeders_of(framework, control);
      EXPECT_FALSE(feeders.deciding.empty() && feeders.supporting.empty())
          << framework.id << " " << control.id << " is " << name_of(control.mode)
          << ", and no check is mapped to it";
      EXPECT_FALSE(control.mode == Control::Mode::kAutomated && feeders.deciding.empty())
          << framework.id << " " << control.id << " is automated, and no check decides it";
    }
}

TEST(Catalogues, AReasonIsGivenWhereItIsTrueAndNotPasted) {
  constexpr std::size_t kMostThatShareAReason = 4;
  for (const auto& framework : shipped().frameworks) {
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const auto& control : framework.controls)
      if (!control.not_mapped.en.empty()) by_reason[control.not_mapped.en].push_back(control.id);
    for (const auto& [reason, ids] : by_reason)
      EXPECT_LE(ids.size(), kMostThatShareAReason)
          << framework.id << " " << ids.front() << " and others: " << reason;
  }
}

TEST(Catalogues, TellTheirEntriesApart) {
  for (const auto& framework : shipped().frameworks) {
    std::set<std::string> gists;
    std::set<std::string> places;
    for (const auto& control : framework.controls) {
      EXPECT_TRUE(gists.insert(control.gist.zh_tw).second)
          << framework.id << " " << control.id << " has another entry's gist";
      EXPECT_TRUE(places.insert(control.location.zh_tw).second)
          << framework.id << " " << control.id << " stands at another entry's place";
    }
  }
}

}  // namespace
}  // namespace assay::checks
