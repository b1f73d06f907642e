// Turning the rows of a statement into values.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "collector/store/page.h"
#include "collector/store/sql/connection.h"
#include "evidence/result.h"

namespace assay::collector::sql {

// The first row; kNotFound when there is none, with the words that missing() makes only then.
template <typename Read, typename Missing>
auto one(Statement& rows, Read read, Missing missing) -> Result<decltype(read(rows))> {
  auto row = rows.step();
  if (!row) return fail(row.error());
  if (!*row) return fail(Code::kNotFound, missing());
  return read(rows);
}

// Takes every row; where take() returns a Status, up to the first that it fails on.
template <typename Take>
Status each(Statement& rows, Take take) {
  for (;;) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    if constexpr (std::is_void_v<decltype(take(rows))>)
      take(rows);
    else if (Status taken = take(rows); !taken)
      return taken;
  }
}

template <typename Read>
auto all(Statement& rows, Read read) -> Result<std::vector<decltype(read(rows))>> {
  std::vector<decltype(read(rows))> answer;
  auto done = each(rows, [&](const Statement& row) { answer.push_back(read(row)); });
  if (!done) return fail(done.error());
  return answer;
}

// A cursor that is a number; none for an empty one, and 0 for what no store wrote.
[[nodiscard]] inline std::optional<std::int64_t> number_in(std::string_view cursor) {
  if (cursor.empty()) return std::nullopt;
  std::int64_t number = 0;
  (void)std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);  // 0 it stays
  return number;
}

// The statement must have been asked for one row more than the page holds.
template <typename Read, typename Cursor>
auto page_of(Statement& rows, std::size_t limit, Read read, Cursor cursor)
    -> Result<Page<decltype(read(rows))>> {
  auto items = all(rows, read);
  if (!items) return fail(items.error());
  Page<decltype(read(rows))> page{std::move(*items), {}};
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next = cursor(page.items.back());
  }
  return page;
}

}  // namespace assay::collector::sql
