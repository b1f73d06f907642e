// Any bytes as what packages say of themselves: refused, or words of bounded length.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/libraries/java/jar_facts.h"
#include "agent/probes/linux/libraries/npm/npm_manifest.h"
#include "agent/probes/linux/libraries/package_text.h"
#include "agent/probes/linux/libraries/programs/go_build_info.h"
#include "agent/probes/linux/libraries/programs/package_files.h"
#include "agent/probes/linux/libraries/python/python_metadata.h"
#include "agent/probes/linux/software/apk_files.h"

namespace {

void check(const std::string& words) {
  if (words.size() > assay::agent::kMaxWordsBytes + std::string_view("…").size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::agent;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto python = parse_python_metadata(text)) {
    if (python->name.empty()) std::abort();
    check(python->author);
    check(python->license);
  }
  if (const auto npm = parse_npm_manifest(text)) {
    check(npm->name);
    check(npm->license);
    check(npm->homepage);
  }
  check(parse_jar_manifest(text).name);
  check(parse_pom_properties(text).artifact);
  if (const auto go = parse_go_modules(text))
    for (const auto& module : go->dependencies) check(module.path);
  if (const auto diversions = parse_diversions(text))
    for (const auto& diversion : *diversions)
      if (!diversion.from.starts_with('/')) std::abort();
  (void)read_apk_files(text, [](std::string_view path, std::string_view) {  // refused or not: paths are absolute
    if (!path.starts_with('/')) std::abort();
  });
  return 0;
}
