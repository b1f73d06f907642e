// The hosts of tests/fixtures/hosts/, read as images.
#pragma once

#include <string>

#include "agent/host/live_host.h"
#include "tests/unit/source_file.h"

namespace assay::agent {

inline LiveHost fixture_host(const std::string& name) {
  return LiveHost(source_file("tests/fixtures/hosts/" + name));
}

}  // namespace assay::agent
