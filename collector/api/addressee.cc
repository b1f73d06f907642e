#include "collector/api/addressee.h"

#include "collector/records/register_fields.h"

namespace assay::collector::api {

checks::Addressee addressee_of(const Service& service, const Host& host,
                               const RegisterEntry& entry) {
  const auto mark = value_in(fields_of(entry.fields), "is_core");
  const auto* is_core = std::get_if<std::int64_t>(&mark);
  return {service.organisation, host.profile,
          is_core == nullptr ? std::nullopt : std::optional(*is_core != 0)};
}

}  // namespace assay::collector::api
