#include "checks/engine/workbench.h"

#include <algorithm>
#include <array>

#include "evidence/canonical.h"

namespace assay::checks {

namespace {

constexpr std::size_t kRowsWorthAnIndex = 200;

std::string columns_of(const evidence::Header& header) {
  std::string text;
  for (const auto& column : header.columns)
    text += column.name + (column.type == evidence::Type::kText ? " text," : " integer,");
  return text;
}

}  // namespace

Status Workbench::open() {
  if (database_) return {};
  auto database = Database::open();
  if (!database) return fail(database.error());
  database_ = std::move(*database);
  return {};
}

Status Workbench::clear(const evidence::Header& header, Loaded* loaded) {
  auto columns = columns_of(header);
  loaded->digest.clear();
  if (database_->has(header.table)) {
    if (loaded->columns == columns) return database_->clear(header.table);
    if (Status gone = database_->drop(header.table); !gone) return gone;
  }
  loaded->columns = std::move(columns);
  loaded->is_indexed = false;
  return database_->create(header);
}

// Rules ask for rows of long tables by these columns; SQLite would make the index anew in each.
Status Workbench::index(const evidence::Table& table) {
  static constexpr std::array<std::string_view, 3> kAskedFor = {"name", "product", "package"};
  const auto& columns = table.header().columns;
  for (const auto asked : kAskedFor)
    if (std::ranges::find(columns, asked, &evidence::Column::name) != columns.end())
      return database_->index(table.header().table, asked);
  return {};
}

Status Workbench::put(const std::string& name, const std::string& digest,
                      const std::function<Result<std::shared_ptr<const evidence::Table>>()>& load) {
  if (Status opened = open(); !opened) return opened;
  auto& loaded = tables_[name];
  if (!loaded.digest.empty() && loaded.digest == digest) return {};
  const auto table = load();
  if (!table) return fail(table.error().within(name));
  if (Status cleared = clear((*table)->header(), &loaded); !cleared) return cleared;
  if (Status filled = database_->fill(**table); !filled) return filled;
  if (!loaded.is_indexed && (*table)->rows().size() >= kRowsWorthAnIndex) {
    if (Status indexed = index(**table); !indexed) return indexed;
    loaded.is_indexed = true;
  }
  loaded.digest = digest;
  return {};
}

Status Workbench::set_parameters(const evidence::Header& header, const ParameterValues& values) {
  if (Status opened = open(); !opened) return opened;
  auto& loaded = tables_[header.table];
  if (parameters_ == values && loaded.columns == columns_of(header)) return {};
  parameters_.reset();
  if (Status cleared = clear(header, &loaded); !cleared) return cleared;
  evidence::Table table(header);
  evidence::Row row;
  for (const auto& column : header.columns) {
    const auto value = values.find(column.name);
    row.push_back(value == values.end() ? evidence::Value() : value->second);
  }
  table.add_row(std::move(row));
  if (Status filled = database_->fill(table); !filled) return filled;
  parameters_ = values;
  return {};
}

}  // namespace assay::checks
