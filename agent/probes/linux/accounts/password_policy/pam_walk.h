// How libpam goes through a stack when its modules answer in a given way. With it one
// can ask what a stack really enforces: "if pam_pwquality refuses, is the password set?"
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/pam_stack.h"

namespace assay::agent {

struct PamWalk {
  bool is_granted = false;
  std::vector<std::size_t> called;  // indices of the entries that ran, in order
};

// Called once for each module that runs, in order.
using PamOracle = std::function<PamResult(std::size_t index)>;

[[nodiscard]] PamWalk walk(const PamStack& stack, const PamOracle& answer);

}  // namespace assay::agent
