#include "collector/main/examination.h"

#include <fmt/core.h>

#include "collector/content/last_good.h"
#include "collector/ledger/ledger_key.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "collector/main/terminal_text.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

const Text kDamaged{"DAMAGED: {} ({})\n", "已毀損：{}（{}）\n"};

nlohmann::ordered_json json_of(const Text& text) {
  return {{"en", text.en}, {"zh-TW", text.zh_tw}};
}

// By what hosts were judged last: as the collector kept it, or as its files have it. nullptr when
// neither can be read; then nothing is judged again, which the counts say.
std::shared_ptr<const checks::Content> judged_by(const ContentPlaces& places) {
  if (auto kept = kept_content(places)) return std::move(kept->content);
  if (auto loaded = ContentSource(places).load()) return std::move(loaded->content);
  return nullptr;
}

}  // namespace

Result<FsckOptions> fsck_options(const std::string& state) {
  const auto folder = identity_folder(state);
  const auto authority = Authority::open(folder);
  if (!authority) return fail(authority.error());
  const auto key = read_ledger_verifier(folder);
  if (!key && key.error().code() == Code::kNotFound)
    return refuse(Code::kNotFound,
                  {"no ledger key in {}; serve once, and it is made",
                   "{} 中沒有帳本金鑰；啟動一次服務即會產生"},
                  folder);
  if (!key) return fail(key.error());
  const auto settings = load_settings(state);
  if (!settings) return fail(settings.error());
  auto authorities = stamp_authorities(*settings, state);
  if (!authorities) return fail(authorities.error());
  return FsckOptions{authority->ca_certificate(),
                     *key,
                     {},
                     std::move(*authorities),
                     judged_by({state, settings->content, settings->content_trust})};
}

Result<Examined> examine_store(Store& store, const FsckOptions& signers,
                               const CommonOptions& common) {
  Examined examined;
  auto options = signers;
  options.on_damage = [&](const Text& subject, const Text& detail) {
    if (common.is_json)
      examined.damaged.push_back({{"subject", json_of(subject)}, {"detail", json_of(detail)}});
    else
      fmt::print(fmt::runtime(kDamaged.in(common.language)), harmless(subject.in(common.language)),
                 harmless(detail.in(common.language)));
  };
  auto counts = fsck(store, options);
  if (!counts) return fail(counts.error());
  examined.counts = *counts;
  return examined;
}

Status Examined::verdict() const {
  if (counts.damaged == 0) return {};
  return refuse(Code::kInvalidData, {"{} damaged", "{} 項已毀損"}, counts.damaged);
}

}  // namespace assay::collector
