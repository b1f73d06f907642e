#include "agent/network/main/table_stream.h"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "evidence/canonical.h"

namespace assay::agent {

Status write_tables(const std::vector<evidence::Table>& tables) {
  std::string all;
  for (const auto& table : tables) {
    const auto bytes = evidence::to_canonical(table);
    if (!bytes) return fail(bytes.error().within(table.header().table));
    all += *bytes;
  }
  std::string_view rest = all;
  while (!rest.empty()) {
    const auto written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(system_error(errno, "writing standard output"));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace assay::agent
