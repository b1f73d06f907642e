// The collector's state folder, mode 0700:
//   store.db       everything that was accepted and judged
//   identity/      the certificate authority
//   collector.yaml settings; optional
//   serve.json     while it serves: process and ports
#pragma once

#include <memory>
#include <string>

#include "collector/identity/authority.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

inline constexpr const char* kDefaultState = "/var/lib/assay/collector";

[[nodiscard]] inline std::string identity_folder(const std::string& state) {
  return state + "/identity";
}
// Makes the database when `may_create`; otherwise kNotFound tells to run init first.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const std::string& state, bool may_create);
[[nodiscard]] evidence::Seconds system_now();

}  // namespace assay::collector
