// Table python_packages.
#pragma once

#include <memory>

#include "agent/probes/probe.h"

namespace assay::agent {

// Keeps the places of packages' metadata, which are read when the walk is over.
[[nodiscard]] std::unique_ptr<Walker> make_python_packages();

inline constexpr std::size_t kMaxPythonPackages = 20'000;
// Name, version and author stand before it.
inline constexpr std::size_t kMaxPythonMetadataBytes = 64U << 10U;

}  // namespace assay::agent
