// Auditors' packs that were made.
#include "collector/store/sql/acts.h"
#include "collector/store/sql/posture_rows.h"
#include "collector/store/sql/record_rows.h"
#include "collector/store/sql/rows.h"
#include "collector/store/sql/sql_store.h"
#include "evidence/refusal.h"

namespace assay::collector::sql {
namespace {

constexpr std::string_view kPrefix = "PACK-";
constexpr std::string_view kColumns =
    "SELECT p.number, p.framework, p.edition, p.since, p.as_of, p.hosts, p.digest, p.token_id,"
    " p.name, p.at, a.number FROM packs p JOIN acts a ON a.kind = 'pack_made' AND"
    " a.record = CAST(p.number AS TEXT) ";

std::string sql(std::string_view rest) {
  return std::string(kColumns).append(rest);
}

PackRecord read_pack(const Statement& row) {
  PackRecord pack;
  pack.id = record_id(kPrefix, row.integer(0));
  pack.framework = row.text(1);
  pack.edition = row.text(2);
  pack.since = row.optional_time(3);
  pack.as_of = row.time(4);
  pack.hosts = split_frameworks(row.text(5));
  pack.digest = row.digest(6);
  pack.by = {row.text(7), row.text(8)};
  pack.at = row.time(9);
  pack.act = row.integer(10);
  return pack;
}

}  // namespace

Result<PackRecord> SqlStore::do_add_pack(const PackRecord& pack) {
  return writing(Lock::kRecords, [&](Connection& connection) -> Result<PackRecord> {
    auto known = connection.prepare(sql("WHERE p.digest = ?"));
    known.bind(pack.digest);
    const auto row = known.step();
    if (!row) return fail(row.error());
    if (*row) return read_pack(known);
    auto rows = connection.prepare(
        "INSERT INTO packs (framework, edition, since, as_of, hosts, digest, token_id, name, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number");
    rows.bind(pack.framework, pack.edition, pack.since, pack.as_of, join_frameworks(pack.hosts),
              pack.digest, pack.by.token_id, pack.by.name, pack.at);
    const auto number = inserted(rows);
    if (!number) return fail(number.error());
    if (auto done = add_act(connection, "pack_made", *number, pack.at); !done)
      return fail(done.error());
    auto added = connection.prepare(sql("WHERE p.number = ?"));
    added.bind(*number);
    return one(added, read_pack, [] { return phrase({"no such pack", "沒有這份稽核包"}); });
  });
}

Result<PackRecord> SqlStore::do_pack(std::string_view id) {
  return reading([&](Connection& connection) -> Result<PackRecord> {
    auto rows = connection.prepare(sql("WHERE p.number = ?"));
    rows.bind(record_number(kPrefix, id));
    return one(rows, read_pack, [&] { return phrase({"no pack {}", "找不到稽核包 {}"}, id); });
  });
}

Result<Page<PackRecord>> SqlStore::do_packs(const PageRequest& page) {
  return reading([&](Connection& connection) -> Result<Page<PackRecord>> {
    auto rows =
        connection.prepare(sql("WHERE ?1 = 0 OR p.number < ?1 ORDER BY p.number DESC LIMIT ?2"));
    rows.bind(record_number(kPrefix, page.cursor), page.limit + 1);
    return page_of(rows, page.limit, read_pack, [](const PackRecord& last) { return last.id; });
  });
}

}  // namespace assay::collector::sql
