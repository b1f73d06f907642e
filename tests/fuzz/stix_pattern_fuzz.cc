// Any bytes as a pattern of STIX: either entries that the lists can look up, or a reason.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "agent/network/sensor/lists/stix_pattern.h"
#include "agent/network/sensor/packet/bytes.h"

using namespace assay::agent::sensor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view why;
  const auto entries = entries_of_pattern(text_of({data, size}), &why);
  if (!entries) {
    if (why.empty()) std::abort();
    return 0;
  }
  if (entries->empty()) std::abort();
  for (const auto& entry : *entries)
    if (entry.kind == EntryKind::kDomain && domain_from(entry.domain) != entry.domain) std::abort();
  return 0;
}
