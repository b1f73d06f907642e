// A walker's table, made as a scan makes it.
#pragma once

#include <memory>

#include "agent/probes/probe.h"
#include "evidence/table.h"

namespace assay::agent {

inline Result<evidence::Table> walked(Host& host, const std::unique_ptr<Walker>& walker) {
  const auto walk = host.walk(*walker);
  if (!walk) return fail(walk.error());
  return walker->finish(host, *walk);
}

}  // namespace assay::agent
