#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "collector/content/installed_content.h"
#include "collector/main/commands.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "collector/main/terminal_text.h"

namespace assay::collector {
namespace {

const Text kInstalled{
    "Installed: {}, made {}, signed by {}.\n"
    "A collector that runs takes it up within a minute; see: assay-collector content show\n",
    "已安裝：{}，製作時間 {}，簽章者 {}。\n"
    "執行中的收集伺服器會在一分鐘內採用；請以 assay-collector content show 確認。\n"};
const Text kIsOld{
    "Its limit of {} days has passed on {}: checks that rest on its data are unknown.\n",
    "已超過 {} 天的有效期限（{}）：依據其資料的檢查將判定為 unknown。\n"};
const Text kRemoved{"Removed. The content that ships takes its place within a minute.\n",
                    "已移除。一分鐘內將改用隨附的檢查內容。\n"};

const Text kState{"State", "狀態"};
const Text kInForce{"in force", "生效中"};
const Text kLastGood{"last good content, because of the failure below",
                     "沿用最後一份正確的內容，原因見下方「失敗」"};
const Text kNotRunning{"no collector runs now; this is what the last one judged by",
                       "收集伺服器目前未執行；以下為最後一次執行時所採用者"};
const Text kDigest{"Digest", "摘要值"};
const Text kSince{"In force since", "生效時間"};
const Text kSource{"Source", "來源"};
const Text kKeptCopy{" (from the copy kept by the collector)", "（取自收集伺服器保留的副本）"};
const Text kTitle{"Bundle", "內容檔案"};
const Text kMade{"Made", "製作時間"};
const Text kAge{"{}, {} days old", "{}，已 {} 天"};
const Text kLimit{"Limit", "有效期限"};
const Text kGoodUntil{"{} days, until {}", "{} 天，至 {} 止"};
const Text kPast{"{} days, passed on {}: checks that rest on its data are unknown",
                 "{} 天，已於 {} 屆滿：依據其資料的檢查判定為 unknown"};
const Text kSigner{"Signer", "簽章者"};
const Text kSignedBy{"{}, certificate {}…, valid until {}", "{}，憑證 {}…，有效至 {}"};
const Text kChecks{"Checks", "檢查項目"};
const Text kOwn{"Own files", "自訂檔案"};
const Text kOldData{"Not judged by", "不據以判定"};
const Text kFailure{"Failure", "失敗"};
const Text kFailureSince{"{} (since {})", "{}（自 {} 起）"};

Result<ContentPlaces> places_of(const CommonOptions& common) {
  const auto settings = load_settings(common.state);
  if (!settings) return fail(settings.error());
  return ContentPlaces{common.state, settings->content, settings->content_trust};
}

class Printer {
 public:
  explicit Printer(Language language) : language_(language) {}

  void line(const Text& heading, const std::string& text) const {
    const auto& words = heading.in(language_);
    const auto width = width_of(words);
    fmt::print("{}{}{}\n", words, std::string(width < 16 ? 16 - width : 1, ' '), harmless(text));
  }
  template <typename... Parts>
  [[nodiscard]] std::string words(const Text& text, const Parts&... parts) const {
    return fmt::format(fmt::runtime(text.in(language_)), parts...);
  }

 private:
  Language language_;
};

void print_bundle(const Printer& out, const BundleFacts& bundle, evidence::Seconds now) {
  out.line(kTitle, bundle.title);
  out.line(kMade, out.words(kAge, bundle.created, age_days(bundle, now)));
  out.line(kLimit, out.words(is_past_limit(bundle, now) ? kPast : kGoodUntil, bundle.valid_days,
                             valid_until(bundle)));
  out.line(kSigner, out.words(kSignedBy, bundle.signer.file,
                              bundle.signer.fingerprint.substr(0, 12), bundle.signer.not_after));
}

void print(const ContentState& state, bool is_running, Language language) {
  const auto now = system_now();
  const Printer out(language);
  out.line(kState, state.failure ? out.words(kLastGood) : out.words(kInForce));
  if (!is_running) out.line({"", ""}, out.words(kNotRunning));
  out.line(kDigest, state.digest);
  out.line(kSince, state.loaded_since);
  out.line(kSource, state.origin.path + (state.is_kept ? out.words(kKeptCopy) : ""));
  if (state.origin.bundle) print_bundle(out, *state.origin.bundle, now);
  out.line(kChecks, std::to_string(state.checks));
  for (const auto& file : state.origin.own_files) out.line(kOwn, file);
  const auto json = to_json(state, now);
  for (const auto& reference : json["references"])
    if (!reference["unusable"].is_null())
      out.line(kOldData, reference["table"].get<std::string>() + ": " +
                             reference["unusable"].get<std::string>());
  if (state.failure)
    out.line(kFailure, out.words(kFailureSince, state.failure->text(), state.failure->since));
}

}  // namespace

Status run_content_install(const CommonOptions& common, const ContentInstallOptions& options) {
  const auto places = places_of(common);
  if (!places) return fail(places.error());
  const auto installed =
      install_content(*places, {options.file, options.may_be_older, system_now()});
  if (!installed) return fail(installed.error());
  const auto& bundle = installed->facts;
  const bool is_old = is_past_limit(bundle, system_now());
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["title"] = bundle.title;
    answer["created"] = bundle.created;
    answer["limit_days"] = bundle.valid_days;
    answer["is_past_limit"] = is_old;
    answer["signer"] = bundle.signer.file;
    answer["digest"] = installed->digest;
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return {};
  }
  const Printer out(common.language);
  fmt::print("{}", out.words(kInstalled, harmless(bundle.title), bundle.created,
                             harmless(bundle.signer.file)));
  if (is_old) fmt::print("{}", out.words(kIsOld, bundle.valid_days, valid_until(bundle)));
  return {};
}

Status run_content_remove(const CommonOptions& common) {
  const auto places = places_of(common);
  if (!places) return fail(places.error());
  if (auto removed = remove_content(*places); !removed) return removed;
  fmt::print("{}", kRemoved.in(common.language));
  return {};
}

Status run_content_show(const CommonOptions& common) {
  const auto places = places_of(common);
  if (!places) return fail(places.error());
  const auto state = told_state(*places);
  if (!state) return fail(state.error());
  const bool is_running = ServeLock::is_held(common.state);
  if (common.is_json) {
    auto answer = to_json(*state, system_now());
    answer["is_running"] = is_running;
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    print(*state, is_running, common.language);
  }
  return {};
}

}  // namespace assay::collector
