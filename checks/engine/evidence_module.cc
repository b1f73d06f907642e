#include "checks/engine/evidence_module.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

namespace assay::checks {

namespace {

// How a look-up is told to start(): a bit for each column that is to equal a value; or kByRow; or
// kByPattern with the number of the one column that is to match. Later columns are never looked up
// by; no table has as many. Or kDistinct with the number of the one column that is asked for.
constexpr int kMostColumns = 28;
constexpr std::uint32_t kDistinct = 1U << 28U;
constexpr std::uint32_t kByRow = 1U << 29U;
constexpr std::uint32_t kByPattern = 1U << 30U;

// What a plan is made by (https://www.sqlite.org/vtab.html#the_xbestindex_method). Only the ratios
// count: to read all is dear, each column that is given makes the answer shorter.
// A look-up by one column may well find hundreds ("all of class X"): thought short, its answer
// would be searched from end to end where SQLite could have made an index.
constexpr double kCostOfAll = 300'000;
constexpr double kCostOfRow = 5;
constexpr double kCostOfPattern = 1'500;
constexpr sqlite3_int64 kRowsOfAll = 100'000;
constexpr sqlite3_int64 kRowsOfPattern = 500;
constexpr sqlite3_int64 kRowsOfLookUp = 1'000;  // by one column; by each further one a tenth

// Another one in each process: nobody can make up rows that all fall into one chain.
std::uint32_t seed() {
  static const std::uint32_t kSeed = std::random_device{}();
  return kSeed;
}

std::uint32_t mixed(std::uint32_t hash, std::uint64_t with) {
  const std::uint64_t sum = (std::uint64_t{hash} ^ with) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::uint32_t>(sum >> 32U);
}

std::uint32_t mixed(std::uint32_t hash, std::string_view text) {
  return mixed(hash, std::uint64_t{std::hash<std::string_view>{}(text)});
}

std::optional<std::uint32_t> mixed(std::uint32_t hash, const evidence::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    return mixed(hash, std::string_view(*text));
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return mixed(hash, static_cast<std::uint64_t>(*number));
  return std::nullopt;
}

struct VirtualTable : sqlite3_vtab {
  ShownTable* shown = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
  // With neither of the two, every row is read.
  const ShownTable::Chains* chains = nullptr;
  const ShownTable::Order* order = nullptr;
  std::uint32_t hash = 0;
  std::size_t row = 0;  // in the table; in `order` where there is one
  std::size_t end = 0;

  [[nodiscard]] ShownTable& shown() const { return *static_cast<VirtualTable*>(pVtab)->shown; }
  [[nodiscard]] std::size_t table_row() const { return order == nullptr ? row : (*order)[row]; }
  // To the first row of the chain, from `at` on, that has the hash.
  void follow_chain(std::uint32_t at);
};

void Cursor::follow_chain(std::uint32_t at) {
  while (at != ShownTable::Chains::kEnd && chains->hashes[at] != hash) at = chains->next[at];
  row = at == ShownTable::Chains::kEnd ? end : at;
}

int connect(sqlite3* db, void* shown, int, const char* const*, sqlite3_vtab** made, char** error) {
  if (const int code = static_cast<ShownTable*>(shown)->declare(db); code != SQLITE_OK) {
    *error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
    return code;
  }
  auto table = std::make_unique<VirtualTable>();
  table->shown = static_cast<ShownTable*>(shown);
  *made = table.release();
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<VirtualTable*>(table);
  return SQLITE_OK;
}

// What a condition compares with something that is known beforehand, if it does so by `op`: a
// column's number, -1 for the row's own.
std::optional<int> compared(const sqlite3_index_info& info, int condition, int op) {
  const auto& it = info.aConstraint[condition];
  if (it.usable == 0 || it.op != op || it.iColumn >= kMostColumns) return std::nullopt;
  return it.iColumn;
}

// The bit of a column that a condition holds equal to something, byte by byte; 0 for any other.
std::uint32_t equal_column(sqlite3_index_info* info, int condition) {
  const auto column = compared(*info, condition, SQLITE_INDEX_CONSTRAINT_EQ);
  if (!column || *column < 0 ||
      std::string_view(sqlite3_vtab_collation(info, condition)) != "BINARY")
    return 0;
  return 1U << static_cast<unsigned>(*column);
}

// Looks up by one condition alone.
void choose(sqlite3_index_info* info, int condition, std::uint32_t look_up, double cost,
            sqlite3_int64 rows) {
  info->idxNum = static_cast<int>(look_up);
  info->aConstraintUsage[condition].argvIndex = 1;
  info->estimatedCost = cost;
  info->estimatedRows = rows;
}

bool choose_row(sqlite3_index_info* info) {
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto column = compared(*info, i, SQLITE_INDEX_CONSTRAINT_EQ);
    if (!column || *column >= 0) continue;
    choose(info, i, kByRow, kCostOfRow, 1);
    info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    return true;
  }
  return false;
}

void choose_pattern(sqlite3_index_info* info) {
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto column = compared(*info, i, SQLITE_INDEX_CONSTRAINT_GLOB);
    if (!column || *column < 0) continue;
    choose(info, i, kByPattern | static_cast<std::uint32_t>(*column), kCostOfPattern,
           kRowsOfPattern);
    return;
  }
}

