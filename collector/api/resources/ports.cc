// /api/v1/hosts/{id or name}/ports
#include <algorithm>
#include <map>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/ports/port_views.h"
#include "evidence/refusal.h"
#include "evidence/schema.h"

namespace assay::collector::api {

namespace {

struct Missing {
  std::string host;
  std::string table;
  std::string reason;
};

// The tables of one host's latest snapshot; those that it lacks are noted.
class HostTables {
 public:
  static Result<HostTables> of(const Service& service, const Host& host) {
    const auto snapshot = service.store.snapshot(*host.last_snapshot);
    if (!snapshot) return fail(snapshot.error());
    auto decoded = read_manifest(service.store, *snapshot);
    if (!decoded) return fail(decoded.error());
    return HostTables(service, host.name, std::move(decoded->manifest));
  }

  // Nothing when the snapshot does not have it.
  Result<std::optional<evidence::Table>> read(std::string_view name,
                                              std::vector<Missing>* missing) {
    const auto* entry = manifest_.find(name);
    if (entry == nullptr || !entry->digest) {
      if (missing != nullptr)
        missing->push_back(
            {host_, std::string(name), entry == nullptr ? "not in the snapshot" : entry->reason});
      return std::nullopt;
    }
    auto table = service_->table(*entry->digest);
    if (!table) return fail(table.error());
    return std::move(*table);
  }

  [[nodiscard]] bool has_rows(std::string_view name) const {
    const auto* entry = manifest_.find(name);
    return entry != nullptr && entry->digest && entry->rows > 0;
  }
  // When the scan saw it, in seconds since 1970 UTC.
  [[nodiscard]] std::int64_t collected(std::string_view name) const {
    const auto* entry = manifest_.find(name);
    const auto time = evidence::from_timestamp(
        entry != nullptr && entry->collected ? *entry->collected : manifest_.started);
    return time ? time->time_since_epoch().count() : 0;
  }

 private:
  HostTables(const Service& service, std::string host, evidence::Manifest manifest)
      : service_(&service), host_(std::move(host)), manifest_(std::move(manifest)) {}
  const Service* service_;
  std::string host_;
  evidence::Manifest manifest_;
};

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : to_json(evidence::Value(text));
}

Json time_or_null(std::optional<std::int64_t> seconds) {
  if (!seconds || *seconds <= 0) return nullptr;
  return evidence::to_timestamp(evidence::Seconds(std::chrono::seconds(*seconds)));
}

Json texts(const std::vector<std::string>& all) {
  Json json = Json::array();
  for (const auto& one : all) json.push_back(text_or_null(one));
  return json;
}

Json to_json(const PortView& view) {
  Json json = {{"transport", view.transport},
               {"port", view.port},
               {"agreement", name_of(view.agreement)},
               {"own", nullptr},
               {"probes", Json::array()},
               {"sightings", Json::array()}};
  if (view.own)
    json["own"] = {{"reach", name_of(view.own->reach)},
                   {"why", text_or_null(view.own->why)},
                   {"addresses", texts(view.own->addresses)},
                   {"processes", texts(view.own->processes)}};
  for (const auto& probe : view.probes)
    json["probes"].push_back({{"host", text_or_null(probe.host)},
                              {"source", text_or_null(probe.source)},
                              {"address", text_or_null(probe.address)},
                              {"state", name_of(probe.state)},
                              {"method", text_or_null(probe.method)},
                              {"at", time_or_null(probe.at)}});
  for (const auto& sighting : view.sightings)
    json["sightings"].push_back({{"host", text_or_null(sighting.host)},
                                 {"client", text_or_null(sighting.client)},
                                 {"address", text_or_null(sighting.address)},
                                 {"service", text_or_null(sighting.service)},
                                 {"answered", sighting.answered},
                                 {"last_seen", time_or_null(sighting.last_seen)}});
  return json;
}

// What others know of the host, and which of its addresses others bear as well.
class Witnesses {
 public:
  Witnesses(const Service& service, const Host& host, PortViews& views)
      : service_(service), host_(host), views_(views) {}

