// journald.conf, xrdp.ini and their like, with the sizes and spans of time in them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/operations/settings/systemd_units.h"
#include "agent/probes/linux/text/sections.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = parse_sections(text);
  if (!entries) return 0;
  for (const auto& entry : *entries) {
    if (last_entry_ignoring_case(*entries, entry.section, entry.key) == nullptr) std::abort();
    if (parse_systemd_bytes(entry.value).value_or(0) < 0) std::abort();
    if (parse_systemd_seconds(entry.value).value_or(0) < 0) std::abort();
  }
  return 0;
}
