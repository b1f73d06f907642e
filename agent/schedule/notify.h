// What systemd wants to hear of a service (sd_notify(3)): one datagram.
#pragma once

#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// "READY=1", "STATUS=…", several separated by LF. Nothing happens where nobody listens
// ($NOTIFY_SOCKET is not set).
[[nodiscard]] Status notify_service_manager(std::string_view message);

}  // namespace assay::agent
