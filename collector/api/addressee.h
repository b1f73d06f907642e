// To whom the documents' controls are put: the organisation of the settings, and a host as the
// register marks it.
#pragma once

#include "checks/engine/applicability.h"
#include "collector/api/service.h"

namespace assay::collector::api {

// `entry` is the register's of that host.
[[nodiscard]] checks::Addressee addressee_of(const Service& service, const Host& host,
                                             const RegisterEntry& entry);

}  // namespace assay::collector::api
