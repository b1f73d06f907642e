// assay_compile_content OUT FOLDER…: a step of the build.
#include <cstdio>
#include <fstream>

#include "checks/engine/content.h"

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const auto content = assay::checks::compile_content({argv + 2, argv + argc});
  if (!content) {
    (void)std::fprintf(stderr, "%s\n", content.error().message().c_str());
    return 78;
  }
  std::ofstream out(argv[1], std::ios::binary | std::ios::trunc);
  out << assay::checks::to_json(*content);
  return out.flush() ? 0 : 1;
}
