#include "tests/unit/source_file.h"

namespace assay {

std::string source_file(std::string_view name) {
  return std::string(ASSAY_SOURCE_DIR "/").append(name);
}

}  // namespace assay
