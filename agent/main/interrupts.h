// Ctrl-C while the scanner looks at the network.
#pragma once

namespace assay::agent {

// Ctrl-C goes to the scanner as well, which then ends and tells what it saw: this program waits
// for that. The scanner begins with the default again.
void leave_interrupts_to_the_scanner();

}  // namespace assay::agent
