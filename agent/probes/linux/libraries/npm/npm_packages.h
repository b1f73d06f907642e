// Table npm_packages.
#pragma once

#include <memory>

#include "agent/probes/probe.h"

namespace assay::agent {

// Keeps the places of package.json files, which are read when the walk is over.
[[nodiscard]] std::unique_ptr<Walker> make_npm_packages();

inline constexpr std::size_t kMaxNpmPackages = 20'000;
inline constexpr std::size_t kMaxNpmManifestBytes = 1U << 20U;

}  // namespace assay::agent
