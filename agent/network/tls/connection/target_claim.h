// Never two scans of one endpoint at a time on one machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/host/file_descriptor.h"

namespace assay::agent::tls {

// An abstract socket named after the endpoint, held as long as the object lives: the kernel lets go
// of it when the process ends, however it ends, and each network namespace has names of its own.
class TargetClaim {
 public:
  // False: it is held already, be it by another process. Where such sockets are not allowed nothing
  // is held, and it is taken all the same.
  [[nodiscard]] bool take(const std::string& address, std::uint16_t port,
                          std::string_view transport = "tcp");

 private:
  FileDescriptor socket_;
};

}  // namespace assay::agent::tls
