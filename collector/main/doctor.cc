#include "collector/main/doctor.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <map>

#include "collector/content/installed_content.h"
#include "collector/identity/authority.h"
#include "collector/main/doctor_database.h"
#include "collector/main/doctor_ledger.h"
#include "collector/main/doctor_service.h"
#include "collector/main/settings.h"
#include "collector/main/state.h"
#include "collector/main/store_name.h"
#include "collector/store/sqlite/copy.h"
#include "evidence/signature.h"

namespace assay::collector {

namespace {

using Kind = Symptom::Kind;

constexpr std::int64_t kGib = std::int64_t{1} << 30U;
constexpr std::int64_t kFewBytes = kGib;  // a day or two of a middling fleet
constexpr std::int64_t kTooFewBytes = 100 * (kGib >> 10U);
constexpr std::chrono::days kCaWarning{180};
constexpr std::chrono::days kRecent{7};
constexpr std::chrono::seconds kClockSlack{120};

Symptom state_folder(const std::string& state) {
  struct stat facts{};
  if (::stat(state.c_str(), &facts) != 0) {
    const auto why = system_error(errno, state).text();
    return {"state", Kind::kTrouble, why};
  }
  if ((facts.st_mode & 0077U) != 0)
    return {"state",
            Kind::kTrouble,
            {state + " can be read by others; run: chmod 0700 " + state,
             state + " 可由其他使用者讀取；請執行：chmod 0700 " + state}};
  if (facts.st_uid != ::geteuid())
    return {"state",
            Kind::kWarning,
            {state + " belongs to another user than the one who asks",
             state + " 的擁有者不是目前的使用者"}};
  return {"state", Kind::kGood, {state + ", for its owner only", state + "，僅擁有者可存取"}};
}

Symptom settings_of(const Result<Settings>& settings) {
  if (!settings) return {"settings", Kind::kTrouble, settings.error().text()};
  return {"settings",
          Kind::kGood,
          {"agents " + settings->listen + ", people " + settings->api_listen,
           "代理程式 " + settings->listen + "，使用者 " + settings->api_listen}};
}

Symptom authority_of(const std::string& state, evidence::Seconds now) {
  const auto authority = Authority::open(identity_folder(state));
  if (!authority) return {"authority", Kind::kTrouble, authority.error().text()};
  const auto certificate = evidence::read_certificate(authority->ca_certificate());
  if (!certificate) return {"authority", Kind::kTrouble, certificate.error().text()};
  const auto left = std::chrono::floor<std::chrono::days>(certificate->not_after - now).count();
  if (left < 0)
    return {"authority",
            Kind::kTrouble,
            {fmt::format("the CA's certificate ended {} days ago: no agent can connect", -left),
             fmt::format("CA 憑證已於 {} 天前到期，代理程式無法連線", -left)}};
  return {"authority",
          left < kCaWarning.count() ? Kind::kWarning : Kind::kGood,
          {fmt::format("the CA's certificate is good for {} days", left),
           fmt::format("CA 憑證有效期尚餘 {} 天", left)}};
}

Symptom disk_of(const std::string& state) {
  struct statvfs facts{};
  if (::statvfs(state.c_str(), &facts) != 0)
    return {"disk", Kind::kTrouble, system_error(errno, state).text()};
  const auto free =
      static_cast<std::int64_t>(facts.f_bavail) * static_cast<std::int64_t>(facts.f_frsize);
  const auto kind = free < kTooFewBytes ? Kind::kTrouble
                    : free < kFewBytes  ? Kind::kWarning
                                        : Kind::kGood;
  const auto gib = static_cast<double>(free) / static_cast<double>(kGib);
  return {
      "disk", kind, {fmt::format("{:.1f} GiB free", gib), fmt::format("可用空間 {:.1f} GiB", gib)}};
}

Symptom content_of(const Result<Settings>& settings, const std::string& state) {
  if (!settings) return {"content", Kind::kTrouble, settings.error().text()};
  const auto told = told_state({state, settings->content, settings->content_trust});
  if (!told) return {"content", Kind::kWarning, told.error().text()};
  if (told->failure)
    return {"content",
            Kind::kWarning,
            {"judged by the last good content: " + told->failure->text(),
             "沿用最後一份正確的檢查內容：" + told->failure->text()}};
  return {"content",
          Kind::kGood,
          {fmt::format("{} checks", told->checks), fmt::format("{} 項檢查", told->checks)}};
}

Symptom retention_of(const Result<Settings>& settings, Store& store) {
  if (!settings) return {"retention", Kind::kTrouble, settings.error().text()};
  const auto latest = store.removals({{}, 1});
  if (!latest) return {"retention", Kind::kTrouble, latest.error().text()};
  const auto years = settings->retention.longest().count();
  Text said{fmt::format("evidence is kept for {} {}", years, years == 1 ? "year" : "years"),
            fmt::format("證據保存 {} 年", years)};
  if (latest->items.empty()) {
    said = {said.en + "; nothing was removed yet", said.zh_tw + "，尚未移除任何資料"};
  } else {
    const auto& last = latest->items.front();
    said = {said.en + "; prune last ran on " + evidence::to_date(last.at) +
                ", for what was over before " + evidence::to_date(last.horizon),
            said.zh_tw + "，最近一次於 " + evidence::to_date(last.at) + " 執行 prune，移除 " +
                evidence::to_date(last.horizon) + " 之前失效者"};
  }
  if (settings->retention.longest() >= kUsualRetention)
    return {"retention", Kind::kGood, std::move(said)};
  return {"retention",
          Kind::kWarning,
          {said.en + "; idb-isp (appendix 1, 9.1) asks for five years at least",
           said.zh_tw + "；idb-isp 附件一 9.1 要求至少五年"}};
}

// What only the store knows.
class StoreSymptoms {
 public:
  StoreSymptoms(Store& store, evidence::Seconds now) : store_(store), now_(now) {}

