// Whether those who vouch for the ledger do: a time-stamp authority and witnesses, where the
// settings name them.
#pragma once

#include <string>
#include <vector>

#include "collector/main/doctor.h"
#include "collector/main/settings.h"
#include "collector/store/store.h"

namespace assay::collector {

[[nodiscard]] std::vector<Symptom> examine_vouchers(const Settings& settings,
                                                    const std::string& state, Store& store,
                                                    evidence::Seconds now);

}  // namespace assay::collector
