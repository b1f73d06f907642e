// A machine's disks for tests: block devices in /sys, as the kernel shows them.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {

class DiskHost {
 public:
  // `parts`: what the device is made of; `dm_uuid`: of a mapper device.
  void add_device(const std::string& name, const std::string& number,
                  const std::vector<std::string>& parts = {}, const std::string& dm_uuid = {}) {
    const auto folder = "/sys/class/block/" + name;
    host.files[folder + "/dev"] = number + "\n";
    for (const auto& part : parts) host.files[folder + "/slaves/" + part] = "";
    if (!dm_uuid.empty()) host.files[folder + "/dm/uuid"] = dm_uuid + "\n";
    host.links["/sys/dev/block/" + number] = "../../devices/virtual/block/" + name;
  }
  void mount(const std::string& number, const std::string& path, const std::string& type,
             const std::string& device, const std::string& options = "rw,relatime",
             const std::string& root = "/") {
    host.files["/proc/1/mountinfo"] += "20 1 " + number + " " + root + " " + path + " " + options +
                                       " shared:1 - " + type + " " + device + " rw\n";
  }

  MemoryHost host;
};

inline constexpr const char* kLuks2Uuid = "CRYPT-LUKS2-0123456789abcdef0123456789abcdef-vda3_crypt";

}  // namespace assay::agent
