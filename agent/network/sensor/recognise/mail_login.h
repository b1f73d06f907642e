// What POP3, IMAP and SMTP have in common: SASL mechanisms that send a password as it is.
#pragma once

#include <string_view>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

// What a client sends with this mechanism (RFC 4616 PLAIN, LOGIN, RFC 7628 and XOAUTH2); kNone for
// those that prove the password without sending it.
[[nodiscard]] Secret secret_of_mechanism(std::string_view mechanism);

}  // namespace assay::agent::sensor
