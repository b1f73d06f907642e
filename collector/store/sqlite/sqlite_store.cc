#include "collector/store/sqlite/sqlite_store.h"

#include "collector/store/sql/kept_digests.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/self_check.h"
#include "collector/store/sql/versions.h"
#include "collector/store/sqlite/schema.h"
#include "evidence/refusal.h"

namespace assay::collector::sqlite {

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const Options& options) {
  std::unique_ptr<SqliteStore> store(new SqliteStore);
  auto writer = Connection::open(options.path, Access::kReadWrite);
  if (!writer) return fail(writer.error());
  store->writer_ = std::move(*writer);
  std::string settings =
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF;"
      "PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096;";
  if (options.max_pages > 0)
    settings += "PRAGMA max_page_count = " + std::to_string(options.max_pages) + ";";
  if (auto set = store->writer_->execute(settings); !set) return fail(set.error());
  if (!options.may_migrate) {
    const auto version = version_of(*store->writer_);
    if (!version) return fail(version.error().within(options.path));
    if (*version > newest_version())
      return fail(sql::newer_version(*version, newest_version()).error().within(options.path));
    if (*version != newest_version())
      return refuse(Code::kConfiguration,
                    {"{} is of another version of Assay; to serve brings it forward",
                     "{} 屬於另一版的 Assay；執行「assay-collector serve」即會轉換"},
                    options.path);
  }
  if (auto migrated = migrate(*store->writer_, newest_version()); !migrated)
    return fail(migrated.error().within(options.path));
  for (std::size_t i = 0; i < options.readers; ++i) {
    auto reader = Connection::open(options.path, Access::kReadOnly);
    if (!reader) return fail(reader.error());
    store->idle_.push_back(std::move(*reader));
  }
  return store;
}

Status SqliteStore::run_writing(sql::Lock lock, const sql::Work& work) {
  const std::lock_guard alone(writing_);
  Transaction transaction(*writer_);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto done = work(*writer_); !done) return done;
  if (lock == sql::Lock::kRemoves) known_tables_.forget();
  return transaction.commit();
}

Status SqliteStore::run_reading(const sql::Work& work) {
  Reader reader(*this);
  return work(*reader);
}

Result<std::vector<Text>> SqliteStore::do_self_check() {
  Reader reader(*this);
  auto rows = reader->prepare("PRAGMA integrity_check");
  const auto said = sql::all(rows, [](const sql::Statement& row) { return row.text(0); });
  if (!said) return fail(said.error());
  std::vector<Text> complaints;
  for (const auto& words : *said)
    if (words != "ok") complaints.push_back({words, words});
  auto references = reader->prepare("PRAGMA foreign_key_check");
  const auto broken = sql::all(references, [](const sql::Statement& row) {
    return phrase(
        {"a row of {} refers to one of {} that is not there", "資料表 {} 的列所參照的 {} 不存在"},
        row.text(0), row.text(2));
  });
  if (!broken) return fail(broken.error());
  complaints.insert(complaints.end(), broken->begin(), broken->end());
  for (const auto& question : sql::kQuestions)
    if (auto asked = sql::ask(*reader, question, &complaints); !asked) return fail(asked.error());
  if (auto read = sql::check_kept_digests(*reader, &complaints); !read) return fail(read.error());
  return complaints;
}

SqliteStore::Reader::Reader(SqliteStore& store) : store_(store) {
  std::unique_lock lock(store.pool_mutex_);
  store.returned_.wait(lock, [&] { return !store.idle_.empty(); });
  connection_ = std::move(store.idle_.back());
  store.idle_.pop_back();
}

SqliteStore::Reader::~Reader() {
  {
    const std::lock_guard lock(store_.pool_mutex_);
    store_.idle_.push_back(std::move(connection_));
  }
  store_.returned_.notify_one();
}

}  // namespace assay::collector::sqlite