  Status hear_all() {
    return for_each([this](const PageRequest& page) { return service_.store.hosts({}, page); },
                    [this](const Host& witness) { return hear(witness); });
  }
  [[nodiscard]] Json shared_addresses() const {
    Json all = Json::array();
    for (const auto& [address, hosts] : bearers_)
      all.push_back({{"address", address}, {"hosts", texts(hosts)}});
    return all;
  }

 private:
  Status hear(const Host& witness) {
    if (!witness.last_snapshot) return {};
    // A machine that was sent away tells nothing of today.
    if (witness.state == HostState::kRevoked && witness.id != host_.id) return {};
    auto tables = HostTables::of(service_, witness);
    if (!tables) return fail(tables.error());
    const bool is_self = witness.id == host_.id;
    if (!is_self)
      if (auto heard = hear_addresses(*tables, witness.name); !heard) return heard;
    if (!is_self && (tables->has_rows("reachable_ports") || tables->has_rows("sweeps")))
      if (auto heard = hear_probes(*tables, witness.name); !heard) return heard;
    if (tables->has_rows("observed_flows")) {
      const auto flows = tables->read("observed_flows", nullptr);
      if (!flows) return fail(flows.error());
      if (*flows) (void)views_.add_sightings(witness.name, **flows);
    }
    return {};
  }

  Status hear_addresses(HostTables& tables, const std::string& name) {
    const auto addresses = tables.read("interface_addresses", nullptr);
    if (!addresses) return fail(addresses.error());
    if (!*addresses) return {};
    for (std::size_t row = 0; row < (*addresses)->rows().size(); ++row)
      if (const auto address = evidence::to_text((*addresses)->at(row, "address"));
          views_.addresses().contains(address))
        bearers_[address].push_back(name);
    return {};
  }

  Status hear_probes(HostTables& tables, const std::string& name) {
    const auto reachable = tables.read("reachable_ports", nullptr);
    if (!reachable) return fail(reachable.error());
    const auto sweeps = tables.read("sweeps", nullptr);
    if (!sweeps) return fail(sweeps.error());
    const evidence::Table none(*evidence::find_table("sweeps"));
    const evidence::Table nowhere(*evidence::find_table("reachable_ports"));
    (void)views_.add_probes(name, *reachable ? **reachable : nowhere, *sweeps ? **sweeps : none);
    return {};
  }

  const Service& service_;
  const Host& host_;
  PortViews& views_;
  std::map<std::string, std::vector<std::string>> bearers_;
};

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  if (!host->last_snapshot)
    return refuse(Code::kNotFound, {"{} has not sent a snapshot yet", "{} 尚未送出快照"},
                  host->name);
  auto own = HostTables::of(service, *host);
  if (!own) return fail(own.error());
  std::vector<Missing> missing;
  const auto exposure = own->read("exposure", &missing);
  if (!exposure) return fail(exposure.error());
  const auto addresses = own->read("interface_addresses", &missing);
  if (!addresses) return fail(addresses.error());
  PortViews views(*exposure ? &**exposure : nullptr, *addresses ? &**addresses : nullptr,
                  own->collected("exposure"));
  Witnesses witnesses(service, *host, views);
  if (auto heard = witnesses.hear_all(); !heard) return fail(heard.error());

  Json json = {{"items", Json::array()},
               {"host", {{"id", host->id}, {"name", host->name}}},
               {"collected", time_or_null(own->collected("exposure"))},
               {"missing", Json::array()},
               {"shared_addresses", witnesses.shared_addresses()}};
  for (const auto& view : views.views()) json["items"].push_back(to_json(view));
  for (const auto& [name, table, reason] : missing)
    json["missing"].push_back({{"table", table}, {"reason", text_or_null(reason)}});
  return json_response(json);
}

}  // namespace

void add_ports(Router& router, const Service& service) {
  router.get("/api/v1/hosts/*/ports", {},
             [&service](const ApiRequest& request) { return list(service, request); });
}

}  // namespace assay::collector::api