  Symptom hosts() {
    std::int64_t stale = 0;
    PageRequest page{{}, kMaxPage};
    do {
      auto hosts = store_.hosts({}, page);
      if (!hosts) return {"hosts", Kind::kTrouble, hosts.error().text()};
      for (const auto& host : hosts->items) {
        if (host.state != HostState::kActive) continue;
        ++active_;
        if (!host.last_seen || *host.last_seen + kRecent < now_) ++stale;
        if (host.last_seen) newest_ = std::max(newest_, *host.last_seen);
      }
      page.cursor = hosts->next;
    } while (!page.cursor.empty());
    return {"hosts",
            stale > 0 ? Kind::kWarning : Kind::kGood,
            {fmt::format("{} {}, {} not heard of for a week", active_,
                         active_ == 1 ? "host" : "hosts", stale),
             fmt::format("{} 台主機，其中 {} 台逾一週未回報", active_, stale)}};
  }

  // After hosts(), both.
  [[nodiscard]] std::int64_t active() const { return active_; }
  [[nodiscard]] Symptom clock() const {
    if (newest_ > now_ + kClockSlack)
      return {"clock",
              Kind::kTrouble,
              {"this machine's clock is behind what was accepted already (" +
                   evidence::to_timestamp(newest_) + "): it was set back, or is wrong",
               "本機時鐘早於已收到資料的時間（" + evidence::to_timestamp(newest_) +
                   "），可能曾被調回或時間不正確"}};
    return {"clock", Kind::kGood, {"not behind what was accepted", "未早於已收到資料的時間"}};
  }

  Symptom events() {
    std::map<std::string_view, std::int64_t> counts;
    bool is_over = false;
    PageRequest page{{}, kMaxPage};
    do {
      auto events = store_.events({}, page);
      if (!events) return {"events", Kind::kTrouble, events.error().text()};
      for (const auto& event : events->items) {  // the latest first
        is_over = is_over || event.last + kRecent < now_;
        if (!is_over) ++counts[name_of(event.kind)];
      }
      page.cursor = events->next;
    } while (!is_over && !page.cursor.empty());
    if (counts.empty())
      return {"events",
              Kind::kGood,
              {"nothing refused or missing in the last week", "近一週無拒絕或缺漏事件"}};
    std::string list;
    for (const auto& [kind, count] : counts)
      list += (list.empty() ? "" : ", ") + fmt::format("{} {}", count, kind);
    return {"events", Kind::kWarning, {"in the last week: " + list, "近一週事件：" + list}};
  }

 private:
  Store& store_;
  const evidence::Seconds now_;
  std::int64_t active_ = 0;
  evidence::Seconds newest_{};
};

Symptom store_of(const Result<Settings>& settings, const std::string& state, Store& store,
                 const DoctorOptions& options) {
  if (settings && !settings->store.empty()) {
    if (!options.is_deep)
      return {"store",
              Kind::kGood,
              {"PostgreSQL, answers (--deep looks it through)",
               "PostgreSQL，可連線（--deep 會進一步檢查）"}};
    const auto complaints = store.self_check();
    if (!complaints) return {"store", Kind::kTrouble, complaints.error().text()};
    if (!complaints->empty()) return {"store", Kind::kTrouble, complaints->front()};
    return {"store",
            Kind::kGood,
            {"PostgreSQL, looked through (fsck reads all of it)",
             "PostgreSQL，已檢查（fsck 會讀取全部內容）"}};
  }
  if (options.is_deep)
    if (auto read = sqlite::check_store(state + "/store.db"); !read)
      return {"store", Kind::kTrouble, read.error().text()};
  std::uintmax_t bytes = 0;
  for (const auto* file : {"/store.db", "/store.db-wal"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(state + file, error);
    if (!error) bytes += size;  // there is no log while nobody has it open
  }
  const auto mib = static_cast<double>(bytes) / (1024.0 * 1024.0);
  if (options.is_deep)
    return {"store",
            Kind::kGood,
            {fmt::format("{:.1f} MiB, read through", mib),
             fmt::format("{:.1f} MiB，已完整讀取檢查", mib)}};
  return {"store",
          Kind::kGood,
          {fmt::format("{:.1f} MiB, opens (--deep reads it through)", mib),
           fmt::format("{:.1f} MiB，可開啟（--deep 會完整讀取檢查）", mib)}};
}

}  // namespace

std::string_view name_of(Symptom::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"good", "warning", "trouble"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<Symptom> examine(const std::string& state, evidence::Seconds now,
                             const DoctorOptions& options) {
  const auto settings = load_settings(state);
  std::vector<Symptom> all = {state_folder(state), settings_of(settings), authority_of(state, now),
                              disk_of(state)};
  if (settings)
    if (const auto conninfo = postgres_conninfo(settings->store); !conninfo.empty())
      std::ranges::move(examine_database(conninfo), std::back_inserter(all));
  auto store = open_store(state, false, false);  // whoever only looks brings nothing forward
  if (!store) {
    all.push_back({"store", Kind::kTrouble, store.error().text()});
    return all;
  }
  all.push_back(store_of(settings, state, **store, options));
  StoreSymptoms told(**store, now);
  all.push_back(told.hosts());
  all.push_back(told.clock());
  all.push_back(told.events());
  all.push_back(retention_of(settings, **store));
  if (settings)
    std::ranges::move(examine_vouchers(*settings, state, **store, now), std::back_inserter(all));
  all.push_back(content_of(settings, state));
  std::ranges::move(examine_service(state, told.active()), std::back_inserter(all));
  return all;
}

}  // namespace assay::collector
