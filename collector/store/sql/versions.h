// What is said of a store that a program of another version has written.
#pragma once

#include <cstdint>

#include "evidence/refusal.h"

namespace assay::collector::sql {

// kConfiguration: forward only, so that nothing is lost that this program does not know of.
[[nodiscard]] inline std::unexpected<Error> newer_version(std::int64_t there, std::int64_t known) {
  return refuse(Code::kConfiguration,
                {"the store was written by a newer version of Assay ({}, this one knows {})",
                 "資料庫由較新版的 Assay 寫入（版本 {}，本程式只支援到 {}）"},
                there, known);
}

}  // namespace assay::collector::sql
