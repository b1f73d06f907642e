// /api/v1/acts: what people did, in the order in which it was put on record, as the ledger names
// it: whoever reads an act can make the bytes of it whose digest is in the ledger.
#include "collector/api/present.h"
#include "collector/api/service.h"
#include "evidence/canonical.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// So many are read of the store at a time: a record that names every host of a company is large.
constexpr std::size_t kBite = 50;
// A page ends behind the act with which it grows over this.
constexpr std::size_t kEnoughBytes = 4U << 20U;
// Where few are of the kind that is asked for, a page ends when so many were read for it.
constexpr std::size_t kMostRead = kMaxPage;

// As in the act's canonical bytes.
Json detail_json(const evidence::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || text->size() <= evidence::kMaxDetailBytes) return to_json(value);
  return "sha256:" + evidence::sha256(*text).hex();
}

class ActPage {
 public:
  ActPage(const Service& service, PageRequest page, std::string_view kind)
      : service_(service), page_(std::move(page)), kind_(kind) {}

  Result<ApiResponse> read() {
    do {
      const auto acts = service_.store.acts({page_.cursor, kBite});
      if (!acts) return fail(acts.error());
      page_.cursor = acts->next;
      for (const auto& act : acts->items) {
        ++read_;
        if (const auto taken = take(act); !taken) return fail(taken.error());
        if (!is_full()) continue;
        // The cursor of acts is the number of the last one.
        if (&act != &acts->items.back()) page_.cursor = std::to_string(act.number);
        break;
      }
    } while (!page_.cursor.empty() && !is_full() && read_ < kMostRead);
    return json_response(page_of(std::move(items_), page_.cursor));
  }

 private:
  [[nodiscard]] bool is_full() const {
    return items_.size() >= page_.limit || bytes_ > kEnoughBytes;
  }

  Status take(const evidence::Act& act) {
    if (!kind_.empty() && act.kind != kind_) return {};
    const auto text = evidence::to_text(act);
    const auto digest = evidence::sha256(text);
    const auto index = service_.store.ledger_index(digest);
    if (!index && index.error().code() != Code::kNotFound) return fail(index.error());
    Json details = Json::object();
    for (const auto& [name, value] : act.details) details[name] = detail_json(value);
    bytes_ += text.size();
    items_.push_back({{"number", act.number},
                      {"kind", act.kind},
                      {"record", act.record},
                      {"at", to_json(act.at)},
                      {"token", act.token},
                      {"name", act.name},
                      {"details", std::move(details)},
                      {"sha256", digest.hex()},
                      {"index", index ? Json(*index) : Json()}});
    return {};
  }

  const Service& service_;
  PageRequest page_;
  std::string_view kind_;
  Json items_ = Json::array();
  std::size_t bytes_ = 0;
  std::size_t read_ = 0;
};

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto kind = request.text("kind");
  if (!kind.empty() && !evidence::is_evidence_name(kind))
    return refuse(Code::kUsage, {"kind: a kind of act such as waiver_requested",
                                 "kind：請填作業種類，例如 waiver_requested"});
  return ActPage(service, std::move(*page), kind).read();
}

}  // namespace

void add_acts(Router& router, const Service& service) {
  router.get("/api/v1/acts", {"kind", "limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
}

}  // namespace assay::collector::api
