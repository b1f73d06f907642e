#include "agent/host/host.h"

namespace assay::agent {
namespace {
constexpr std::size_t kMaxWholeBytes = 64U << 20U;
}

// For implementations that cannot read a part of a file.
Result<std::string> Host::read_start(std::string_view path, std::size_t bytes) {
  auto whole = read_file(path, kMaxWholeBytes);
  if (whole && whole->size() > bytes) whole->resize(bytes);
  return whole;
}

}  // namespace assay::agent
