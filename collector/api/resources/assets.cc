// /api/v1/assets: the asset register as a form, completed with what the evidence knows.
#include <set>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/evaluation/snapshot_tables.h"
#include "collector/records/asset_columns.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// Tables are shared by many machines: each is read once for one answer.
class FactReader {
 public:
  explicit FactReader(Store& store) : store_(store) {}

  // nullptr where the snapshot has no such table.
  Result<const evidence::Table*> table(const evidence::Manifest& manifest, std::string_view name) {
    const auto* entry = manifest.find(name);
    if (entry == nullptr || !entry->digest) return nullptr;
    const auto known = tables_.find(*entry->digest);
    if (known != tables_.end()) return &known->second;
    auto loaded = load_table(store_, *entry->digest);
    if (!loaded) return fail(loaded.error().within(phrase({"table {}", "資料表 {}"}, entry->name)));
    return &tables_.emplace(*entry->digest, std::move(*loaded)).first->second;
  }

 private:
  Store& store_;
  std::map<evidence::Digest, evidence::Table> tables_;
};

std::string text_at(const evidence::Table* table, std::string_view column) {
  return table == nullptr || table->rows().empty() ? std::string()
                                                   : evidence::to_text(table->at(0, column));
}

std::string joined(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() ? one + other : one + " " + other;
}

// Those by which others reach the machine, each once.
std::string addresses_of(const evidence::Table* table) {
  std::string out;
  std::set<std::string> seen;
  for (std::size_t i = 0; table != nullptr && i < table->rows().size(); ++i) {
    const auto address = evidence::to_text(table->at(i, "address"));
    const bool is_local = address.starts_with("127.") || address == "::1" ||
                          address.starts_with("fe80:") || address.starts_with("169.254.");
    if (is_local || address.empty() || !seen.insert(address).second) continue;
    out += (out.empty() ? "" : ", ") + address;
  }
  return out;
}

Result<std::map<std::string, std::string>> facts_of(const Service& service, const Host& host,
                                                    evidence::Seconds when, FactReader& reader) {
  std::map<std::string, std::string> facts;
  facts["host_id"] = host.id;
  facts["os"] = host.os;
  if (host.last_seen) facts["last_seen"] = evidence::to_date(*host.last_seen);
  const auto snapshot = service.store.snapshot_at(host.id, when);
  if (!snapshot && snapshot.error().code() == Code::kNotFound) return facts;
  if (!snapshot) return fail(snapshot.error());
  const auto manifest = read_manifest(service.store, *snapshot);
  if (!manifest) return fail(manifest.error());
  const evidence::Table* tables[3] = {};
  constexpr std::string_view kNames[] = {"os_version", "interface_addresses", "system_info"};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto table = reader.table(manifest->manifest, kNames[i]);
    if (!table) return fail(table.error());
    tables[i] = *table;
  }
  if (tables[0] != nullptr)
    facts["os"] = joined(text_at(tables[0], "name"), text_at(tables[0], "version"));
  facts["addresses"] = addresses_of(tables[1]);
  facts["hardware"] =
      joined(text_at(tables[2], "hardware_vendor"), text_at(tables[2], "hardware_model"));
  facts["serial"] = text_at(tables[2], "hardware_serial");
  return facts;
}

Json words(const RegisterField& field, const evidence::Value& value) {
  const auto en = field_text(field, value, Language::kEnglish);
  return {{"en", en}, {"zh-TW", field_text(field, value, Language::kChinese)}};
}

Json columns() {
  Json out = Json::array();
  const auto add = [&](std::string_view name, const Text& label) {
    out.push_back({{"name", name}, {"label", to_json(label)}});
  };
  add("host", {"Host", "主機"});
  for (const auto& field : register_fields()) add(field.name, field.label);
  add("groups", {"Groups", "主機群組"});
  for (const auto& fact : asset_facts()) add(fact.name, fact.label);
  return out;
}

Result<Json> asset_of(const Service& service, const Host& host,
                      std::optional<evidence::Seconds> as_of, FactReader& reader) {
  const auto entry = service.store.register_entry(host.id, as_of);
  if (!entry) return fail(entry.error());
  auto facts = facts_of(service, host, as_of.value_or(service.now()), reader);
  if (!facts) return fail(facts.error());
  const auto fields = fields_of(entry->fields);
  std::string groups;
  for (const auto& group : entry->groups) groups += (groups.empty() ? "" : ", ") + group;
  Json cells = {{"host", host.name}};
  for (const auto& field : register_fields()) {
    const auto value = value_in(fields, field.name);
    if (value != evidence::Value()) cells[field.name] = words(field, value);
  }
  cells["groups"] = groups;
  cells["protection_need"] =
      words(*find_register_field("confidentiality"), protection_need(fields));
  for (const auto& [name, text] : *facts) cells[name] = text;
  return Json{{"host", {{"id", host.id}, {"name", host.name}}},
              {"fields", fields},
              {"groups", entry->groups},
              {"facts", *facts},
              {"cells", cells}};
}

Result<ApiResponse> assets(const Service& service, const ApiRequest& request) {
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  FactReader reader(service.store);
  Json items = Json::array();
  auto read = for_each([&](const PageRequest& page) { return service.store.hosts("", page); },
                       [&](const Host& host) -> Status {
                         const bool is_of_then = !*as_of || host.enrolled_at <= **as_of;
                         if (!is_of_then || host.state != HostState::kActive) return {};
                         auto asset = asset_of(service, host, *as_of, reader);
                         if (!asset) return fail(asset.error());
                         items.push_back(std::move(*asset));
                         return {};
                       });
  if (!read) return fail(read.error());
  return json_response({{"columns", columns()}, {"items", std::move(items)}, {"next", nullptr}});
}

}  // namespace

void add_assets(Router& router, const Service& service) {
  router.get("/api/v1/assets", {"as-of"},
             [&service](const ApiRequest& request) { return assets(service, request); });
}

}  // namespace assay::collector::api
