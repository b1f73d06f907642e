#include "checks/engine/database.h"

#include <sqlite3.h>

#include <array>
#include <map>

#include "checks/engine/evidence_module.h"
#include "checks/engine/functions.h"
#include "checks/engine/sqlite_memory.h"

namespace assay::checks {

namespace {

struct StatementCloser {
  void operator()(sqlite3_stmt* statement) const { (void)sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementCloser>;

// SQLite's own functions whose answer depends on their arguments alone.
constexpr auto kPureFunctions = std::to_array<std::string_view>(
    {"->",          "->>",          "abs",          "avg",
     "char",        "coalesce",     "count",        "dense_rank",
     "first_value", "glob",         "group_concat", "hex",
     "ifnull",      "iif",          "instr",        "json_array_length",
     "json_each",   "json_extract", "json_type",    "json_valid",
     "lag",         "last_value",   "lead",         "length",
     "like",        "lower",        "ltrim",        "max",
     "min",         "nullif",       "quote",        "rank",
     "replace",     "round",        "row_number",   "rtrim",
     "sign",        "substr",       "sum",          "total",
     "trim",        "typeof",       "upper"});

bool is_pure_function(std::string_view name) {
  for (const auto known : kPureFunctions)
    if (known.size() == name.size() &&
        sqlite3_strnicmp(known.data(), name.data(), static_cast<int>(name.size())) == 0)
      return true;
  return is_own_function(name);
}

// More statements than any content has; whoever asks ever new ones starts anew.
constexpr std::size_t kMostKept = 4'000;

}  // namespace

struct Database::State {
  sqlite3* db = nullptr;
  // SQLite keeps the address of each; they go after it.
  std::map<std::string, ShownTable, std::less<>> tables;
  bool keeps_statements = false;
  std::map<std::string, Statement, std::less<>> kept;
  bool declares = false;   // SQLite is being told the columns of a table
  Reads* reads = nullptr;  // where the authorizer notes what is read
  std::string refusal;     // what the authorizer refused, in words
  std::int64_t steps = 0;

  ~State() {
    kept.clear();
    (void)sqlite3_close_v2(db);
  }

