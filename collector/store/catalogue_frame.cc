#include "collector/store/catalogue_frame.h"

#include "evidence/compress.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::size_t kMaxCatalogueBytes = 64U << 20U;

}  // namespace

Result<std::string> unpack_catalogue(std::string_view frame, const evidence::Digest& digest) {
  auto json = evidence::decompress(frame, kMaxCatalogueBytes);
  if (!json) return json;
  if (evidence::sha256(*json) != digest)
    return refuse(Code::kInvalidData,
                  {"catalogue {} is not what was stored", "規則目錄 {} 與當初存入的內容不同"},
                  digest.hex());
  return json;
}

}  // namespace assay::collector
