#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "collector/ledger/ledger_key.h"
#include "collector/main/commands.h"
#include "collector/main/list_printer.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

struct Judged {
  std::string state;  // "good", "bad", "not_checked"
  std::string authority;
};

Judged judge(const StoredTimeStamp& stamp, const std::string& authorities) {
  const auto read = evidence::read_time_stamp(stamp.token);
  if (!read) return {"bad", "-"};
  if (read->imprint != evidence::sha256(stamp.note)) return {"bad", read->authority};
  if (authorities.empty()) return {"not_checked", read->authority};
  const bool is_good =
      evidence::verify_time_stamp(stamp.token, read->imprint, authorities).has_value();
  return {is_good ? "good" : "bad", read->authority};
}

std::string words_of(const std::string& state, Language language) {
  if (state == "good") return Text{"good", "正確"}.in(language);
  if (state == "bad") return Text{"BAD", "錯誤"}.in(language);
  return Text{"not checked", "未查驗"}.in(language);
}

}  // namespace

Status run_ledger_timestamps(const CommonOptions& common) {
  const auto settings = load_settings(common.state);
  if (!settings) return fail(settings.error());
  const auto authorities = stamp_authorities(*settings, common.state);
  if (!authorities) return fail(authorities.error());
  auto store = open_store(common.state, false, false);
  if (!store) return fail(store.error());
  ListPrinter list({{"NUMBER", "編號"},
                    {"ENTRIES", "帳本筆數"},
                    {"AT", "時間"},
                    {"STATE", "狀態"},
                    {"AUTHORITY", "時戳機構"}},
                   common.language);
  const auto add = [&](const StoredTimeStamp& stamp) -> Status {
    const auto judged = judge(stamp, *authorities);
    nlohmann::ordered_json object;
    object["number"] = stamp.number;
    object["size"] = stamp.size;
    object["at"] = evidence::to_timestamp(stamp.at);
    object["state"] = judged.state;
    object["authority"] = judged.authority;
    list.add(std::move(object), {std::to_string(stamp.number), std::to_string(stamp.size),
                                 evidence::to_timestamp(stamp.at),
                                 words_of(judged.state, common.language), judged.authority});
    return {};
  };
  const auto read = [&](const PageRequest& page) { return (*store)->time_stamps(page); };
  if (auto done = for_every(read, add); !done) return done;
  list.print(common.is_json);
  return {};
}

Status run_ledger_witnesses(const CommonOptions& common) {
  const auto settings = load_settings(common.state);
  if (!settings) return fail(settings.error());
  auto store = open_store(common.state, false, false);
  if (!store) return fail(store.error());
  const auto all = (*store)->cosignatures();
  if (!all) return fail(all.error());
  const auto troubles = (*store)->witness_troubles();
  if (!troubles) return fail(troubles.error());
  std::set<std::string> known;
  for (const auto& witness : settings->witnessing.witnesses)
    known.insert(evidence::to_text(witness.key));
  ListPrinter list({{"WITNESS", "見證者"},
                    {"ASKED", "使用中"},
                    {"ENTRIES", "帳本筆數"},
                    {"CO-SIGNED AT", "共同簽章時間"},
                    {"TROUBLE", "異常"}},
                   common.language);
  auto names = known;
  for (const auto& cosignature : *all) names.insert(cosignature.witness);
  for (const auto& name : names) {
    const bool is_asked = known.contains(name);
    const auto said = std::ranges::find(*all, name, &StoredCosignature::witness);
    const auto trouble = std::ranges::find(*troubles, name, &WitnessTrouble::witness);
    const bool has_said = said != all->end();
    const bool is_troubled = is_asked && trouble != troubles->end();
    const auto at = has_said ? evidence::to_timestamp(said->at) : std::string();
    const auto what = is_troubled ? trouble->what.in(common.language) : std::string();
    nlohmann::ordered_json object;
    object["witness"] = name;
    object["asked"] = is_asked;
    object["size"] = has_said ? nlohmann::ordered_json(said->size) : nullptr;
    object["at"] = has_said ? nlohmann::ordered_json(at) : nullptr;
    object["trouble"] = is_troubled ? nlohmann::ordered_json(what) : nullptr;
    object["alarm"] = is_troubled && trouble->is_alarm;
    list.add(std::move(object),
             {name.substr(0, name.find('+')),
              (is_asked ? Text{"yes", "是"} : Text{"no more", "已停用"}).in(common.language),
              has_said ? std::to_string(said->size) : "-", has_said ? at : "-",
              is_troubled ? what : "-"});
  }
  list.print(common.is_json);
  return {};
}

Status run_ledger_key(const CommonOptions& common) {
  const auto key = read_ledger_verifier(identity_folder(common.state));
  if (!key && key.error().code() == Code::kNotFound)
    return refuse(Code::kNotFound,
                  {"no ledger key in {}; it is made by init, or when the collector is served next",
                   "{} 中沒有帳本金鑰；init 或下次啟動服務時會產生"},
                  common.state);
  if (!key) return fail(key.error());
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["key"] = evidence::to_text(*key);
    answer["origin"] = key->name;
    fmt::print("{}\n", answer.dump(2));
  } else {
    fmt::print("{}\n", evidence::to_text(*key));
  }
  return {};
}

}  // namespace assay::collector
