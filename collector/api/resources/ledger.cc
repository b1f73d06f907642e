// /api/v1/ledger: the log of what was accepted, for whoever wants to check it. The checkpoint and
// the tiles are those of C2SP tlog-tiles with /api/v1/ledger as their prefix; the proofs are made
// from them for those who do not want to.
#include "collector/ledger/ledger.h"

#include <algorithm>
#include <charconv>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "evidence/base64.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::size_t kTilePrefix = 4;  // api, v1, ledger, tile

ApiResponse text_response(std::string text) {
  ApiResponse response;
  response.content_type = kText;
  response.body = std::move(text);
  return response;
}

Result<ApiResponse> show(const Service& service) {
  Json json;
  json["key"] = text_or_null(service.ledger_key);
  const auto latest = service.store.checkpoint();
  if (!latest && latest.error().code() != Code::kNotFound) return fail(latest.error());
  json["size"] = latest ? latest->head.size : 0;
  json["root"] = latest ? Json(evidence::to_base64(latest->head.root.raw())) : Json();
  json["at"] = latest ? to_json(latest->at) : Json();
  return json_response(json);
}

Result<ApiResponse> key(const Service& service) {
  if (service.ledger_key.empty())
    return refuse(Code::kNotFound, {"this collector keeps no ledger", "這個收集伺服器沒有帳本"});
  return text_response(service.ledger_key + "\n");
}

