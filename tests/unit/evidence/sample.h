// Small evidence for tests: two tables, a manifest over them, and chains of signed manifests.
#pragma once

#include <string>

#include "evidence/bundle.h"
#include "evidence/manifest.h"
#include "evidence/table.h"
#include "tests/unit/evidence/authority.h"

namespace assay::evidence {

inline constexpr const char* kSampleHost = "7b1c6c2e-5f0d-4a53-9d0e-0f2a7f5b9f10";

// One integer column `n`, one text column `t`.
[[nodiscard]] Table sample_table();
// Lists sample_table() as "sample" and says that "shadow" could not be read.
[[nodiscard]] Manifest sample_manifest(std::int64_t sequence = 1);

struct SampleBundle {
  KeyAndCertificate authority;
  KeyAndCertificate agent;
  Bundle bundle;

  // Signs `manifest` with the agent's key and puts it in.
  void add(const Manifest& manifest);
};
// `manifests` of them, signed and chained, with their one table.
[[nodiscard]] SampleBundle sample_bundle(std::int64_t manifests = 2);

}  // namespace assay::evidence
