#include "collector/store/seal.h"

#include <algorithm>

#include "evidence/digest.h"

namespace assay::collector {
namespace {

constexpr std::size_t kSealBytes = 8;

std::string seal_of(std::string_view frame, std::string_view under) {
  evidence::Sha256 hash;
  hash.add(under);
  hash.add(frame);
  return hash.finish().raw().substr(0, kSealBytes);
}

}  // namespace

std::string sealed(std::string_view frame, std::string_view under) {
  return seal_of(frame, under).append(frame);
}

Result<std::string_view> unsealed(std::string_view kept, std::string_view under) {
  const auto frame = kept.substr(std::min(kept.size(), kSealBytes));
  if (seal_of(frame, under) != kept.substr(0, kSealBytes))
    return fail(Code::kInvalidData, "what is kept was altered");
  return frame;
}

}  // namespace assay::collector
