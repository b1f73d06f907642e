// /api/v1/packs: what an auditor takes away of one framework, as of a moment or over a period.
#include <atomic>
#include <mutex>

#include "collector/api/json_body.h"
#include "collector/api/pack/pack_plan.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// What is accepted and judged within this time may still bear an earlier second.
constexpr std::chrono::seconds kSettled{60};

// Of each collector one pack at a time is being made: its reports are held.
std::mutex& turn() {
  static std::mutex one;
  return one;
}

// So many are sent at a time: each holds its reports until it is over.
constexpr int kMostSent = 4;

struct Sending {
  Sending() : before(count()++) {}
  ~Sending() { --count(); }
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;

  const int before;  // were being sent already

 private:
  static std::atomic<int>& count() {
    static std::atomic<int> sent{0};
    return sent;
  }
};

template <typename Work>
auto alone(const Work& work) -> decltype(work()) {
  const std::unique_lock lock(turn(), std::try_to_lock);
  if (!lock)
    return refuse(Code::kUnavailable, {"another pack is being made; try again in a moment",
                                       "正在製作另一份稽核包，請稍後再試"});
  return work();
}

Json to_json(const PackRecord& pack) {
  return {{"id", pack.id},
          {"framework", pack.framework},
          {"edition", pack.edition},
          {"since", api::to_json(pack.since)},
          {"as_of", api::to_json(pack.as_of)},
          {"hosts", pack.hosts},
          {"sha256", pack.digest.hex()},
          {"requested_by", pack.by.name},
          {"requested_at", api::to_json(pack.at)},
          {"act", pack.act}};
}

Result<evidence::Seconds> moment_in(const Json& body, const std::string& name) {
  const auto text = text_in(body, name);
  if (!text) return fail(text.error());
  return time_in(*text, name);
}

Result<PackWish> wish_in(const Service& service, const ApiRequest& request) {
  const auto body = body_in(request, {"framework", "since", "as_of", "hosts"});
  if (!body) return fail(body.error());
  PackWish wish;
  auto framework = text_in(*body, "framework");
  if (!framework) return fail(framework.error());
  if (framework->empty())
    return refuse(Code::kUsage, {"framework: is missing", "framework：未填寫"});
  wish.framework = std::move(*framework);
  const auto latest = service.now() - kSettled;
  wish.as_of = latest;
  if (body->contains("as_of") && !(*body)["as_of"].is_null()) {
    const auto as_of = moment_in(*body, "as_of");
    if (!as_of) return fail(as_of.error());
    wish.as_of = *as_of;
  }
  if (wish.as_of > latest)
    return refuse(Code::kUsage,
                  {"as_of: {} seconds ago at the latest, as what happens now is still being judged",
                   "as_of：最晚為 {} 秒之前，目前收到的內容仍在判定中"},
                  kSettled.count());
  if (body->contains("since") && !(*body)["since"].is_null()) {
    const auto since = moment_in(*body, "since");
    if (!since) return fail(since.error());
    if (*since > wish.as_of)
      return refuse(Code::kUsage, {"since: is later than the end", "since：晚於結束時間"});
    wish.since = *since;
  }
  auto hosts = hosts_in(service, *body, kMaxRecordHosts);
  if (!hosts) return fail(hosts.error());
  wish.hosts = std::move(*hosts);
  return wish;
}

Result<ApiResponse> make(const Service& service, const ApiRequest& request) {
  const auto wish = wish_in(service, request);
  if (!wish) return fail(wish.error());
  const auto then = service.as_of(wish->as_of);
  if (!then) return fail(then.error());
  const auto plan = alone([&] { return plan_pack(*then, *wish); });
  if (!plan) return fail(plan.error());
  PackRecord record;
  record.framework = plan->list.framework;
  record.edition = plan->list.edition;
  record.since = wish->since;
  record.as_of = wish->as_of;
  record.hosts = wish->hosts;
  record.digest = evidence::sha256(plan->list_text);
  record.by = actor_of(request.person);
  record.at = service.now();
  const auto made = service.store.add_pack(record);
  if (!made) return fail(made.error());
  auto response = json_response(to_json(*made));
  response.status = 201;
  response.subject = made->id;
  return response;
}

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto packs = service.store.packs(*page);
  if (!packs) return fail(packs.error());
  Json items = Json::array();
  for (const auto& pack : packs->items) items.push_back(to_json(pack));
  return json_response(page_of(std::move(items), packs->next));
}

Result<ApiResponse> show(const Service& service, const ApiRequest& request) {
  const auto pack = service.store.pack(request.parameter);
  if (!pack) return fail(pack.error());
  return json_response(to_json(*pack));
}

Result<ApiResponse> download(const Service& service, const ApiRequest& request) {
  const auto record = service.store.pack(request.parameter);
  if (!record) return fail(record.error());
  const auto then = service.as_of(record->as_of);
  if (!then) return fail(then.error());
  auto plan = alone([&] {
    return plan_pack(*then, {record->framework, record->since, record->as_of, record->hosts});
  });
  if (!plan) return fail(plan.error());
  if (evidence::sha256(plan->list_text) != record->digest)
    return refuse(Code::kConflict,
                  {"{} cannot be made again as it was: what it is made of has changed; have a new "
                   "one made",
                   "{} 無法重製為原內容：其所依據的資料已有變動；請重新製作"},
                  record->id);
  const auto sending = std::make_shared<const Sending>();
  if (sending->before >= kMostSent)
    return refuse(
        Code::kUnavailable,
        {"{} packs are being sent; try again in a moment", "正在傳送 {} 份稽核包，請稍後再試"},
        kMostSent);
  auto stream = stream_pack(service, std::move(*plan), *record);
  if (!stream) return fail(stream.error());
  (*stream)->next = [sending, next = std::move((*stream)->next)] { return next(); };
  ApiResponse response;
  response.content_type = "application/x-tar";
  response.stream = std::move(*stream);
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + record->id + ".tar\"");
  return response;
}

}  // namespace

void add_packs(Router& router, const Service& service) {
  router.get("/api/v1/packs", {"limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.post_with_body(
      "/api/v1/packs", Role::kAuditor,
      [&service](const ApiRequest& request) { return make(service, request); },
      kMaxScopedBodyBytes);
  router.get("/api/v1/packs/*", {},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.get("/api/v1/packs/*/file", {},
             [&service](const ApiRequest& request) { return download(service, request); });
}

}  // namespace assay::collector::api
