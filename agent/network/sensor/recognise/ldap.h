// What a message of LDAP sends in clear, for whoever reads on in a connection.
#pragma once

#include "agent/network/sensor/recognise/ber.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

// Of one LDAPMessage (RFC 4511 4.1.1), as far as it is there: that of a bind request; kNone for any
// other, and for what is no such message.
[[nodiscard]] Secret secret_of_ldap(const BerElement& message);

}  // namespace assay::agent::sensor
