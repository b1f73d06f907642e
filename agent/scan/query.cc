#include "agent/scan/query.h"

#include "agent/scan/scan.h"
#include "checks/engine/compiler.h"
#include "checks/engine/content.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::agent {

namespace {

Result<checks::Reads> analyse(std::string_view sql) {
  auto schema = checks::schema_database({});
  if (!schema) return fail(schema.error());
  return schema->analyse(sql);
}

std::set<std::string> host_tables(const checks::Reads& reads) {
  std::set<std::string> tables;
  for (const auto& name : reads.tables)
    if (evidence::find_table(name)->origin == evidence::Origin::kHost) tables.insert(name);
  return tables;
}

using SharedTable = std::shared_ptr<const evidence::Table>;

// A table of the query's own.
Result<SharedTable> owned(Result<evidence::Table> table) {
  if (!table) return fail(table.error());
  return std::make_shared<const evidence::Table>(std::move(*table));
}

Result<SharedTable> table_for(Scan& scanned, Host& host, const evidence::TableSpec& spec,
                              const std::vector<std::string>& content_folders,
                              std::optional<checks::Content>& content) {
  if (spec.name == "clock") {
    evidence::Table clock(spec);
    const auto now = host.now();
    clock.add({{"today", evidence::to_date(now)},
               {"day", std::int64_t{now.time_since_epoch().count() / 86'400}}});
    return owned(std::move(clock));
  }
  if (spec.origin == evidence::Origin::kHost) {
    const auto table = std::ranges::find(scanned.tables, spec.name, &ScannedTable::name);
    if (table == scanned.tables.end())
      return fail(Code::kUnavailable,
                  spec.name + " is not available: no probe of this agent fills it");
    if (!table->is_ok())
      return fail(Code::kUnavailable, spec.name + " is not available: " + table->reason);
    return owned(std::move(*table->rows));
  }
  if (spec.origin == evidence::Origin::kRegister) {
    const ScanSource source(scanned);
    if (const auto entry = source.find(spec.name); !entry.digest)
      return fail(Code::kUnavailable, spec.name + " is not available: " + entry.reason);
    return owned(source.load(spec.name));
  }
  if (!content) {
    auto loaded = checks::load_content(content_folders, checks::Digests::kAsWritten);
    if (!loaded) return fail(loaded.error());
    content = std::move(*loaded);
  }
  const auto reference = content->references.find(spec.name);
  if (reference == content->references.end())
    return fail(Code::kNotFound, "no reference data for " + spec.name + " has been loaded");
  return reference->second.table;
}

}  // namespace

Result<checks::QueryResult> run_query(Host& host, std::string_view sql, const Settings& settings,
                                      const NetworkLook* network) {
  const auto reads = analyse(sql);
  if (!reads) return fail(reads.error());
  auto database = checks::Database::open();
  if (!database) return fail(database.error());
  std::optional<checks::Content> content;
  const OwnFacts own{&settings, {}};
  Scan scanned;
  if (const auto wanted = host_tables(*reads); !wanted.empty())
    scanned = scan(host, {.tables = wanted, .own = &own, .network = network});
  for (const auto& name : reads->tables) {
    auto table =
        table_for(scanned, host, *evidence::find_table(name), settings.content.folders, content);
    if (!table) return fail(table.error());
    if (auto shown = database->show(std::move(*table)); !shown) return fail(shown.error());
  }
  return database->query(sql, kMaxQueryRows);
}

}  // namespace assay::agent
