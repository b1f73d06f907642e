// Any bytes as an index of apk's, fed in one piece and in small ones: the same packages, or an
// error, either way; and their versions in an order that is one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/updates/apk/apk_index.h"
#include "agent/probes/linux/updates/apk/apk_repositories.h"
#include "agent/probes/linux/updates/apk/apk_version.h"

namespace {

using namespace assay::agent;

std::string scan(std::string_view archive, std::size_t piece, std::vector<std::string>& versions) {
  std::string found;
  versions.clear();
  ApkIndexScanner scanner([&](const IndexedApk& package) {
    if (package.name.empty() || package.version.empty()) std::abort();
    found.append(package.name).append(1, '\0').append(package.version).append(1, '\0');
    if (versions.size() < 8) versions.emplace_back(package.version);
  });
  for (std::size_t at = 0; at < archive.size(); at += piece)
    if (!scanner.feed(archive.substr(at, piece))) return "refused";
  return scanner.finish() ? found : "refused";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> versions;
  const auto whole = scan(bytes, std::max<std::size_t>(size, 1), versions);
  if (scan(bytes, 1, versions) != whole || scan(bytes, 7, versions) != whole) std::abort();
  for (const auto& a : versions)
    for (const auto& b : versions) {
      const auto forth = apk_compare(a, b);
      const auto back = apk_compare(b, a);
      if (forth.has_value() != back.has_value() || (forth && *forth != -*back)) std::abort();
    }
  ApkRepositories repositories;
  parse_apk_repositories(bytes, repositories);
  for (const auto& repository : repositories.found)
    if (repository.url.empty()) std::abort();
  return 0;
}
