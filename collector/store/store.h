// Where the collector keeps everything. One interface, engines behind it (sqlite/), and one
// conformance suite that every engine passes (tests/unit/collector/store/conformance.h).
//
// Public functions check what they are given and measure (meter()); the private virtual ones do
// the work. Safe from any thread; the caller waits for the disk, so never call it on a thread that
// serves the network.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/delivery_basis.h"
#include "collector/store/evidence_store.h"
#include "collector/store/identity_store.h"
#include "collector/store/ledger_store.h"
#include "collector/store/posture_store.h"
#include "collector/store/record_store.h"
#include "collector/store/register_store.h"
#include "collector/store/report_store.h"
#include "collector/store/retention_store.h"
#include "collector/store/terms_store.h"

namespace assay::collector {

class Store : public IdentityStore,
              public EvidenceStore,
              public LedgerStore,
              public PostureStore,
              public RegisterStore,
              public RecordStore,
              public TermsStore,
              public ReportStore,
              public RetentionStore {
 public:
  ~Store() override = default;
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // The certificate's record, and the snapshot that a difference is to: one question, as each
  // delivery asks it.
  [[nodiscard]] Result<DeliveryBasis> delivery_basis(std::string_view serial,
                                                     const std::optional<evidence::Digest>& base);

  // What the engine finds wrong with its own structure, some of it in the engine's own words; it
  // may take as long as reading everything. Changes nothing.
  [[nodiscard]] Result<std::vector<Text>> self_check();

 private:
  virtual Result<DeliveryBasis> do_delivery_basis(std::string_view serial,
                                                  const std::optional<evidence::Digest>& base) = 0;
  virtual Result<std::vector<Text>> do_self_check() = 0;
};

}  // namespace assay::collector
