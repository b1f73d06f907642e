// Any bytes as ufw's rules or as a file of firewalld.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/firewall/firewalld.h"
#include "agent/probes/linux/firewall/ufw.h"

using namespace assay::agent;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto family : {IpFamily::kV4, IpFamily::kV6})
    for (const auto& chain : parse_ufw_rules(text, family).chains)
      for (const auto& rule : chain.rules)
        // A rule that decides nothing would be a comment taken for a rule.
        if (rule.action == Action::kContinue) std::abort();
  (void)parse_xml_tags(text);  // whether it is XML is not the question here
  return 0;
}