Result<ApiResponse> checkpoint(const Service& service) {
  auto latest = service.store.checkpoint();
  if (!latest && latest.error().code() == Code::kNotFound)
    return refuse(Code::kNotFound, {"nothing was logged yet", "帳本中尚無紀錄"});
  if (!latest) return fail(latest.error());
  const auto witnessed = cosigned_checkpoints(service.store);
  if (!witnessed) return fail(witnessed.error());
  const auto same = std::ranges::find(*witnessed, latest->head.size, &CosignedCheckpoint::size);
  const bool is_cosigned = same != witnessed->end() && same->note.starts_with(latest->note);
  auto response = text_response(is_cosigned ? same->note : std::move(latest->note));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// The largest that a witness has co-signed.
Result<ApiResponse> witnessed(const Service& service) {
  const auto checkpoints = cosigned_checkpoints(service.store);
  if (!checkpoints) return fail(checkpoints.error());
  if (checkpoints->empty())
    return refuse(Code::kNotFound,
                  {"no witness has co-signed the ledger yet", "尚無見證者對帳本共同簽章"});
  auto response = text_response(checkpoints->front().note);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// What each witness said last.
Result<ApiResponse> cosignatures(const Service& service) {
  const auto all = service.store.cosignatures();
  if (!all) return fail(all.error());
  Json items = Json::array();
  for (const auto& cosignature : *all) {
    Json item;
    item["witness"] = cosignature.witness;
    item["size"] = cosignature.size;
    item["at"] = to_json(cosignature.at);
    item["checkpoint"] = cosignature.note + cosignature.line;
    items.push_back(std::move(item));
  }
  return json_response(page_of(std::move(items), ""));
}

// The entries of a tile of level 0, each behind its length.
Result<std::string> entry_bundle(const Service& service, const evidence::TilePath& path) {
  const auto entries = service.store.ledger_entries(path.tile.index * evidence::kTileWidth,
                                                    static_cast<std::size_t>(path.width));
  if (!entries) return fail(entries.error());
  if (entries->size() < static_cast<std::size_t>(path.width))
    return refuse(Code::kNotFound, {"the ledger has not so many entries", "帳本沒有這麼多筆紀錄"});
  std::string bytes;
  for (const auto& entry : *entries) {
    const auto text = evidence::to_text(entry);
    bytes.push_back(static_cast<char>(text.size() >> 8U));
    bytes.push_back(static_cast<char>(text.size() & 255U));
    bytes += text;
  }
  return bytes;
}

Result<std::string> hash_tile(const Service& service, const evidence::TilePath& path) {
  auto hashes = service.store.ledger_tile(path.tile);
  if (!hashes) return hashes;
  const auto wanted = static_cast<std::size_t>(path.width) * evidence::kDigestBytes;
  if (hashes->size() < wanted)
    return refuse(Code::kNotFound, {"the tile has not grown so far", "這一塊帳本還沒有這麼長"});
  hashes->resize(wanted);
  return hashes;
}

Result<ApiResponse> tile(const Service& service, const ApiRequest& request) {
  std::string text;
  for (std::size_t i = kTilePrefix; i < request.path.size(); ++i)
    text.append(text.empty() ? "" : "/").append(request.path[i]);
  const auto path = evidence::tile_path_from(text);
  if (!path) return fail(Code::kNotFound, path.error().text());
  if (path->tile.index > evidence::kMaxTreeSize / evidence::kTileWidth)
    return refuse(Code::kNotFound, {"no such tile", "帳本沒有這一塊"});
  auto bytes = path->tile.level == evidence::kEntryLevel ? entry_bundle(service, *path)
                                                         : hash_tile(service, *path);
  if (!bytes) return fail(bytes.error());
  ApiResponse response;
  response.content_type = "application/octet-stream";
  response.body = std::move(*bytes);
  // It never changes. Only for the person who asked: it is behind a log-in.
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  return response;
}

Result<ApiResponse> proof(const Service& service, const ApiRequest& request) {
  if (request.text("snapshot").empty())
    return refuse(Code::kUsage, {"snapshot: a digest, or a host for its latest",
                                 "snapshot：請填摘要值，或填主機以取其最新的快照"});
  const auto snapshot = service.find_snapshot(request.text("snapshot"));
  if (!snapshot) return fail(snapshot.error());
  auto view = LedgerView::latest(service.store);
  if (!view) return fail(view.error());
  const auto proven = view->prove(snapshot->digest);
  if (!proven) return fail(proven.error());
  auto response = text_response(evidence::to_text(*proven));
  response.headers.emplace_back(
      "Content-Disposition",
      "attachment; filename=\"" + snapshot->digest.hex().substr(0, 16) + ".tlog-proof\"");
  return response;
}

Result<std::int64_t> size_in(const ApiRequest& request, std::string_view name) {
  const auto text = request.text(name);
  std::int64_t size = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      size < 0)
    return refuse(Code::kUsage, {"{}: a number of entries", "{}：請填紀錄筆數"}, name);
  return size;
}

Result<ApiResponse> consistency(const Service& service, const ApiRequest& request) {
  const auto from = size_in(request, "from");
  if (!from) return fail(from.error());
  const auto to = size_in(request, "to");
  if (!to) return fail(to.error());
  const auto hashes = consistency_between(service.store, *from, *to);
  if (!hashes) return fail(hashes.error());
  Json json;
  json["from"] = *from;
  json["to"] = *to;
  json["hashes"] = Json::array();
  for (const auto& hash : *hashes) json["hashes"].push_back(evidence::to_base64(hash.raw()));
  return json_response(json);
}

}  // namespace

void add_ledger(Router& router, const Service& service) {
  router.get("/api/v1/ledger", {}, [&service](const ApiRequest&) { return show(service); });
  router.get("/api/v1/ledger/key", {}, [&service](const ApiRequest&) { return key(service); });
  router.get("/api/v1/ledger/checkpoint", {},
             [&service](const ApiRequest&) { return checkpoint(service); });
  router.get("/api/v1/ledger/witnessed", {},
             [&service](const ApiRequest&) { return witnessed(service); });
  router.get("/api/v1/ledger/cosignatures", {},
             [&service](const ApiRequest&) { return cosignatures(service); });
  router.get_below("/api/v1/ledger/tile/*/*",
                   [&service](const ApiRequest& request) { return tile(service, request); });
  router.get("/api/v1/ledger/proof", {"snapshot"},
             [&service](const ApiRequest& request) { return proof(service, request); });
  router.get("/api/v1/ledger/consistency", {"from", "to"},
             [&service](const ApiRequest& request) { return consistency(service, request); });
}

}  // namespace assay::collector::api
