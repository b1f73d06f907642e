// The tables of a bundle's newest manifest, as the check engine asks for them: what was collected
// once can be judged anywhere, by any content, years later.
//
// Belongs to one thread; the bundle must outlive it.
#pragma once

#include "checks/engine/evaluation.h"
#include "evidence/bundle.h"
#include "evidence/manifest.h"

namespace assay::checks::testing {

class BundleTables final : public TableSource {
 public:
  // Of the manifest that ended last. kInvalidData without one, or when it cannot be read. Whether
  // the evidence holds is evidence::verify()'s to say.
  [[nodiscard]] static Result<BundleTables> newest(const evidence::Bundle& bundle);

  [[nodiscard]] const evidence::Manifest& manifest() const { return manifest_; }
  [[nodiscard]] Entry find(std::string_view table) const override;
  // kInvalidData for a table that the bundle lacks or that is not what its digest says.
  [[nodiscard]] Result<evidence::Table> load(std::string_view table) const override;

 private:
  BundleTables(const evidence::Bundle& bundle, evidence::Manifest manifest)
      : bundle_(bundle), manifest_(std::move(manifest)) {}

  const evidence::Bundle& bundle_;
  evidence::Manifest manifest_;
};

}  // namespace assay::checks::testing
