// A shell script in the courier's place.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {

inline std::string fake_courier(const ScratchFolder& folder, const std::string& script) {
  folder.write("courier.sh", "#!/bin/bash\n" + script + "\n");
  const auto path = folder.root() + "/courier.sh";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

// Whether it becomes true within ten seconds.
inline bool soon(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace assay::agent
