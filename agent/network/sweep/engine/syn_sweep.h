// The half-open sweep: one SYN to each port, again to those that are silent, and the answers as
// they come in. Our port bears no connection, so that the kernel itself resets what a listener
// accepts.
//
// open() needs root or CAP_NET_RAW; give them up after it. Not for several threads.
#pragma once

#include <memory>
#include <vector>

#include "agent/network/sweep/engine/sweep_targets.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

class SynSweep {
 public:
  // kPermissionDenied without the right.
  [[nodiscard]] static Result<SynSweep> open();
  SynSweep(SynSweep&&) noexcept;
  SynSweep& operator=(SynSweep&&) noexcept;
  ~SynSweep();

  // The TCP ports of the part; a result per address. kIo when answers could not be read.
  [[nodiscard]] Result<std::vector<TargetResult>> run(const SweepPart& part,
                                                      const SweepOptions& options);

 private:
  struct Sockets;
  explicit SynSweep(std::unique_ptr<Sockets> sockets);
  std::unique_ptr<Sockets> sockets_;
};

}  // namespace assay::agent::sweep
