#include "collector/evaluation/families.h"

namespace assay::collector {

std::string family_key(std::string_view family, const std::vector<SharedGroup>& groups) {
  std::string key(family);
  for (const auto& group : groups) add_place(key, group.get());
  return key;
}

}  // namespace assay::collector
