#include "collector/main/doctor_ledger.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "collector/ledger/ledger.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

using Kind = Symptom::Kind;

// What may be late without being a sign of anything.
constexpr std::chrono::seconds kDelay = std::chrono::minutes(10);

std::string approximate(std::chrono::seconds time, Language language) {
  const auto hours = std::chrono::floor<std::chrono::hours>(time).count();
  if (hours >= 48)
    return fmt::format(fmt::runtime(Text{"{} days", "{} 天"}.in(language)), hours / 24);
  if (hours >= 1) return fmt::format(fmt::runtime(Text{"{} h", "{} 小時"}.in(language)), hours);
  return fmt::format(fmt::runtime(Text{"{} min", "{} 分鐘"}.in(language)), time.count() / 60);
}

Text approximate(std::chrono::seconds time) {
  return {approximate(time, Language::kEnglish), approximate(time, Language::kChinese)};
}

Symptom time_stamps_of(const Settings& settings, const std::string& state, Store& store,
                       evidence::Seconds now) {
  if (const auto authorities = stamp_authorities(settings, state); !authorities)
    return {"timestamps", Kind::kTrouble, authorities.error().text()};
  const auto since = unstamped_since(store);
  if (!since) return {"timestamps", Kind::kTrouble, since.error().text()};
  if (!*since)
    return {
        "timestamps", Kind::kGood, {"all of the ledger is time-stamped", "帳本內容均已有時戳涵蓋"}};
  const auto age = std::max(std::chrono::seconds(0), now - **since);
  const auto late = 2 * settings.timestamps.every + kDelay;
  return {
      "timestamps",
      age > late ? Kind::kWarning : Kind::kGood,
      {"entries of the ledger without a time stamp for " + approximate(age, Language::kEnglish) +
           (age > late ? ": the collector's log says why" : ""),
       "帳本有內容已 " + approximate(age, Language::kChinese) + "無時戳涵蓋" +
           (age > late ? "，原因請見收集伺服器的紀錄檔" : "")}};
}

// Of each witness that the settings name.
std::vector<Symptom> witnesses_of(const WitnessSettings& settings, Store& store,
                                  evidence::Seconds now) {
  const auto entries = store.ledger_entries(0, 1);
  const auto last = store.cosignatures();
  const auto troubles = store.witness_troubles();
  for (const auto* failed : {entries ? nullptr : &entries.error(), last ? nullptr : &last.error(),
                             troubles ? nullptr : &troubles.error()})
    if (failed != nullptr) return {{"witness", Kind::kTrouble, failed->text()}};
  std::vector<Symptom> all;
  for (const auto& witness : settings.witnesses) {
    const auto id = evidence::to_text(witness.key);
    const auto said = std::ranges::find(*last, id, &StoredCosignature::witness);
    const auto trouble = std::ranges::find(*troubles, id, &WitnessTrouble::witness);
    const auto began = said != last->end() ? said->at
                       : !entries->empty() ? entries->front().accepted
                                           : now;
    const auto age = std::max(std::chrono::seconds(0), now - began);
    Text text = said == last->end()
                    ? phrase({"{}: has not co-signed the ledger yet", "{}：尚未對帳本共同簽章"},
                             witness.key.name)
                    : phrase({"{}: co-signed {} entries {} ago", "{}：已對 {} 筆共同簽章，距今 {}"},
                             witness.key.name, said->size, approximate(age));
    const bool is_late = age > 2 * settings.every + kDelay;
    auto kind = is_late ? Kind::kWarning : Kind::kGood;
    if (trouble != troubles->end()) {
      kind = trouble->is_alarm ? Kind::kTrouble : Kind::kWarning;
      text = phrase({"{}; since {}: {}", "{}；自 {} 起：{}"}, text,
                    evidence::to_timestamp(trouble->since), trouble->what);
    } else if (is_late) {
      text = phrase({"{}: is a collector running?", "{}；收集伺服器是否執行中？"}, text);
    }
    all.push_back({"witness", kind, std::move(text)});
  }
  return all;
}

}  // namespace

std::vector<Symptom> examine_vouchers(const Settings& settings, const std::string& state,
                                      Store& store, evidence::Seconds now) {
  std::vector<Symptom> all;
  if (!settings.timestamps.url.empty()) all.push_back(time_stamps_of(settings, state, store, now));
  std::ranges::move(witnesses_of(settings.witnessing, store, now), std::back_inserter(all));
  return all;
}

}  // namespace assay::collector
