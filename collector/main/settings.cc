#include "collector/main/settings.h"

#include <algorithm>
#include <filesystem>

#include "assay/v1/limits.pb.h"
#include "checks/yaml/strict_yaml.h"
#include "collector/content/read_whole.h"
#include "collector/http/http_url.h"
#include "collector/main/commands.h"
#include "collector/main/store_name.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

namespace yaml = checks::yaml;

void read_text(yaml::Mapping& mapping, std::string_view key, std::string* out) {
  if (const auto value = mapping.optional(key)) *out = value->text();
}

void read_agents(const yaml::Value& value, AgentSettings* agents) {
  if (value.is_null()) return;  // its lines are all commented out
  yaml::Mapping mapping(value);
  if (const auto interval = mapping.optional("scan_interval_seconds")) {
    agents->scan_interval_seconds = interval->integer();
    if (agents->scan_interval_seconds < v1::LIMIT_SCAN_INTERVAL_MIN_SECONDS ||
        agents->scan_interval_seconds > v1::LIMIT_SCAN_INTERVAL_MAX_SECONDS)
      interval->complain("from 300 (five minutes) to 604800 (a week)");
  }
  if (const auto profile = mapping.optional("profile")) {
    agents->profile = profile->text();
    if (agents->profile != "server" && agents->profile != "pc")
      profile->complain("server or pc; leave it out to let each agent choose");
  }
}

void read_quotas(const yaml::Value& value, QuotaLimits* quotas) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  if (const auto snapshots = mapping.optional("snapshots_per_minute")) {
    quotas->snapshots_per_minute = snapshots->integer();
    if (quotas->snapshots_per_minute < 1 || quotas->snapshots_per_minute > 100'000)
      snapshots->complain("from 1 to 100000");
  }
  if (const auto megabytes = mapping.optional("megabytes_per_day")) {
    const auto limit = megabytes->integer();
    if (limit < 1 || limit > 1'000'000) megabytes->complain("from 1 to 1000000");
    quotas->bytes_per_day = std::clamp<std::int64_t>(limit, 1, 1'000'000) * 1'000'000;
  }
}

std::chrono::years read_years(const yaml::Value& value) {
  const auto years = value.integer();
  if (years < 1 || years > kLongestRetention.count()) value.complain("from 1 to 100 years");
  return std::chrono::years(std::clamp<std::int64_t>(years, 1, kLongestRetention.count()));
}

void read_retention(const yaml::Value& value, RetentionTerms* terms) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  if (const auto years = mapping.optional("years")) terms->years = read_years(*years);
  const auto frameworks = mapping.optional("frameworks");
  if (!frameworks || frameworks->is_null()) return;
  yaml::Mapping longer(*frameworks);
  for (const auto& [framework, years] : longer.entries()) {
    const auto its = read_years(years);
    // What is common to all of them is kept for the longest that one asks for.
    if (its < terms->years) years.complain("not less than for all frameworks (retention.years)");
    terms->longer.emplace(framework, its);
  }
}

constexpr std::chrono::seconds kLongestEvery = std::chrono::days(7);

void read_every(yaml::Mapping& mapping, std::string_view key, std::chrono::seconds* out) {
  const auto every = mapping.optional(key);
  if (!every) return;
  const auto time = parse_duration(every->text());
  if (!time)
    every->complain(time.error().text());
  else if (*time > kLongestEvery)
    every->complain(phrase({"7d at the most", "最長為「7d」（七天）"}));
  else
    *out = *time;
}

void read_timestamps(const yaml::Value& value, TimeStampSettings* timestamps) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  if (const auto url = mapping.required("url")) {
    timestamps->url = url->text();
    if (const auto sound = http_url_from(timestamps->url); !sound)
      url->complain(sound.error().text());
  }
  if (const auto ca = mapping.required("ca")) {
    timestamps->ca = ca->text();
    if (timestamps->ca.empty())
      ca->complain(phrase({"the file with the certificates of the time-stamp authority",
                           "請填時戳機構憑證的檔案路徑"}));
  }
  read_every(mapping, "every", &timestamps->every);
}

