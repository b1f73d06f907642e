// What a delivery of an agent is held against.
#pragma once

#include <optional>
#include <string>

#include "collector/store/evidence_store.h"
#include "collector/store/identity_store.h"

namespace assay::collector {

struct DeliveryBasis {
  std::optional<Certificate> certificate;  // without its `pem`; nullopt: it is not recorded here
  std::optional<Snapshot> base;            // nullopt: none was asked for, or none accepted
  // The frame of the manifest that the base's differs from; empty: it does not differ, or that one
  // is not there whole.
  std::string whole_frame;
};

}  // namespace assay::collector
