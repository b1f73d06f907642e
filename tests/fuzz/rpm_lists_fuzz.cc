// Any bytes as the three files of an rpm repository, in one piece and in small ones: the same
// packages, or an error, either way.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/probes/linux/updates/rpm/advisories.h"
#include "agent/probes/linux/updates/rpm/primary_list.h"
#include "agent/probes/linux/updates/rpm/repository_index.h"

namespace {

using namespace assay::agent;

bool is_wanted(std::string_view name) {
  return name.size() % 2 == 1;
}

template <typename Scanner>
std::string scan(Scanner& scanner, const std::string& found, std::string_view text,
                 std::size_t piece) {
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!scanner.feed(text.substr(at, piece))) return "refused";
  return scanner.finish() ? found : "refused";
}

std::string primary(std::string_view text, std::size_t piece) {
  std::string found;
  PrimaryScanner scanner(is_wanted, [&](const OfferedRpm& package) {
    if (package.name.empty() || package.version.empty()) std::abort();
    found += package.name + '\0' + package.version + '\0';
  });
  return scan(scanner, found, text, piece);
}

std::string advisories(std::string_view text, std::size_t piece) {
  std::string found;
  AdvisoryScanner scanner(is_wanted, [&](const AdvisedRpm& advised) {
    if (advised.name.empty() || advised.version.empty()) std::abort();
    found += advised.advisory + '\0' + advised.module + '\0' + advised.name + '\0';
  });
  return scan(scanner, found, text, piece);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = std::max<std::size_t>(size, 1);
  for (const auto read : {primary, advisories}) {
    const auto found = read(text, whole);
    for (const std::size_t piece : {1U, 7U})
      if (read(text, piece) != found) std::abort();
  }
  if (const auto lists = parse_repository_index(text))
    for (const auto& list : *lists)
      if (list.file.empty() || list.file.find('/') != std::string::npos) std::abort();
  return 0;
}