  int authorize(int action, const char* first, const char* second);
  Result<Statement> prepare(std::string_view sql);
  // A statement ready to be stepped; `own` keeps it when it is not kept here.
  Result<sqlite3_stmt*> ready(std::string_view sql, Statement& own);
};

int Database::State::authorize(int action, const char* first, const char* second) {
  if (declares) return SQLITE_OK;
  const std::string_view subject = first == nullptr ? "" : first;
  const std::string_view detail = second == nullptr ? "" : second;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION:
      if (is_pure_function(detail)) return SQLITE_OK;
      refusal = "the function " + std::string(detail) + "() is not allowed in a query";
      return SQLITE_DENY;
    case SQLITE_READ:
      if (tables.contains(subject)) {
        if (reads != nullptr) {
          reads->tables.emplace(subject);
          if (subject == "parameters" && !detail.empty()) reads->parameters.emplace(detail);
        }
        return SQLITE_OK;
      }
      // A common table expression of which no column is used is reported like a table.
      if (detail.empty() && !subject.starts_with("sqlite_") && !subject.starts_with("pragma_"))
        return SQLITE_OK;
      if (subject == "json_each") return SQLITE_OK;
      refusal = "the table " + std::string(subject) + " may not be read";
      return SQLITE_DENY;
    default: refusal = "a query may only read (SELECT)"; return SQLITE_DENY;
  }
}

Result<Statement> Database::State::prepare(std::string_view sql) {
  refusal.clear();
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
  Statement statement(raw);
  if (code != SQLITE_OK)
    return fail(Code::kConfiguration, refusal.empty() ? sqlite3_errmsg(db) : refusal);
  if (statement == nullptr) return fail(Code::kConfiguration, "the query is empty");
  const auto rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  if (rest.find_first_not_of(" \t\r\n;") != std::string_view::npos)
    return fail(Code::kConfiguration, "more than one statement");
  // Some statements, like REINDEX without an index to do, never ask the authorizer.
  const bool is_select = sqlite3_stmt_readonly(raw) != 0 && sqlite3_stmt_isexplain(raw) == 0 &&
                         sqlite3_column_count(raw) > 0;
  if (!is_select) return fail(Code::kConfiguration, "a query may only read (SELECT)");
  return statement;
}

Result<sqlite3_stmt*> Database::State::ready(std::string_view sql, Statement& own) {
  if (const auto known = kept.find(sql); known != kept.end()) return known->second.get();
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  if (!keeps_statements) {
    own = std::move(*statement);
    return own.get();
  }
  if (kept.size() >= kMostKept) kept.clear();
  return kept.emplace(sql, std::move(*statement)).first->second.get();
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(bool keeps_statements) {
  (void)pool_sqlite_memory();  // refused where the process has used SQLite before
  auto state = std::make_unique<State>();
  state->keeps_statements = keeps_statements;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY |
                         SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  if (sqlite3_open_v2(":memory:", &state->db, kFlags, nullptr) != SQLITE_OK)
    return fail(Code::kInternal, "opening a database in memory");
  sqlite3* db = state->db;
  (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "x" is a column, never text
  (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
  (void)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 256 << 10);
  (void)sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 200);
  (void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  if (auto added = add_own_functions(db); !added) return fail(added.error());
  if (sqlite3_exec(db, "PRAGMA temp_store=MEMORY", nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail(Code::kInternal, sqlite3_errmsg(db));
  (void)sqlite3_set_authorizer(
      db,
      [](void* self, int action, const char* first, const char* second, const char*, const char*) {
        return static_cast<State*>(self)->authorize(action, first, second);
      },
      state.get());
  constexpr int kStepsPerCall = 10'000;
  sqlite3_progress_handler(
      db, kStepsPerCall,
      [](void* self) {
        auto* owner = static_cast<State*>(self);
        owner->steps += kStepsPerCall;
        return owner->steps > kMaxQuerySteps ? 1 : 0;
      },
      state.get());
  return Database(std::move(state));
}

Status Database::create(const evidence::Header& header) {
  if (const auto before = state_->tables.find(header.table); before != state_->tables.end()) {
    state_->kept.clear();
    if (auto gone = remove_evidence_table(state_->db, header.table); !gone) return gone;
    state_->tables.erase(before);
  }
  const auto made = state_->tables.try_emplace(header.table, header, state_->declares).first;
  return add_evidence_table(state_->db, made->second);
}

Status Database::show(std::shared_ptr<const evidence::Table> table) {
  const auto& header = table->header();
  const auto known = state_->tables.find(header.table);
  if (known == state_->tables.end() || known->second.header().columns != header.columns)
    if (auto made = create(header); !made) return made;
  state_->tables.find(header.table)->second.show(std::move(table));
  return {};
}

Result<Reads> Database::analyse(std::string_view sql) {
  Reads reads;
  for (auto& [name, table] : state_->tables) table.is_planned = false;
  state_->reads = &reads;
  const auto statement = state_->prepare(sql);
  state_->reads = nullptr;
  if (!statement) return fail(statement.error());
  for (const auto& [name, table] : state_->tables)
    if (table.is_planned) reads.tables.insert(name);
  for (int i = 0; i < sqlite3_column_count(statement->get()); ++i)
    reads.columns.emplace_back(sqlite3_column_name(statement->get(), i));
  return reads;
}

namespace {

evidence::Value cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return evidence::kNull;
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    default: {
      const auto* text = sqlite3_column_text(statement, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return std::string(reinterpret_cast<const char*>(text), text == nullptr ? 0 : size);
    }
  }
}

}  // namespace

namespace {

// A statement that is kept holds no row when its query has ended, however it has.
struct Rewinder {
  sqlite3_stmt* statement;
  ~Rewinder() { (void)sqlite3_reset(statement); }
};

// What a row takes in memory, near enough.
std::size_t bytes_of(const evidence::Row& row) {
  std::size_t sum = sizeof row + row.size() * sizeof(evidence::Value);
  for (const auto& value : row)
    if (const auto* text = std::get_if<std::string>(&value)) sum += text->size();
  return sum;
}

}  // namespace

Result<QueryResult> Database::query(std::string_view sql, std::int64_t max_rows) {
  Statement own;
  const auto statement = state_->ready(sql, own);
  if (!statement) return fail(statement.error());
  sqlite3_stmt* select = *statement;
  const Rewinder rewinder{select};
  QueryResult result;
  const int columns = sqlite3_column_count(select);
  for (int i = 0; i < columns; ++i) result.columns.emplace_back(sqlite3_column_name(select, i));
  state_->steps = 0;
  int code = SQLITE_ROW;
  std::size_t bytes = 0;
  while ((code = sqlite3_step(select)) == SQLITE_ROW) {
    if (result.row_count++ >= max_rows) continue;
    evidence::Row row;
    for (int i = 0; i < columns; ++i) row.push_back(cell(select, i));
    if ((bytes += bytes_of(row)) > kMaxQueryBytes)
      return fail(Code::kTooLarge, "the query answers with more than " +
                                       std::to_string(kMaxQueryBytes >> 20U) + " MiB");
    result.rows.push_back(std::move(row));
  }
  if (code == SQLITE_INTERRUPT)
    return fail(Code::kTooLarge,
                "the query needs more than " + std::to_string(kMaxQuerySteps) + " steps");
  if (code == SQLITE_TOOBIG || code == SQLITE_NOMEM)
    return fail(Code::kTooLarge, sqlite3_errmsg(state_->db));
  if (code != SQLITE_DONE) return fail(Code::kConfiguration, sqlite3_errmsg(state_->db));
  return result;
}

}  // namespace assay::checks
