// Long answers come in pages: ask with the cursor of the page before until there is none.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evidence/result.h"

namespace assay::collector {

struct PageRequest {
  std::string cursor;  // empty: from the start; otherwise Page::next as it was given, unread
  std::size_t limit = 100;
};
// A request for more gets this many.
inline constexpr std::size_t kMaxPage = 1000;
// … or as many of what changed between two moments, which is worked out anew for each page.
inline constexpr std::size_t kMaxChanges = 20'000;

// The request with its limit between 1 and `most`.
[[nodiscard]] inline PageRequest bounded(PageRequest page, std::size_t most = kMaxPage) {
  page.limit = page.limit < 1 ? 1 : page.limit > most ? most : page.limit;
  return page;
}

template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;  // empty on the last page
};

// Calls `take(item)` for every item of a paged answer: `read(PageRequest) -> Result<Page<T>>`,
// `take(item) -> Status`.
template <typename Read, typename Take>
Status for_every(Read read, Take take, std::size_t limit = kMaxPage) {
  PageRequest request{{}, limit};
  do {
    auto page = read(request);
    if (!page) return fail(page.error());
    for (auto& item : page->items)
      if (Status taken = take(item); !taken) return taken;
    request.cursor = page->next;
  } while (!request.cursor.empty());
  return {};
}

}  // namespace assay::collector
