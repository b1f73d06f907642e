// fsck as the commands show it: each damage as it is found, or all of them in one answer of JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "collector/fsck/fsck.h"
#include "collector/main/commands.h"
#include "evidence/result.h"

namespace assay::collector {

// By whom what is stored in this state folder's name must be signed, and the content by which its
// hosts were judged last, if it can be read. kNotFound before it was served for the first time:
// there is no ledger key.
[[nodiscard]] Result<FsckOptions> fsck_options(const std::string& state);

struct Examined {
  FsckCounts counts;
  nlohmann::ordered_json damaged = nlohmann::ordered_json::array();  // with -o json

  // kInvalidData when anything is.
  [[nodiscard]] Status verdict() const;
};
// Prints each damage, unless JSON is wanted.
[[nodiscard]] Result<Examined> examine_store(Store& store, const FsckOptions& signers,
                                             const CommonOptions& common);

}  // namespace assay::collector
