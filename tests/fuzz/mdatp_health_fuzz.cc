// What a program that calls itself mdatp prints.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/probes/linux/security/products/mdatp_health.h"
#include "evidence/timestamp.h"

namespace {

void check_date(const std::string& date) {
  if (!date.empty() && !assay::evidence::from_date(date)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto health = assay::agent::parse_mdatp_health(text))
    check_date(health->definitions_date);
  if (const auto day = assay::agent::parse_mdatp_scans(text)) check_date(*day);
  (void)assay::agent::parse_mdatp_policy(text);  // any text will do
  return 0;
}