// SELECT DISTINCT of one column needs each of its values once, in any order.
void choose_distinct(sqlite3_index_info* info) {
  constexpr int kOnlyDistinct = 2;  // https://www.sqlite.org/c3ref/vtab_distinct.html
  if (info->nOrderBy != 1 || sqlite3_vtab_distinct(info) != kOnlyDistinct) return;
  const int column = info->aOrderBy[0].iColumn;
  if (column < 0 || column >= kMostColumns || info->colUsed != sqlite3_uint64{1} << column) return;
  info->idxNum = static_cast<int>(kDistinct | static_cast<std::uint32_t>(column));
  info->orderByConsumed = 1;
}

// The values of the columns are handed to start() in the columns' order. SQLite compares again by
// itself, so a look-up may find too much but never too little.
int choose_look_up(sqlite3_vtab* table, sqlite3_index_info* info) {
  static_cast<VirtualTable*>(table)->shown->is_planned = true;
  if (choose_row(info)) return SQLITE_OK;
  std::uint32_t columns = 0;
  for (int i = 0; i < info->nConstraint; ++i) columns |= equal_column(info, i);
  if (columns == 0) {
    info->idxNum = 0;
    info->estimatedCost = kCostOfAll;
    info->estimatedRows = kRowsOfAll;
    choose_pattern(info);
    if (info->idxNum == 0) choose_distinct(info);
    return SQLITE_OK;
  }
  info->idxNum = static_cast<int>(columns);
  std::uint32_t left = columns;
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto bit = equal_column(info, i) & left;
    left &= ~bit;
    if (bit != 0) info->aConstraintUsage[i].argvIndex = std::popcount(columns & (bit - 1)) + 1;
  }
  info->estimatedRows = kRowsOfLookUp;
  for (int i = std::popcount(columns); i > 1 && info->estimatedRows > 1; --i)
    info->estimatedRows /= 10;
  info->estimatedCost = 3.0 * static_cast<double>(info->estimatedRows);
  return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
  *made = std::make_unique<Cursor>().release();
  return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

// What becomes of a value that is to equal a column's.
enum class Sought { kFound, kNothingEquals, kCannotTell };

// A text that is to equal a number, or a number a text, is left to SQLite and its affinities.
Sought mix_in(sqlite3_value* value, evidence::Type type, std::uint32_t* hash) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return Sought::kNothingEquals;
    case SQLITE_INTEGER:
      if (type != evidence::Type::kInteger) return Sought::kCannotTell;
      *hash = mixed(*hash, static_cast<std::uint64_t>(sqlite3_value_int64(value)));
      return Sought::kFound;
    case SQLITE_TEXT: {
      if (type != evidence::Type::kText) return Sought::kCannotTell;
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
      *hash = mixed(*hash, std::string_view(text, size));
      return Sought::kFound;
    }
    default: return Sought::kCannotTell;
  }
}

// Only rows that begin as the pattern does, up to its first special character, can match.
void start_by_pattern(Cursor& cursor, std::size_t column, sqlite3_value* pattern) {
  auto& shown = cursor.shown();
  if (sqlite3_value_type(pattern) != SQLITE_TEXT ||
      shown.header().columns[column].type != evidence::Type::kText)
    return;
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(pattern));
  std::string_view prefix(text, static_cast<std::size_t>(sqlite3_value_bytes(pattern)));
  prefix = prefix.substr(0, prefix.find_first_of("*?["));
  if (prefix.empty()) return;
  cursor.order = &shown.order(column);
  const auto begins = [&](std::uint32_t row) {
    return std::string_view(std::get<std::string>(shown.rows()[row][column]))
        .substr(0, prefix.size());
  };
  const auto range = std::ranges::equal_range(*cursor.order, prefix, {}, begins);
  cursor.row = static_cast<std::size_t>(range.begin() - cursor.order->begin());
  cursor.end = static_cast<std::size_t>(range.end() - cursor.order->begin());
}

