// /api/v1/snapshots, /api/v1/snapshots/{id} and /api/v1/snapshots/{id}/bundle
#include <set>

#include "collector/api/logged_proofs.h"
#include "collector/api/present.h"
#include "collector/api/service.h"
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
  if (auto added = add_proofs(service, snapshot.digest, &its_manifest, &bundle.stamps); !added)
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
