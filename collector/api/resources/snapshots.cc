// /api/v1/snapshots, /api/v1/snapshots/{id} and /api/v1/snapshots/{id}/bundle
#include <set>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/ledger/ledger.h"
#include "evidence/bundle.h"
#include "evidence/compress.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Result<Json> latest_of_every_host(const Service& service, const PageRequest& page) {
  const auto hosts = service.store.hosts("", page);
  if (!hosts) return fail(hosts.error());
  Json items = Json::array();
  for (const auto& host : hosts->items) {
    if (!host.last_snapshot) continue;
    const auto snapshot = service.store.snapshot(*host.last_snapshot);
    if (!snapshot) return fail(snapshot.error());
    items.push_back(to_json(*snapshot));
    items.back()["host_name"] = host.name;
  }
  return page_of(std::move(items), hosts->next);
}

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  if (request.text("host").empty()) {
    const auto latest = latest_of_every_host(service, *page);
    if (!latest) return fail(latest.error());
    return json_response(*latest);
  }
  const auto host = service.find_host(request.text("host"));
  if (!host) return fail(host.error());
  const auto snapshots = service.store.snapshots(host->id, *page);
  if (!snapshots) return fail(snapshots.error());
  Json items = Json::array();
  for (const auto& snapshot : snapshots->items) {
    items.push_back(to_json(snapshot));
    items.back()["host_name"] = host->name;
  }
  return json_response(page_of(std::move(items), snapshots->next));
}

Result<ApiResponse> show(const Service& service, const ApiRequest& request) {
  const auto snapshot = service.find_snapshot(request.parameter);
  if (!snapshot) return fail(snapshot.error());
  const auto manifest = read_manifest(service.store, *snapshot);
  if (!manifest) return fail(manifest.error());
  Json json = to_json(*snapshot);
  json["host_name"] = manifest->manifest.host_name;
  json["manifest"] = to_json(manifest->manifest);
  return json_response(json);
}

// By the last checkpoint that each witness has co-signed, as far as the manifest is in it: mostly
// one for all of them.
Status add_witnessed(const Service& service, const evidence::Digest& manifest, std::int64_t index,
                     evidence::SignedManifest* source) {
  const auto checkpoints = cosigned_checkpoints(service.store);
  if (!checkpoints) return fail(checkpoints.error());
  for (const auto& [size, note] : *checkpoints) {
    if (size <= index || source->witnessed.size() == evidence::kMaxWitnessedProofs) break;
    auto view = LedgerView::at(service.store, note);
    if (!view) return fail(view.error());
    const auto proof = view->prove(manifest);
    if (!proof) return fail(proof.error());
    source->witnessed.push_back(evidence::to_text(*proof));
  }
  return {};
}

// By the first checkpoint with the manifest in it that was time-stamped, which says most; else by
// the latest one. Nothing while it is not in the ledger.
Status add_proof(const Service& service, const evidence::Digest& manifest, evidence::Bundle* bundle,
                 evidence::SignedManifest* source) {
  const auto index = service.store.ledger_index(manifest);
  if (!index && index.error().code() == Code::kNotFound) return {};
  if (!index) return fail(index.error());
  const auto stamp = service.store.time_stamp_over(*index);
  if (!stamp && stamp.error().code() != Code::kNotFound) return fail(stamp.error());
  auto view =
      stamp ? LedgerView::at(service.store, stamp->note) : LedgerView::latest(service.store);
  if (!view) return fail(view.error());
  const auto proof = view->prove(manifest);
  if (!proof && proof.error().code() == Code::kNotFound) return {};
  if (!proof) return fail(proof.error());
  source->logged = evidence::to_text(*proof);
  if (stamp) bundle->stamps.emplace(evidence::sha256(stamp->note), stamp->token);
  return add_witnessed(service, manifest, *index, source);
}

Result<evidence::Bundle> bundle_of(const Service& service, const Snapshot& snapshot) {
  evidence::Bundle bundle;
  bundle.ca = service.ca_pem;
  auto manifest = read_manifest(service.store, snapshot);
  if (!manifest) return fail(manifest.error());
  for (const auto& entry : manifest->manifest.tables) {
    if (!entry.digest || bundle.tables.contains(*entry.digest)) continue;
    auto bytes = service.store.table_bytes(*entry.digest);
    if (!bytes) return fail(bytes.error().within(phrase({"table {}", "資料表 {}"}, entry.name)));
    bundle.tables.emplace(*entry.digest, std::move(*bytes));
  }
  const auto certificate = service.store.certificate(snapshot.certificate_serial);
  if (!certificate) return fail(certificate.error().within(phrase({"certificate", "憑證"})));
  bundle.certificates.push_back(certificate->pem);
  evidence::SignedManifest its_manifest;
  its_manifest.manifest = std::move(manifest->bytes);
  its_manifest.signature = snapshot.signature;
  if (auto added = add_proof(service, snapshot.digest, &bundle, &its_manifest); !added)
    return fail(added.error());
  bundle.manifests.push_back(std::move(its_manifest));
  return bundle;
}

Result<ApiResponse> download(const Service& service, const ApiRequest& request) {
  const auto snapshot = service.find_snapshot(request.parameter);
  if (!snapshot) return fail(snapshot.error());
  const auto bundle = bundle_of(service, *snapshot);
  if (!bundle) return fail(bundle.error());
  auto bytes = evidence::to_bytes(*bundle);
  if (!bytes) return fail(bytes.error());
  ApiResponse response;
  response.content_type = "application/zstd";
  response.body = std::move(*bytes);
  response.headers.emplace_back(
      "Content-Disposition",
      "attachment; filename=\"" + snapshot->digest.hex().substr(0, 16) + ".assay\"");
  return response;
}

}  // namespace

void add_snapshots(Router& router, const Service& service) {
  router.get("/api/v1/snapshots", {"host", "limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/snapshots/*", {},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.get("/api/v1/snapshots/*/bundle", {},
             [&service](const ApiRequest& request) { return download(service, request); });
}

}  // namespace assay::collector::api
