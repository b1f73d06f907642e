#include "collector/store/store.h"

namespace assay::collector {

Result<std::vector<std::string>> Store::self_check() {
  return measured("self_check", [&] { return do_self_check(); });
}

}  // namespace assay::collector
