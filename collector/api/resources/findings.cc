// /api/v1/findings
#include "collector/api/past_host.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// A waived finding is open to the store: what it is violated by is still there.
enum class Waived { kLeftOut, kOnly, kToo };

struct Wish {
  FindingFilter filter;
  Waived waived = Waived::kLeftOut;
  bool is_overdue_only = false;
};

Status read_state(const ApiRequest& request, Wish* wish) {
  const auto state = request.text("state");
  auto& filter = wish->filter;
  if (state.empty() || state == "open" || state == "waived")
    filter.state = FindingState::kOpen;
  else if (state == "resolved")
    filter.state = FindingState::kResolved;
  else if (state != "all")
    return refuse(Code::kUsage, {"state: open, waived, resolved or all",
                                 "state：只能是 open、waived、resolved 或 all"});
  if (state == "waived") wish->waived = Waived::kOnly;
  if (state == "all" || state == "resolved") wish->waived = Waived::kToo;
  if (filter.as_of && wish->waived == Waived::kToo)
    return refuse(Code::kUsage, {"as-of: only the findings that were open or waived then are known",
                                 "as-of：只能查詢當時未解決或屬例外的發現事項"});
  return {};
}

Result<Wish> wish_in(const Service& service, const ApiRequest& request) {
  Wish wish;
  auto& filter = wish.filter;
  auto host = service.host_id_in(request);
  if (!host) return fail(host.error());
  filter.host_id = std::move(*host);
  filter.check_id = request.text("check");
  if (!filter.check_id.empty() && service.content->check(filter.check_id) == nullptr)
    return refuse(Code::kNotFound, {"no check {}", "找不到檢查 {}"}, filter.check_id);
  filter.framework = request.text("framework");
  if (!filter.framework.empty() && service.content->framework(filter.framework) == nullptr)
    return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, filter.framework);
  if (const auto severity = request.text("severity"); !severity.empty()) {
    filter.at_least = checks::severity_from(severity);
    if (!filter.at_least)
      return refuse(Code::kUsage, {"severity: critical, high, medium, low or info",
                                   "severity：只能是 critical、high、medium、low 或 info"});
  }
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  filter.as_of = *as_of;
  if (auto read = read_state(request, &wish); !read) return fail(read.error());
  const auto overdue = request.text("overdue");
  if (!overdue.empty() && overdue != "true")
    return refuse(Code::kUsage, {"overdue: true, or nothing", "overdue：只能是 true 或省略"});
  wish.is_overdue_only = !overdue.empty();
  if (wish.is_overdue_only)
    filter.at_least = std::max(filter.at_least.value_or(kLeastToCloseInTime), kLeastToCloseInTime);
  if (wish.is_overdue_only && (filter.as_of || wish.waived != Waived::kLeftOut))
    return refuse(Code::kUsage, {"overdue: only of the findings that are open now",
                                 "overdue：僅適用於目前未解決的發現事項"});
  return wish;
}

// Fills a page with the findings that are wished for, be they far apart in the store.
class Filler {
 public:
  Filler(const Service& service, const Wish& wish, const WaiversInForce& waivers)
      : service_(service), wish_(wish), waivers_(waivers), now_(service.now()) {}

  Result<Json> page(PageRequest request) {
    const auto limit = request.limit;
    for (;;) {
      // What is left out is only known when it is read.
      const bool may_leave_out =
          wish_.is_overdue_only || (wish_.waived != Waived::kToo && !waivers_.empty());
      request.limit = may_leave_out ? kMaxPage : limit - items_.size();
      auto findings = service_.store.findings(wish_.filter, request);
      if (!findings) return fail(findings.error());
      if (auto named = name_hosts(&findings->items); !named) return fail(named.error());
      const auto used = take(findings->items, limit);
      if (used < findings->items.size()) {
        // The next page begins in the middle of what was read: the store knows where that is.
        request.limit = used;
        findings = service_.store.findings(wish_.filter, request);
        if (!findings) return fail(findings.error());
      }
      if (items_.size() >= limit || findings->next.empty())
        return page_of(std::move(items_), findings->next);
      request.cursor = findings->next;
    }
  }

 private:
  // As the hosts were called then.
  Status name_hosts(std::vector<Finding>* findings) {
    if (!wish_.filter.as_of) return {};
    for (auto& finding : *findings) {
      auto known = names_.find(finding.host_id);
      if (known == names_.end()) {
        auto host = service_.store.host(finding.host_id);
        if (!host) return fail(host.error());
        const auto then =
            host_at(service_, std::move(*host), *wish_.filter.as_of, PastHostParts::kWithoutSystem);
        if (!then) return fail(then.error());
        known =
            names_.emplace(finding.host_id, *then ? (*then)->host.name : finding.host_name).first;
      }
      finding.host_name = known->second;
    }
    return {};
  }

  // How many of the findings were looked at until the page was full.
  std::size_t take(const std::vector<Finding>& findings, std::size_t limit) {
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (items_.size() == limit) return i;
      const auto cover = waivers_.of_finding(findings[i], wish_.filter.framework);
      if (wish_.waived == Waived::kLeftOut && cover.is_whole) continue;
      if (wish_.waived == Waived::kOnly && !cover.is_whole) continue;
      const auto until = close_by(findings[i], *service_.content);
      const bool is_overdue = until && *until < now_ && !cover.is_whole;
      if (wish_.is_overdue_only && !is_overdue) continue;
      auto json = to_json(findings[i], *service_.content, cover);
      if (!wish_.filter.as_of)
        json["overdue"] = is_overdue;
      else
        leave_what_was_known(&json);
      items_.push_back(std::move(json));
    }
    return findings.size();
  }

  const Service& service_;
  const Wish& wish_;
  const WaiversInForce& waivers_;
  const evidence::Seconds now_;
  Json items_ = Json::array();
  std::map<std::string, std::string> names_;  // of hosts, as of then
};

Result<ApiResponse> list(const Service& present, const ApiRequest& request) {
  const auto then = of_then(present, request);
  if (!then) return fail(then.error());
  const Service& service = *then;
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto wish = wish_in(service, request);
  if (!wish) return fail(wish.error());
  const auto waivers = waivers_in_force(service, wish->filter.as_of);
  if (!waivers) return fail(waivers.error());
  if (wish->waived == Waived::kOnly && waivers->empty())
    return json_response(page_of(Json::array(), {}));
  auto json = Filler(service, *wish, *waivers).page(*page);
  if (!json) return fail(json.error());
  return json_response(*json);
}

}  // namespace

void add_findings(Router& router, const Service& service) {
  router.get(
      "/api/v1/findings",
      {"host", "check", "framework", "state", "severity", "overdue", "as-of", "limit", "cursor"},
      [&service](const ApiRequest& request) { return list(service, request); });
}

}  // namespace assay::collector::api
