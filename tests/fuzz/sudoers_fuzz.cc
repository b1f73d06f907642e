// Any text as /etc/sudoers and as doas.conf: a whole table or an error, and nothing of a command's
// arguments in it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/accounts/sudo/doas_conf.h"
#include "agent/probes/linux/accounts/sudo/sudoers.h"
#include "agent/probes/linux/accounts/sudo/sudoers_text.h"
#include "tests/unit/agent/map_host.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  assay::agent::MapHost host{{"/etc/sudoers", text}};
  const auto table = assay::agent::collect_sudoers(host);
  if (table && !table->defect().empty()) std::abort();
  if (const auto lines = assay::agent::sudoers_lines(text)) {
    std::int64_t last = 0;
    for (const auto& line : *lines) {
      if (line.text.empty() || line.line <= last) std::abort();
      last = line.line;
    }
    // A line that was read has one row at least.
    if (table && table->rows().size() < lines->size()) std::abort();
  }
  if (const auto rules = assay::agent::parse_doas(text))
    for (const auto& rule : *rules)
      if (rule.line < 1) std::abort();
  return 0;
}
