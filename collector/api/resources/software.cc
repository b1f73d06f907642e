// /api/v1/hosts/{id or name}/software
#include <algorithm>
#include <charconv>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/software/software_list.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

CpeDictionary dictionary_of(const checks::Content& content) {
  const auto products = content.references.find("cpe_products");
  return products == content.references.end() ? CpeDictionary()
                                              : CpeDictionary(*products->second.table);
}

// Where an answer goes on: further pages are of the same snapshot, whatever came in meanwhile.
struct Place {
  evidence::Digest snapshot;
  std::size_t offset = 0;
};

std::string cursor_at(const Place& place) {
  return place.snapshot.hex() + "-" + std::to_string(place.offset);
}

Result<Place> place_in(std::string_view cursor) {
  const auto wrong =
      refuse(Code::kUsage, {"cursor: this is none that was given", "cursor：不是先前回覆的值"});
  const auto dash = cursor.find('-');
  if (dash == std::string_view::npos) return wrong;
  const auto snapshot = evidence::Digest::from_hex(cursor.substr(0, dash));
  if (!snapshot) return wrong;
  Place place{*snapshot, 0};
  const auto digits = cursor.substr(dash + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), place.offset);
  if (error != std::errc{} || end != digits.data() + digits.size()) return wrong;
  return place;
}

Result<Snapshot> snapshot_for(const Service& service, const Host& host, const ApiRequest& request) {
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  if (*as_of) return service.store.snapshot_at(host.id, **as_of);
  if (!host.last_snapshot)
    return refuse(Code::kNotFound, {"{} has not sent a snapshot yet", "{} 尚未送出快照"},
                  host.name);
  return service.store.snapshot(*host.last_snapshot);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : to_json(evidence::Value(text));
}

Json to_json(const SoftwareItem& item) {
  return {{"kind", item.kind},
          {"name", text_or_null(item.name)},
          {"version", text_or_null(item.version)},
          {"arch", text_or_null(item.arch)},
          {"purl", text_or_null(item.purl)},
          {"cpe", text_or_null(item.cpe)},
          {"confidence", text_or_null(item.confidence)}};
}

Json to_json(const std::vector<MissingSoftware>& missing) {
  Json all = Json::array();
  for (const auto& [table, reason] : missing)
    all.push_back({{"table", table}, {"reason", text_or_null(reason)}});
  return all;
}

Result<ApiResponse> list(const Service& service, const CpeDictionary& dictionary,
                         const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto kind = request.text("kind");
  if (!kind.empty() && std::ranges::find(software_kinds(), kind) == software_kinds().end())
    return refuse(Code::kUsage, {"kind: {} is none", "kind：沒有「{}」這一類"}, kind);
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  Place place;
  auto snapshot = page->cursor.empty() ? snapshot_for(service, *host, request) : Result<Snapshot>();
  if (!page->cursor.empty()) {
    const auto at = place_in(page->cursor);
    if (!at) return fail(at.error());
    place = *at;
    snapshot = service.store.snapshot(place.snapshot);
  }
  if (!snapshot) return fail(snapshot.error());
  if (snapshot->host_id != host->id)
    return refuse(Code::kUsage,
                  {"cursor: it was given for another host", "cursor：這是另一部主機的值"});
  place.snapshot = snapshot->digest;
  const auto manifest = read_manifest(service.store, *snapshot);
  if (!manifest) return fail(manifest.error());
  const auto software = software_of(
      manifest->manifest, [&](const auto& digest) { return service.table(digest); }, dictionary,
      kind);
  if (!software) return fail(software.error());

  Json items = Json::array();
  const auto begin = std::min(place.offset, software->items.size());
  const auto end = std::min(begin + page->limit, software->items.size());
  for (std::size_t i = begin; i < end; ++i) items.push_back(to_json(software->items[i]));
  place.offset = end;
  auto json = page_of(std::move(items), end < software->items.size() ? cursor_at(place) : "");
  json["snapshot"] = place.snapshot.hex();
  json["missing"] = to_json(software->missing);
  return json_response(json);
}

}  // namespace

void add_software(Router& router, const Service& service) {
  const auto dictionary = std::make_shared<const CpeDictionary>(dictionary_of(*service.content));
  router.get("/api/v1/hosts/*/software", {"kind", "as-of", "limit", "cursor"},
             [&service, dictionary](const ApiRequest& request) {
               return list(service, *dictionary, request);
             });
}

}  // namespace assay::collector::api