Witness read_witness(const yaml::Value& value) {
  yaml::Mapping mapping(value);
  Witness witness;
  if (const auto url = mapping.required("url")) {
    auto parsed = http_url_from(url->text());
    if (!parsed)
      url->complain(parsed.error().text());
    else if (parsed->target.find('?') != std::string::npos)
      url->complain(phrase({"without a query: add-checkpoint comes behind it",
                            "不可含查詢字串；其後會接上 add-checkpoint"}));
    else
      witness.url = std::move(*parsed);
  }
  if (const auto text = mapping.required("key")) {
    auto key = evidence::verifier_key_from(text->text());
    if (key && key->kind == evidence::KeyKind::kWitness)
      witness.key = std::move(*key);
    else
      text->complain(phrase(
          {"the public key of a witness (Ed25519, cosignature/v1): {}",
           "請填見證者的公鑰（Ed25519、cosignature/v1）：「{}」"},
          key ? phrase({"this is the key of a log", "這是帳本的公鑰"}) : key.error().text()));
  }
  return witness;
}

void read_witnesses(const yaml::Value& value, std::vector<Witness>* witnesses) {
  if (value.is_null()) return;
  for (const auto& item : value.items()) {
    auto witness = read_witness(item);
    if (std::ranges::any_of(*witnesses, [&](const Witness& other) {
          return !witness.key.name.empty() && other.key.name == witness.key.name;
        }))
      item.complain(phrase({"this witness is named twice", "重複列出同一個見證者"}));
    witnesses->push_back(std::move(witness));
  }
  if (witnesses->size() > kMaxWitnesses)
    value.complain(phrase({"16 witnesses at the most", "見證者最多 16 個"}));
}

void read_ledger(const yaml::Value& value, Settings* settings) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  if (const auto inner = mapping.optional("timestamps"))
    read_timestamps(*inner, &settings->timestamps);
  if (const auto inner = mapping.optional("witnesses"))
    read_witnesses(*inner, &settings->witnessing.witnesses);
  read_every(mapping, "witness_every", &settings->witnessing.every);
}

void read_reports(const yaml::Value& value, bool* is_weekly) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  if (const auto weekly = mapping.optional("weekly")) *is_weekly = weekly->boolean();
}

void read_log(const yaml::Value& value, LogFormat* format) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  const auto word = mapping.optional("format");
  if (!word) return;
  if (word->text() == "json")
    *format = LogFormat::kJson;
  else if (word->text() != "text")
    word->complain(phrase({"text or json", "請填 text 或 json"}));
}

std::string known_words() {
  std::string out;
  for (const auto& kind : checks::known_kinds())
    out += (out.empty() ? "" : ", ") + std::string(kind.name);
  return out;
}

void read_organisation(const yaml::Value& value, checks::Organisation* organisation) {
  if (value.is_null()) return;
  yaml::Mapping mapping(value);
  if (const auto grade = mapping.optional("grade")) {
    organisation->grade = grade->text();
    if (std::ranges::find(checks::known_grades(), *organisation->grade) ==
        checks::known_grades().end())
      grade->complain(phrase({"the grade of responsibility by the act: A, B, C, D or E",
                              "請填資通安全責任等級：A、B、C、D 或 E"}));
  }
  if (const auto kinds = mapping.optional("kinds"); kinds && !kinds->is_null()) {
    organisation->kinds.emplace();
    for (const auto& kind : kinds->items()) {
      organisation->kinds->push_back(kind.text());
      if (std::ranges::find(checks::known_kinds(), kind.text(), &checks::KnownWord::name) ==
          checks::known_kinds().end())
        kind.complain(phrase(
            {"no such kind of organisation; there are: {}", "沒有這種組織類別；可用的有：{}"},
            known_words()));
    }
  }
}

}  // namespace

