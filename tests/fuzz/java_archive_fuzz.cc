// Any bytes as a Java archive: always at least one row, every row with the path and no false cell.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/libraries/java/archive_inspector.h"
#include "evidence/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  evidence::Table table(*evidence::find_table("java_archives"));
  agent::MemoryBytes file(bytes);
  agent::ArchiveInspector("/fuzz.jar", table).inspect(file);
  if (table.rows().empty() || !table.defect().empty()) std::abort();
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    if (evidence::to_text(table.at(i, "path")) != "/fuzz.jar") std::abort();
    // What is not known has a reason.
    if (table.at(i, "name") == evidence::Value{} && table.at(i, "note") == evidence::Value{})
      std::abort();
  }
  return 0;
}
