// The collector's side of the wire: Enrollment, Submission and Attendance on one port.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/identity/authority.h"
#include "collector/ingest/attendance_service.h"
#include "collector/ingest/quota.h"
#include "collector/store/store.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::collector {

// Of a frame of TLS that is sent. Answers are small, and each connection has buffers for the
// largest.
inline constexpr int kAnswerFrameBytes = 4096;

struct IngestOptions {
  std::string listen = "127.0.0.1:7443";  // port 0: any free one
  std::size_t workers = 4;
  std::size_t queue = 256;     // messages that wait for a worker
  std::size_t commits = 4096;  // snapshots that wait for the disk
  // How long a Submission may be silent when it is the agent's turn: a courier ends it when nothing
  // waits.
  std::chrono::milliseconds stall{120'000};
  std::size_t upload_bytes = 512U << 20U;  // memory that all uploads together may hold
  AgentSettings agents;
  QuotaLimits quotas;
  std::optional<evidence::VerifierKey> ledger;  // without it agents are told of no ledger
  std::function<evidence::Seconds()> now;       // the system's clock when empty
  std::function<void(const std::string& host_id)> on_accepted;  // on a worker: be brief
};

class IngestServer {
 public:
  // Listens from now on. `store` and `authority` must outlive the server.
  // kUnavailable when the address cannot be bound.
  [[nodiscard]] static Result<std::unique_ptr<IngestServer>> start(Store& store,
                                                                   const Authority& authority,
                                                                   IngestOptions options);
  virtual ~IngestServer() = default;  // stop()
  [[nodiscard]] virtual int port() const = 0;
  [[nodiscard]] virtual AttendanceService& attendance() = 0;
  // What agents are told and what they may send, from now on; from any thread.
  virtual void configure(const AgentSettings& agents, const QuotaLimits& quotas) = 0;
  // For /metrics; from any thread, until the server is destroyed.
  [[nodiscard]] virtual std::vector<Figure> figures() const = 0;
  // Takes no new calls, lets those under way end for `grace`, then cuts them off.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace assay::collector
