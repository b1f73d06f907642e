// The hosts of a file, for a waiver on many of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cli/client/host_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::cli;
  const auto hosts = parse_host_list({reinterpret_cast<const char*>(data), size});
  if (!hosts) {
    if (!assay::reads_as_chinese(hosts.error().in(assay::Language::kChinese))) std::abort();
    return 0;
  }
  // Never none, which would be all; and what was taken is what is taken again.
  if (hosts->empty() || hosts->size() > kMaxListedHosts) std::abort();
  std::string again = "\n";  // a byte order mark is one in the first line alone
  for (const auto& host : *hosts) {
    if (host.empty() || host.size() > kMaxListedHostBytes) std::abort();
    again += host + "\n";
  }
  const auto same = parse_host_list(again);
  if (!same || *same != *hosts) std::abort();
  return 0;
}
