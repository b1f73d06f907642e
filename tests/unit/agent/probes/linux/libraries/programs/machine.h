// A running machine for tests, with programs and processes.
#pragma once

#include <string>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {

class Machine {
 public:
  MemoryHost host;

  Machine() {
    host.files["/proc/self/mountinfo"] = kRoot;
    host.links["/bin"] = "usr/bin";
    host.files["/usr/bin/README"] = "no program";
    host.files["/var/lib/dpkg/info/base.list"] = "/.\n/usr\n/usr/bin\n";
  }

  void add_program(const std::string& path, const std::string& content = "#!/bin/sh\n",
                   std::uint32_t mode = 0755) {
    host.files[path] = content;
    host.statuses[path] = {
        .kind = FileKind::kRegular, .mode = mode, .uid = 1, .gid = 2, .size_bytes = content.size()};
  }
  void add_owned(const std::string& listed, const std::string& package = "base") {
    host.files["/var/lib/dpkg/info/" + package + ".list"] += listed + "\n";
  }
  void run(std::int64_t pid, const std::string& path, bool is_deleted = false) {
    host.running.push_back(
        {.pid = pid, .name = "x", .path = path, .is_deleted = is_deleted, .uid = 0});
    host.links["/proc/" + std::to_string(pid) + "/ns/mnt"] = "mnt:[1]";
    host.files["/proc/" + std::to_string(pid) + "/mountinfo"] = kRoot;
  }
  // The process lives in another mount namespace, with `root` on "/".
  void put_elsewhere(std::int64_t pid, const std::string& root) {
    host.links["/proc/" + std::to_string(pid) + "/ns/mnt"] = "mnt:[" + std::to_string(pid) + "]";
    host.files["/proc/" + std::to_string(pid) + "/mountinfo"] = root;
  }

  static constexpr const char* kRoot = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n";
  static constexpr const char* kContainer = "90 80 0:55 / / rw - overlay overlay rw\n";
  static constexpr const char* kPrivateTmp =
      "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n91 1 8:1 /tmp/a /tmp rw - ext4 /dev/sda1 rw\n";
};

}  // namespace assay::agent