Result<Settings> parse_settings(std::string_view text, std::string_view file) {
  Settings settings;
  yaml::Problems problems;
  const auto document = yaml::parse(text, file, &problems);
  if (document && !document->is_null()) {
    yaml::Mapping mapping(*document);
    if (const auto store = mapping.optional("store")) {
      settings.store = store->text();
      if (const auto sound = check_store_name(settings.store); !sound)
        store->complain(sound.error().message());
    }
    read_text(mapping, "listen", &settings.listen);
    read_text(mapping, "api_listen", &settings.api_listen);
    read_text(mapping, "content", &settings.content);
    read_text(mapping, "content_trust", &settings.content_trust);
    if (const auto days = mapping.optional("stale_after_days")) {
      settings.stale_after = std::chrono::days(days->integer());
      if (days->integer() < 1 || days->integer() > 366) days->complain("from 1 to 366");
    }
    if (const auto organisation = mapping.optional("organisation"))
      read_organisation(*organisation, &settings.organisation);
    if (const auto agents = mapping.optional("agents")) read_agents(*agents, &settings.agents);
    if (const auto quotas = mapping.optional("quotas")) read_quotas(*quotas, &settings.quotas);
    if (const auto terms = mapping.optional("retention"))
      read_retention(*terms, &settings.retention);
    if (const auto ledger = mapping.optional("ledger")) read_ledger(*ledger, &settings);
    if (const auto reports = mapping.optional("reports"))
      read_reports(*reports, &settings.has_weekly_reports);
    if (const auto log = mapping.optional("log")) read_log(*log, &settings.log_format);
  }
  if (!problems.empty()) return fail(problems.to_error());
  return settings;
}

Result<Settings> load_settings(const std::string& state) {
  const std::string path = state + "/collector.yaml";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return Settings{};
  const auto text = read_whole(path, yaml::kMaxFileBytes);
  if (!text) return refuse(Code::kConfiguration, {"cannot read {}", "無法讀取 {}"}, path);
  return parse_settings(*text, path);
}

std::vector<std::string_view> changed_at_start(const Settings& before, const Settings& now) {
  std::vector<std::string_view> changed;
  const auto look = [&](std::string_view name, bool is_same) {
    if (!is_same) changed.push_back(name);
  };
  look("store", before.store == now.store);
  look("listen", before.listen == now.listen);
  look("api_listen", before.api_listen == now.api_listen);
  look("content", before.content == now.content);
  look("content_trust", before.content_trust == now.content_trust);
  const auto& stamps = before.timestamps;
  look("ledger.timestamps", stamps.url == now.timestamps.url && stamps.ca == now.timestamps.ca &&
                                stamps.every == now.timestamps.every);
  const auto same_witness = [](const Witness& one, const Witness& other) {
    return one.key == other.key && one.url == other.url;
  };
  look("ledger.witnesses",
       before.witnessing.every == now.witnessing.every &&
           std::ranges::equal(before.witnessing.witnesses, now.witnessing.witnesses, same_witness));
  look("reports", before.has_weekly_reports == now.has_weekly_reports);
  look("log", before.log_format == now.log_format);
  return changed;
}

Result<std::string> stamp_authorities(const Settings& settings, const std::string& state) {
  if (settings.timestamps.url.empty()) return std::string();
  const auto path = (std::filesystem::path(state) / settings.timestamps.ca).string();
  auto pem = read_whole(path, evidence::kMaxStampAuthoritiesBytes);
  if (!pem)
    return refuse(Code::kConfiguration, {"ledger.timestamps.ca: {}", "ledger.timestamps.ca：{}"},
                  pem.error().text());
  if (const auto sound = evidence::check_stamp_authorities(*pem); !sound)
    return refuse(Code::kConfiguration,
                  {"ledger.timestamps.ca: {}: {}", "ledger.timestamps.ca：「{}」{}"}, path,
                  sound.error().text());
  return pem;
}

}  // namespace assay::collector
