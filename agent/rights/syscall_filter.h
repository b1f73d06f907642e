// System calls that a process which talks to the network never makes.
#pragma once

#include "evidence/result.h"

namespace assay::agent {

// From now on, and in every thread started later, calls that start programs, trace others or change
// the kernel answer EPERM. Needs "no new privileges". kNotSupported on an architecture it has no
// list for, and where a container forbids filters.
[[nodiscard]] Status filter_system_calls();

}  // namespace assay::agent
