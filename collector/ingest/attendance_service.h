// The Attendance service of attendance.proto: who is there, and the few things they may be asked.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "assay/v1/attendance.grpc.pb.h"
#include "collector/identity/gate.h"
#include "collector/ingest/open_streams.h"
#include "collector/ingest/worker_pool.h"

namespace assay::collector {

// What every agent is told. Bounds are those of limits.proto.
struct AgentSettings {
  std::int64_t scan_interval_seconds = 3600;
  std::string profile;  // empty: the agent's own
};

// What Beats say of a host; kept in memory only.
struct Attendant {
  std::string agent_version;
  std::int64_t spooled = 0;
  std::int64_t set_aside = 0;
  std::int64_t clock_difference = 0;  // the agent's clock minus ours, seconds
  evidence::Seconds last_beat;
};

class AttendanceStream;

// Safe from any thread.
class AttendanceService final : public v1::Attendance::CallbackService {
 public:
  AttendanceService(Gate& gate, WorkerPool& pool, OpenStreams& streams,
                    const AgentSettings& settings, std::function<evidence::Seconds()> now);

  // Each agent is told with its next beat.
  void configure(const AgentSettings& settings);

  // Asks the host's agent to scan. False when it is not attending.
  bool scan_now(const std::string& host_id);
  // nullopt when it is not attending.
  [[nodiscard]] std::optional<Attendant> attendant(const std::string& host_id);

  [[nodiscard]] std::size_t attending() const;
  // Sightings since the last call, one for each host; for Store::saw().
  [[nodiscard]] std::vector<Sighting> take_sightings();
  // Of machines whose clocks are far from ours, once for each stream and difference; to be
  // recorded.
  [[nodiscard]] std::vector<Event> take_clock_events();
  // Ends streams that were silent for three times LIMIT_BEAT_SECONDS.
  void end_silent();
  // Tells them to come back one after another: so many seconds as it takes to greet them all.
  void end_all(const grpc::Status& status);

 private:
  friend class AttendanceStream;

  grpc::ServerBidiReactor<v1::Beat, v1::Instruction>* Attend(
      grpc::CallbackServerContext* context) override;
  void attend(const std::string& host_id, const std::shared_ptr<AttendanceStream>& stream);
  void leave(const std::string& host_id, const AttendanceStream* stream);
  void beat(const std::string& host_id, const v1::Beat& beat);

  Gate& gate_;
  WorkerPool& pool_;
  OpenStreams& streams_;
  std::function<evidence::Seconds()> now_;

  mutable std::mutex mutex_;
  struct Told {
    v1::Configuration configuration;
    std::string digest;
  };
  [[nodiscard]] std::shared_ptr<const Told> told() const;
  std::shared_ptr<const Told> told_;
  struct Place {
    std::shared_ptr<AttendanceStream> stream;
    Attendant attendant;
    std::string told_clock;  // of the last event about its clock
  };
  std::map<std::string, Place> present_;
  std::map<std::string, evidence::Seconds> sightings_;
  std::map<std::string, Event> clock_events_;  // by host
};

}  // namespace assay::collector
