#include "tests/bench/evaluation/fleet.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "checks/engine/register.h"
#include "checks/testing/bundle_tables.h"
#include "evidence/bundle.h"
#include "evidence/canonical.h"
#include "evidence/schema.h"

namespace assay::bench {

namespace {

using Tables = std::map<std::string, SharedTable, std::less<>>;

// As a collector has it: read from its canonical form, and so in order.
SharedTable shared(const evidence::Table& table) {
  const auto bytes = evidence::to_canonical(table);
  if (!bytes) throw std::runtime_error(bytes.error().message());
  auto read = evidence::from_canonical(*bytes);
  if (!read) throw std::runtime_error(read.error().message());
  return {evidence::sha256(*bytes), std::make_shared<const evidence::Table>(std::move(*read))};
}

// A copy of `table` in which every `step`th row from `first` on ends its text `column` in `mark`.
SharedTable marked(const evidence::Table& table, std::string_view column, const std::string& mark,
                   std::size_t first, std::size_t step) {
  const auto* spec = evidence::find_table(table.header().table);
  const auto at = spec->column(column).value();
  evidence::Table out(table.header());
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    auto row = table.rows()[i];
    if (i % step == first % step) row[at] = evidence::to_text(row[at]) + mark;
    out.add_row(std::move(row));
  }
  return shared(out);
}

SharedTable with_packages(const evidence::Table& table, std::size_t count) {
  const auto name = evidence::find_table("deb_packages")->column("name").value();
  evidence::Table out(table.header());
  for (std::size_t i = 0; i < count; ++i) {
    auto row = table.rows()[i % table.rows().size()];
    if (const auto turn = i / table.rows().size(); turn > 0)
      row[name] = evidence::to_text(row[name]) + "-copy" + std::to_string(turn);
    out.add_row(std::move(row));
  }
  return shared(out);
}

// What the company's register may say of a host: in no group, with each of its columns filled.
evidence::Table registered(const evidence::TableSpec& spec) {
  evidence::Table table(spec);
  if (spec.name != "host_register") return table;
  evidence::Row row;
  for (const auto& column : spec.columns)
    row.push_back(column.type == evidence::Type::kText ? evidence::Value("production")
                                                       : evidence::Value(std::int64_t{1}));
  table.add_row(std::move(row));
  return table;
}

// The table of a host alone, and the column in which its number stands.
struct OwnColumn {
  const char* table;
  const char* column;
};
constexpr OwnColumn kOwn[] = {{"users", "description"},
                              {"last_logins", "tty"},
                              {"interface_addresses", "address"},
                              {"agent_info", "host_id"}};

}  // namespace

checks::TableSource::Entry Machine::find(std::string_view table) const {
  if (const auto mine = own.find(table); mine != own.end()) return {mine->second.digest, {}};
  if (const auto known = image->find(table); known != image->end())
    return {known->second.digest, {}};
  const auto reason = missing.find(table);
  return {std::nullopt, reason == missing.end() ? "not on this machine" : reason->second};
}

Result<evidence::Table> Machine::load(std::string_view table) const {
  const auto rows = share(table);
  if (!rows) return fail(rows.error());
  return **rows;
}

Result<std::shared_ptr<const evidence::Table>> Machine::share(std::string_view table) const {
  if (const auto mine = own.find(table); mine != own.end()) return mine->second.rows;
  if (const auto known = image->find(table); known != image->end()) return known->second.rows;
  return fail(Code::kNotFound, std::string(table));
}

Machine machine_in(const char* path, std::size_t packages) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  const auto bundle = evidence::bundle_from_bytes(bytes.str());
  if (!bundle) throw std::runtime_error(bundle.error().message());
  const auto newest = checks::testing::BundleTables::newest(*bundle);
  if (!newest) throw std::runtime_error(newest.error().message());
  Machine machine;
  Tables tables;
  for (const auto& entry : newest->manifest().tables) {
    if (!entry.digest) {
      machine.missing[entry.name] = entry.reason;
      continue;
    }
    auto table = newest->load(entry.name);
    if (!table) throw std::runtime_error(table.error().message());
    tables[entry.name] = shared(*table);
  }
  for (const auto* spec : evidence::all_tables())
    if (checks::is_of_register(spec->name))
      tables[std::string(spec->name)] = shared(registered(*spec));
  tables["deb_packages"] = with_packages(*tables.at("deb_packages").rows, packages);
  machine.image = std::make_shared<const Tables>(std::move(tables));
  return machine;
}

std::vector<Machine> fleet(const Machine& base, std::size_t images, std::size_t count) {
  std::vector<Machine> kinds;
  for (std::size_t i = 0; i < images; ++i) {
    auto tables = *base.image;
    auto& packages = tables["deb_packages"];
    packages = marked(*packages.rows, "version", "+image" + std::to_string(i), i, 17);
    auto& kind = kinds.emplace_back(base);
    kind.image = std::make_shared<const Tables>(std::move(tables));
  }
  std::vector<Machine> hosts;
  for (std::size_t i = 0; i < count; ++i) {
    auto& host = hosts.emplace_back(kinds[i % images]);
    for (const auto& [table, column] : kOwn)
      if (const auto known = host.image->find(table); known != host.image->end())
        host.own[table] = marked(*known->second.rows, column, "-" + std::to_string(i), 0, 7);
  }
  return hosts;
}

std::shared_ptr<const checks::Content> with_family_changed(const checks::Content& base,
                                                           std::string_view family) {
  auto content = std::make_shared<checks::Content>(base);
  for (auto& check : content->checks) {
    if (!check.id.starts_with(family)) continue;
    check.query += ' ';
    check.digest = evidence::sha256(check.digest.hex() + " changed");
  }
  content->digest = evidence::sha256(base.digest.hex() + std::string(family));
  return content;
}

}  // namespace assay::bench
