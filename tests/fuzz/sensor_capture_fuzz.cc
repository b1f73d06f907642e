// Any bytes as a capture, read to its end by a sensor with little room: always six tables that are
// true to their declaration and have a canonical form.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "agent/network/sensor/capture/capture_file.h"
#include "agent/network/sensor/report/tables.h"
#include "evidence/canonical.h"

using namespace assay::agent::sensor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto file = CaptureFile::over({data, size});
  if (!file) return 0;
  Sensor sensor({.flows = 16, .streams = 2, .rows = 8192});
  Record record;
  Next state = Next::kRecord;
  while ((state = file->next(&record)) == Next::kRecord) sensor.take(record);
  sensor.finish();
  CaptureSource source{.name = "fuzz", .lost = file->lost_by_capture()};
  if (state == Next::kBroken) source.problem = file->problem().message();
  const auto tables = tables_of(sensor, source);
  if (tables.size() != 6) std::abort();
  for (const auto& table : tables)
    if (!table.defect().empty() || !assay::evidence::to_canonical(table)) std::abort();
  return 0;
}
