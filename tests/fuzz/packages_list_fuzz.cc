// Any bytes as a list of packages, fed in one piece and in small ones: the same packages, or an
// error, either way.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/updates/apt/packages_list.h"
#include "agent/probes/linux/updates/stored_file.h"

namespace {

using namespace assay::agent;

std::string scan(std::string_view text, std::size_t piece) {
  std::string found;
  PackagesScanner scanner([](std::string_view name) { return name.size() % 2 == 1; },
                          [&](const ListedPackage& package) {
                            if (package.name.empty() || package.version.empty()) std::abort();
                            found += package.name + '\0' + package.version + '\0';
                          });
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!scanner.feed(text.substr(at, piece))) return "refused";
  return scanner.finish() ? found : "refused";
}

void unpack(std::string_view name, std::string_view text) {
  const auto unpacker = unpacker_for(name);
  std::string out;
  while (!text.empty() && out.size() < (8U << 20U)) {
    const auto before = text.size() + out.size() * 2;
    if (!(*unpacker)->unpack(text, out)) return;
    if (text.size() + out.size() * 2 == before) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = scan(text, std::max<std::size_t>(size, 1));
  if (scan(text, 1) != whole || scan(text, 7) != whole) std::abort();
  for (const auto* name : {"a.lz4", "a.gz", "a.xz", "a.zst"}) unpack(name, text);
  return 0;
}
