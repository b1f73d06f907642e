// rsyslog's settings as an attacker on the host may write them: refused, or statements with lines.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/operations/logging/rsyslog_conf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Kind = assay::agent::RsyslogStatement::Kind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statements = assay::agent::parse_rsyslog_conf(text);
  if (!statements) return 0;
  std::int64_t line = 1;
  for (const auto& statement : *statements) {
    if (statement.line < line) std::abort();  // they come in order
    line = statement.line;
    if (statement.kind == Kind::kAction && statement.text.empty()) std::abort();
    if (statement.kind == Kind::kObject && statement.name.empty()) std::abort();
  }
  return 0;
}
