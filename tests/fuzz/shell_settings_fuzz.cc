// Any text as a file that shells read: values are plain or left out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/accounts/login_rules/shell_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLongestValue = 16;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& found : {assay::agent::parse_sh(text), assay::agent::parse_csh(text)})
    for (const auto& setting : found)
      if (setting.line < 1 || (setting.value && setting.value->size() > kLongestValue))
        std::abort();
  return 0;
}
