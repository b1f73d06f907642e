#include "collector/store/store.h"

namespace assay::collector {

Result<DeliveryBasis> Store::delivery_basis(std::string_view serial,
                                            const std::optional<evidence::Digest>& base) {
  return measured("delivery_basis", [&] { return do_delivery_basis(serial, base); });
}

Result<std::vector<Text>> Store::self_check() {
  return measured("self_check", [&] { return do_self_check(); });
}

}  // namespace assay::collector