// Whatever is no integer is left to SQLite.
void start_by_row(Cursor& cursor, sqlite3_value* number) {
  if (sqlite3_value_type(number) != SQLITE_INTEGER) return;
  const auto id = sqlite3_value_int64(number);
  if (id < 1 || static_cast<std::size_t>(id) > cursor.end) {
    cursor.row = cursor.end;
    return;
  }
  cursor.row = static_cast<std::size_t>(id) - 1;
  cursor.end = cursor.row + 1;
}

int start(sqlite3_vtab_cursor* base, int look_up, const char*, int, sqlite3_value** values) {
  auto& cursor = *static_cast<Cursor*>(base);
  auto& shown = cursor.shown();
  cursor.chains = nullptr;
  cursor.order = nullptr;
  cursor.row = 0;
  cursor.end = shown.rows().size();
  const auto columns = static_cast<std::uint32_t>(look_up);
  if (columns == 0) return SQLITE_OK;
  if (columns == kByRow) {
    start_by_row(cursor, *values);
    return SQLITE_OK;
  }
  if ((columns & kByPattern) != 0) {
    start_by_pattern(cursor, columns & ~kByPattern, *values);
    return SQLITE_OK;
  }
  if ((columns & kDistinct) != 0) {
    cursor.order = &shown.distinct(columns & ~kDistinct);
    cursor.end = cursor.order->size();
    return SQLITE_OK;
  }
  std::uint32_t hash = seed();
  for (std::uint32_t left = columns; left != 0; left &= left - 1) {
    const auto& column = shown.header().columns[static_cast<std::size_t>(std::countr_zero(left))];
    switch (mix_in(*values++, column.type, &hash)) {
      case Sought::kFound: break;
      case Sought::kNothingEquals: cursor.row = cursor.end; return SQLITE_OK;
      case Sought::kCannotTell: return SQLITE_OK;
    }
  }
  const auto& chains = shown.chains(columns);
  cursor.chains = &chains;
  cursor.hash = hash;
  cursor.follow_chain(chains.first[hash & (chains.first.size() - 1)]);
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
  auto& cursor = *static_cast<Cursor*>(base);
  if (cursor.chains == nullptr)
    ++cursor.row;
  else
    cursor.follow_chain(cursor.chains->next[cursor.row]);
  return SQLITE_OK;
}

int is_at_end(sqlite3_vtab_cursor* base) {
  const auto& cursor = *static_cast<const Cursor*>(base);
  return cursor.row >= cursor.end ? 1 : 0;
}

// SQLite is told that a NUL ends the text, as it does, or it would make a copy with one for each
// function that the text is given to.
int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int at) {
  constexpr int kUpToNul = -1;
  const auto& cursor = *static_cast<const Cursor*>(base);
  const auto& value = cursor.shown().rows()[cursor.table_row()][static_cast<std::size_t>(at)];
  if (const auto* text = std::get_if<std::string>(&value)) {
    const bool has_nul = std::strlen(text->c_str()) != text->size();
    sqlite3_result_text(context, text->c_str(), has_nul ? static_cast<int>(text->size()) : kUpToNul,
                        SQLITE_STATIC);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value))
    sqlite3_result_int64(context, *number);
  return SQLITE_OK;
}

int rowid(sqlite3_vtab_cursor* base, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(static_cast<const Cursor*>(base)->table_row()) + 1;
  return SQLITE_OK;
}

// Without xCreate, a table of the module's own name is there and needs no CREATE.
constexpr sqlite3_module kModule = {.iVersion = 0,
                                    .xCreate = nullptr,
                                    .xConnect = connect,
                                    .xBestIndex = choose_look_up,
                                    .xDisconnect = disconnect,
                                    .xDestroy = nullptr,
                                    .xOpen = open,
                                    .xClose = close,
                                    .xFilter = start,
                                    .xNext = next,
                                    .xEof = is_at_end,
                                    .xColumn = column,
                                    .xRowid = rowid,
                                    .xUpdate = nullptr,
                                    .xBegin = nullptr,
                                    .xSync = nullptr,
                                    .xCommit = nullptr,
                                    .xRollback = nullptr,
                                    .xFindFunction = nullptr,
                                    .xRename = nullptr,
                                    .xSavepoint = nullptr,
                                    .xRelease = nullptr,
                                    .xRollbackTo = nullptr,
                                    .xShadowName = nullptr};

}  // namespace

