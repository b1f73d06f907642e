// How large a catalogue may be.
#pragma once

#include <cstddef>

namespace assay::collector {

inline constexpr std::size_t kMaxCatalogueBytes = 64U << 20U;  // unpacked

}  // namespace assay::collector
