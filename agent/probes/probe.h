// A probe fills one table from what a Host shows.
//
// A probe is a plain function without state. It either returns the whole table
// or an Error; it never returns the rows it had so far: half a table would be
// read as "nothing else is there".
//
// A new probe: declare its table in evidence/tables/, write the function in
// probes/portable/ or probes/linux/, add one line to probes/registry.cc.
#pragma once

#include <span>
#include <string_view>

#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

using ProbeFunction = Result<evidence::Table> (*)(Host& host);

struct Probe {
  std::string_view table;  // name of a declared table
  ProbeFunction collect;
};

// All probes of this platform, sorted by table.
[[nodiscard]] std::span<const Probe> all_probes();
[[nodiscard]] const Probe* find_probe(std::string_view table);

}  // namespace assay::agent
