#include "agent/probes/linux/updates/rpm/primary_database.h"

#include <sqlite3.h>

#include <memory>

#include "agent/probes/linux/software/rpm/sqlite_bytes.h"
#include "agent/probes/linux/updates/rpm/xml_scanner.h"
#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

constexpr const char* kQuery = "SELECT name, arch, epoch, version, release FROM main.packages";
constexpr int kMaxSteps = 20 * static_cast<int>(kMaxDatabasePackages);  // of SQLite's machine
constexpr int kMaxRowBytes = 4 << 20;  // the longest description has some tens of thousands

using Query =
    std::unique_ptr<::sqlite3_stmt, decltype([](::sqlite3_stmt* s) { ::sqlite3_finalize(s); })>;

// The one table may be read, and no function run.
int allow(void*, int action, const char* table, const char*, const char*, const char*) {
  if (action == SQLITE_SELECT) return SQLITE_OK;
  const bool is_packages = action == SQLITE_READ && ::sqlite3_stricmp(table, "packages") == 0;
  return is_packages ? SQLITE_OK : SQLITE_DENY;
}

std::unexpected<Error> incomplete() {
  return fail(Code::kInvalidData, "a package without name, architecture or version");
}

// Of a number, its digits. Empty for NULL and for what is no text.
std::string_view text_at(::sqlite3_stmt* row, int column) {
  const auto type = ::sqlite3_column_type(row, column);
  if (type != SQLITE_TEXT && type != SQLITE_INTEGER) return {};
  const auto* text = reinterpret_cast<const char*>(::sqlite3_column_text(row, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(::sqlite3_column_bytes(row, column))};
}

Status show_row(::sqlite3_stmt* row, const std::function<bool(std::string_view)>& is_wanted,
                const std::function<void(const OfferedRpm&)>& show) {
  for (int column = 0; column < ::sqlite3_column_count(row); ++column)
    if (text_at(row, column).size() > kMaxXmlTextBytes)
      return fail(Code::kTooLarge, "a text longer than the limit");
  const auto name = text_at(row, 0);
  const auto arch = text_at(row, 1);
  auto version = rpm_version_text(text_at(row, 2), text_at(row, 3), text_at(row, 4));
  if (name.empty() || arch.empty() || version.empty()) return incomplete();
  if (is_wanted(name))
    show({.name = std::string(name), .arch = std::string(arch), .version = std::move(version)});
  return {};
}

}  // namespace

Status scan_primary_database(ByteSource& database,
                             const std::function<bool(std::string_view)>& is_wanted,
                             const std::function<void(const OfferedRpm&)>& show) {
  if (!ends_with_a_page(database))
    return fail(Code::kInvalidData, "no database of SQLite, or one that is cut short");
  const auto db = SqliteBytes::open(database, nullptr);
  if (!db) return fail(db.error());
  auto* connection = db->connection();
  ::sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, kMaxRowBytes);
  ::sqlite3_progress_handler(connection, kMaxSteps, [](void*) { return 1; }, nullptr);
  if (!db->has_table("packages", "name")) return fail(db->error());
  ::sqlite3_set_authorizer(connection, allow, nullptr);
  ::sqlite3_stmt* raw = nullptr;
  const int prepared = ::sqlite3_prepare_v2(connection, kQuery, -1, &raw, nullptr);
  const Query query(raw);
  if (prepared != SQLITE_OK) return fail(db->error());
  std::size_t count = 0;
  int stepped = SQLITE_ROW;
  while ((stepped = ::sqlite3_step(raw)) == SQLITE_ROW) {
    if (++count > kMaxDatabasePackages)
      return fail(Code::kTooLarge, "more packages than the limit");
    if (auto shown = show_row(raw, is_wanted, show); !shown) return shown;
  }
  if (stepped != SQLITE_DONE) return fail(db->error());
  return {};
}

Result<std::uint64_t> scan_database(Host& host, const std::string& path,
                                    const std::function<bool(std::string_view)>& is_wanted,
                                    const std::function<void(const OfferedRpm&)>& show) {
  const auto context = "reading " + path;
  const auto scan = [&](ByteSource& bytes) -> Result<std::uint64_t> {
    if (auto done = scan_primary_database(bytes, is_wanted, show); !done)
      return fail(done.error().within(context));
    return bytes.size();
  };
  const auto unpacker = unpacker_for(path);
  if (!unpacker) return fail(unpacker.error().within(context));
  if (*unpacker != nullptr) {
    const auto whole = read_stored_file(host, path, kMaxHeldDatabaseBytes);
    if (!whole) return fail(whole.error());
    MemoryBytes bytes(*whole);
    return scan(bytes);
  }
  const auto before = host.status(path);
  if (!before) return fail(before.error());
  HostBytes bytes(host, path, static_cast<std::uint64_t>(before->size_bytes));
  auto scanned = scan(bytes);
  const auto after = host.status(path);
  if (!after) return fail(after.error());
  // Pages of two files would make a third that never was.
  if (!is_same_content(*before, *after))
    return fail(Code::kUnavailable, context + ": replaced while it was read");
  return scanned;
}

}  // namespace assay::agent
