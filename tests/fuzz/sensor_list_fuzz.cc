// Any bytes as a block list: what is understood can be looked up again, and no exception is a hit.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "agent/network/sensor/lists/block_list.h"

using namespace assay::agent::sensor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto list = parse_block_list(text_of({data, size}));
  if (!list) return 0;
  const auto entries = list->entries;
  const bool has_exceptions = std::ranges::any_of(entries, &ParsedEntry::is_exception);
  BlockLists lists;
  lists.add("fuzz", std::move(*list));
  lists.prepare();
  for (const auto& entry : entries) {
    bool is_found = false;
    const auto visit = [&](const BlockLists::Entry& found) {
      if (found.what.is_exception) std::abort();
      is_found = true;
    };
    if (entry.kind == EntryKind::kDomain)
      lists.match((entry.reach == Reach::kBelowOnly ? "x." : "") + entry.domain, visit);
    else
      lists.match(entry.network.address, entry.port, visit);
    const bool is_refused = entry.kind != EntryKind::kDomain && !is_public(entry.network.address);
    // A name that is nearly too long has none below it.
    if (!is_found && !has_exceptions && !is_refused && entry.domain.size() < 250) std::abort();
  }
  return 0;
}
