// What waivers and attestations have in common.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "collector/store/sql/connection.h"
#include "evidence/result.h"

namespace assay::collector::sql {

// "W-17" is row 17.
[[nodiscard]] inline std::string record_id(std::string_view prefix, std::int64_t number) {
  return std::string(prefix) + std::to_string(number);
}
// 0, which no row has, for anything else.
[[nodiscard]] inline std::int64_t record_number(std::string_view prefix, std::string_view id) {
  std::int64_t number = 0;
  if (!id.starts_with(prefix)) return 0;
  id.remove_prefix(prefix.size());
  const auto* end = id.data() + id.size();
  const bool is_plain = !id.empty() && id.front() >= '1' && id.front() <= '9';
  const auto parsed = std::from_chars(id.data(), end, number);
  return is_plain && parsed.ptr == end && parsed.ec == std::errc() ? number : 0;
}

// Whether a record is about a host: it names the host (parameter `host`), one of the host's groups
// (parameter `groups`, ",a,b,"), or neither hosts nor groups. Its columns are lists like that.
[[nodiscard]] inline std::string is_about(const std::string& record, const std::string& host,
                                          const std::string& groups) {
  return "((" + record + ".hosts = ',' AND " + record + ".groups = ',') OR instr(" + record +
         ".hosts, ',' || " + host +
         " || ',') > 0 OR EXISTS (WITH RECURSIVE g(name, rest) AS ("
         "SELECT '', substr(" +
         groups +
         ", 2) UNION ALL SELECT substr(rest, 1, instr(rest, ',') - 1),"
         " substr(rest, instr(rest, ',') + 1) FROM g WHERE rest <> '')"
         " SELECT 1 FROM g WHERE name <> '' AND instr(" +
         record + ".groups, ',' || name || ',') > 0))";
}

// The number that an INSERT … RETURNING number gave.
[[nodiscard]] inline Result<std::int64_t> inserted(Statement& rows) {
  const auto row = rows.step();
  if (!row) return fail(row.error());
  const auto number = rows.integer(0);
  // The statement has ended, and with it its transaction, only when there is no further row.
  const auto end = rows.step();
  if (!end) return fail(end.error());
  return number;
}

}  // namespace assay::collector::sql
