#include "agent/main/interrupts.h"

#include <signal.h>

namespace assay::agent {

void leave_interrupts_to_the_scanner() {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  (void)::sigaction(SIGINT, &action, nullptr);  // fails for signals that do not exist only
}

}  // namespace assay::agent
