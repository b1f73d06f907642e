// Any bytes as apt's sources, settings, pins and Release files: refused, or whole, and no address
// shows a password.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/apt/preferences.h"
#include "agent/probes/linux/updates/apt/release_file.h"
#include "agent/probes/linux/updates/apt/source_list.h"

namespace {

using namespace assay::agent;

void check(const assay::Result<std::vector<AptSource>>& sources) {
  if (!sources) return;
  for (const auto& source : *sources) {
    if (source.uri.empty() || source.suite.empty() || source.type.empty()) std::abort();
    if (list_prefix(source).contains('/')) std::abort();
    const auto shown = public_address(source.uri);
    if (public_address(shown) != shown && !shown.contains('@')) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(parse_source_lines(text));
  check(parse_source_paragraphs(text));
  AptConf conf;
  if (conf.add(text, "f"))
    for (const auto& setting : conf.settings())
      if (setting.line < 1) std::abort();
  const AptRelease release;
  if (const auto pins = parse_preferences(text))
    for (const auto& pin : *pins) {
      if (pin.packages.empty() || pin.priority == 0) std::abort();
      (void)pin.matches({release, "h", "main"});  // must only end
      (void)pin.names("a", "b");
    }
  (void)parse_release(text);  // must only end
  (void)size_in_release(text, "main/binary-amd64/Packages");
  return 0;
}
