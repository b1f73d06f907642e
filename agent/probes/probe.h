// A probe fills one table from what a Host shows.
//
// A probe either returns the whole table or an Error; it never returns the rows
// it had so far: half a table would be read as "nothing else is there".
//
// A new probe: declare its table in evidence/tables/, write the function in a
// folder of probes/, add one line to the list in that folder's header of the
// same name. Most probes are a plain function without state. One that needs to
// see all files is a Walker instead: all walkers share one walk.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "agent/host/budget_host.h"
#include "agent/host/host.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

using ProbeFunction = Result<evidence::Table> (*)(Host& host);

// Made for one walk, asked for its table at the end. Keeps what it needs of what it is shown,
// within limits of its own; the memory it takes must not grow with the tree.
class Walker : public TreeVisitor {
 public:
  [[nodiscard]] virtual Result<evidence::Table> finish(Host& host, const WalkSummary& walk) = 0;
};
using WalkerFactory = std::unique_ptr<Walker> (*)();

enum class Cadence {
  kEveryScan,
  kDaily,  // costs too much for every scan of a resident agent: it reads many files
};

struct Probe {
  std::string_view table;           // name of a declared table
  ProbeFunction collect = nullptr;  // exactly one of the two
  WalkerFactory walker = nullptr;
  Cadence cadence = Cadence::kEveryScan;  // walkers are always kDaily
  Budget budget{};
};

// All probes of this platform, sorted by table.
[[nodiscard]] std::span<const Probe> all_probes();
[[nodiscard]] const Probe* find_probe(std::string_view table);

}  // namespace assay::agent
