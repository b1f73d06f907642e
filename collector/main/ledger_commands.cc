#include <fmt/core.h>

#include <nlohmann/json.hpp>

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
  ListPrinter list({"NUMBER", "ENTRIES", "AT", "STATE", "AUTHORITY"});
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