ShownTable::ShownTable(const evidence::Header& header, bool& declares)
    : table_(std::make_shared<const evidence::Table>(header)), declares_(&declares) {}

int ShownTable::declare(sqlite3* db) const {
  std::string sql = "CREATE TABLE t(";
  const auto& columns = header().columns;
  for (const auto& column : columns) {
    if (&column != columns.data()) sql += ',';
    sql += '"' + column.name + '"' + (column.type == evidence::Type::kText ? "TEXT" : "INTEGER");
  }
  *declares_ = true;
  const int code = sqlite3_declare_vtab(db, (sql + ")").c_str());
  *declares_ = false;
  return code;
}

void ShownTable::show(std::shared_ptr<const evidence::Table> table) {
  table_ = std::move(table);
  chains_.clear();
  orders_.clear();
  distinct_.clear();
}

const ShownTable::Chains& ShownTable::chains(std::uint32_t columns) {
  const auto [place, is_new] = chains_.try_emplace(columns);
  Chains& chains = place->second;
  if (!is_new) return chains;
  const auto& all = rows();
  chains.first.assign(std::bit_ceil(all.size() + 1), Chains::kEnd);
  chains.next.assign(all.size(), Chains::kEnd);
  chains.hashes.assign(all.size(), 0);
  // From the last row to the first, each put before those that came later.
  for (std::size_t row = all.size(); row-- > 0;) {
    std::optional<std::uint32_t> hash = seed();
    for (auto left = columns; left != 0 && hash; left &= left - 1)
      hash = mixed(*hash, all[row][static_cast<std::size_t>(std::countr_zero(left))]);
    if (!hash) continue;
    auto& first = chains.first[*hash & (chains.first.size() - 1)];
    chains.hashes[row] = *hash;
    chains.next[row] = first;
    first = static_cast<std::uint32_t>(row);
  }
  return chains;
}

const ShownTable::Order& ShownTable::order(std::size_t column) {
  const auto [place, is_new] = orders_.try_emplace(column);
  Order& order = place->second;
  if (!is_new) return order;
  for (std::uint32_t row = 0; row < rows().size(); ++row)
    if (std::holds_alternative<std::string>(rows()[row][column])) order.push_back(row);
  const auto text = [&](std::uint32_t row) {
    return std::string_view(std::get<std::string>(rows()[row][column]));
  };
  // Evidence is sorted as a whole, and mostly by its first column with it.
  if (!std::ranges::is_sorted(order, {}, text)) std::ranges::stable_sort(order, {}, text);
  return order;
}

const ShownTable::Order& ShownTable::distinct(std::size_t column) {
  const auto [place, is_new] = distinct_.try_emplace(column);
  Order& firsts = place->second;
  if (!is_new) return firsts;
  const auto& chain = chains(1U << column);
  bool has_null = false;
  for (std::uint32_t row = 0; row < rows().size(); ++row) {
    const auto& value = rows()[row][column];
    if (std::holds_alternative<std::monostate>(value)) {
      if (!std::exchange(has_null, true)) firsts.push_back(row);
      continue;
    }
    const auto hash = chain.hashes[row];
    auto first = chain.first[hash & (chain.first.size() - 1)];
    while (chain.hashes[first] != hash || rows()[first][column] != value) first = chain.next[first];
    if (first == row) firsts.push_back(row);
  }
  return firsts;
}

Status add_evidence_table(sqlite3* db, ShownTable& shown) {
  const auto& name = shown.header().table;
  if (sqlite3_create_module_v2(db, name.c_str(), &kModule, &shown, nullptr) != SQLITE_OK)
    return fail(Code::kInternal, name + ": " + sqlite3_errmsg(db));
  return {};
}

Status remove_evidence_table(sqlite3* db, const std::string& name) {
  if (sqlite3_create_module_v2(db, name.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail(Code::kInternal, name + ": " + sqlite3_errmsg(db));
  return {};
}

}  // namespace assay::checks
