// What assay-scanner answers, as the agent reads it: what is accepted are tables that the agent
// declares, each once, and written again they are the same bytes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/scanner/scanned_tables.h"
#include "evidence/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;  // NOLINT: a fuzz target is about one thing
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tables = agent::scanned_tables(bytes);
  if (!tables) return 0;
  if (tables->size() > agent::kMaxScannedTables) std::abort();
  std::string again;
  for (const auto& table : *tables) {
    const auto& name = table.header().table;
    const auto* spec = evidence::find_table(name);
    if (spec == nullptr || spec->origin != evidence::Origin::kHost) std::abort();
    if (agent::table_named(*tables, name) != &table) std::abort();
    again += evidence::to_canonical(table).value();
  }
  if (again != bytes) std::abort();
  return 0;
}
