#include "collector/ingest/attendance_service.h"

#include <deque>

#include "assay/v1/limits.pb.h"
#include "collector/ingest/clock_difference.h"
#include "collector/ingest/credentials.h"
#include "collector/ingest/grpc_status.h"
#include "evidence/digest.h"

namespace assay::collector {
namespace {

// Handshakes that a collector can do beside its other work: one takes a few milliseconds of CPU.
constexpr std::size_t kGreetedPerSecond = 200;

}  // namespace

class AttendanceStream final : public Stream<v1::Beat, v1::Instruction> {
 public:
  AttendanceStream(grpc::CallbackServerContext& context, AttendanceService& service,
                   std::string certificate)
      : Stream(context),
        service_(service),
        certificate_(std::move(certificate)),
        host_id_(service_.gate_.host_named_by(certificate_, service_.now_())) {}

  void open() {
    if (host_id_.empty())
      end(grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "a certificate is needed"));
    else if (!service_.streams_.add(host_id_, shared_from_this()))
      end_for_now("too many streams of one host", kBusyRetryAfter);
    start();
  }

  // Written when what came before is; equal instructions that wait are one.
  void instruct(v1::Instruction instruction) {
    {
      const std::lock_guard lock(queue_mutex_);
      for (const auto& waiting : queue_)
        if (waiting.what_case() == instruction.what_case()) return;
      queue_.push_back(std::move(instruction));
      if (is_sending_) return;
      is_sending_ = true;
    }
    send_next();
  }

 private:
  void on_message() override {
    if (is_admitted_) {
      take_beat();
      return;
    }
    const auto self = shared_from_this();
    const bool is_posted = service_.pool_.try_post([this, self] {
      const auto caller = service_.gate_.admit(certificate_, service_.now_());
      if (!caller) {
        end(to_grpc(caller.error()));
        return;
      }
      is_admitted_ = true;
      certificate_ = std::string();  // 1 KB for each agent that is there
      service_.attend(host_id_, std::static_pointer_cast<AttendanceStream>(self));
      take_beat();
    });
    if (!is_posted) end_for_now("the collector is busy", kBusyRetryAfter);
  }

  void take_beat() {
    service_.beat(host_id_, request());
    const auto told = service_.told();
    if (request().configuration_digest() != told->digest) {
      v1::Instruction instruction;
      *instruction.mutable_configuration() = told->configuration;
      instruct(std::move(instruction));
    }
    read();
  }

  void on_half_close() override { end(grpc::Status::OK); }
  void on_written() override { send_next(); }
  void on_done() override {
    service_.leave(host_id_, this);
    service_.streams_.remove(host_id_, this);
  }

  void send_next() {
    std::optional<v1::Instruction> next;
    {
      const std::lock_guard lock(queue_mutex_);
      if (queue_.empty()) {
        is_sending_ = false;
        return;
      }
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    send(std::move(*next));
  }

  AttendanceService& service_;
  std::string certificate_;  // PEM; until it is admitted
  const std::string host_id_;
  bool is_admitted_ = false;  // like certificate_ touched between reads only
  std::mutex queue_mutex_;
  std::deque<v1::Instruction> queue_;
  bool is_sending_ = false;
};

AttendanceService::AttendanceService(Gate& gate, WorkerPool& pool, OpenStreams& streams,
                                     const AgentSettings& settings,
                                     std::function<evidence::Seconds()> now)
    : gate_(gate), pool_(pool), streams_(streams), now_(std::move(now)) {
  configure(settings);
}

void AttendanceService::configure(const AgentSettings& settings) {
  auto told = std::make_shared<Told>();
  told->configuration.set_scan_interval_seconds(settings.scan_interval_seconds);
  told->configuration.set_profile(settings.profile);
  // Only agents of this collector compare it, with what they were sent.
  told->digest = evidence::sha256(told->configuration.SerializeAsString()).raw();
  const std::lock_guard lock(mutex_);
  told_ = std::move(told);
}

std::shared_ptr<const AttendanceService::Told> AttendanceService::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

grpc::ServerBidiReactor<v1::Beat, v1::Instruction>* AttendanceService::Attend(
    grpc::CallbackServerContext* context) {
  auto stream = std::make_shared<AttendanceStream>(*context, *this, peer_certificate(*context));
  stream->open();
  return stream.get();
}

void AttendanceService::attend(const std::string& host_id,
                               const std::shared_ptr<AttendanceStream>& stream) {
  std::shared_ptr<AttendanceStream> before;
  {
    const std::lock_guard lock(mutex_);
    auto& place = present_[host_id];
    before = std::exchange(place.stream, stream);
    place.attendant.last_beat = now_();
  }
  // A machine that came back before its old connection was noticed to be dead.
  if (before && before != stream)
    before->end(grpc::Status(grpc::StatusCode::ABORTED, "a newer stream of this host is open"));
}

void AttendanceService::leave(const std::string& host_id, const AttendanceStream* stream) {
  std::shared_ptr<AttendanceStream> last;  // ends after the lock
  const std::lock_guard lock(mutex_);
  const auto found = present_.find(host_id);
  if (found == present_.end() || found->second.stream.get() != stream) return;
  last = std::move(found->second.stream);
  present_.erase(found);
}

void AttendanceService::beat(const std::string& host_id, const v1::Beat& beat) {
  const auto now = now_();
  const std::lock_guard lock(mutex_);
  sightings_[host_id] = now;
  const auto found = present_.find(host_id);
  if (found == present_.end()) return;
  auto& attendant = found->second.attendant;
  attendant.agent_version = beat.agent_version().substr(0, 64);
  attendant.spooled = beat.spooled();
  attendant.set_aside = beat.set_aside();
  attendant.clock_difference = beat.clock() - now.time_since_epoch().count();
  attendant.last_beat = now;
  if (beat.clock() == 0) return;  // it did not say
  auto event = clock_event(host_id, std::chrono::seconds(attendant.clock_difference), now);
  if (!event || event->detail == found->second.told_clock) return;
  found->second.told_clock = event->detail;
  clock_events_.insert_or_assign(host_id, std::move(*event));
}

std::vector<Event> AttendanceService::take_clock_events() {
  std::map<std::string, Event> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(clock_events_);
  }
  std::vector<Event> events;
  for (auto& [host_id, event] : taken) events.push_back(std::move(event));
  return events;
}

bool AttendanceService::scan_now(const std::string& host_id) {
  std::shared_ptr<AttendanceStream> stream;
  {
    const std::lock_guard lock(mutex_);
    const auto found = present_.find(host_id);
    if (found == present_.end()) return false;
    stream = found->second.stream;
  }
  v1::Instruction instruction;
  instruction.mutable_scan_now();
  stream->instruct(std::move(instruction));
  return true;
}

std::optional<Attendant> AttendanceService::attendant(const std::string& host_id) {
  const std::lock_guard lock(mutex_);
  const auto found = present_.find(host_id);
  return found == present_.end() ? std::nullopt : std::optional(found->second.attendant);
}

std::size_t AttendanceService::attending() const {
  const std::lock_guard lock(mutex_);
  return present_.size();
}

std::vector<Sighting> AttendanceService::take_sightings() {
  std::map<std::string, evidence::Seconds> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(sightings_);
  }
  std::vector<Sighting> sightings;
  for (const auto& [host_id, time] : taken) sightings.push_back({host_id, time});
  return sightings;
}

void AttendanceService::end_silent() {
  const auto limit = now_() - std::chrono::seconds(3 * v1::LIMIT_BEAT_SECONDS);
  std::vector<std::shared_ptr<AttendanceStream>> silent;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [host_id, place] : present_)
      if (place.attendant.last_beat < limit) silent.push_back(place.stream);
  }
  for (const auto& stream : silent)
    stream->end(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "no beat was heard"));
}

void AttendanceService::end_all(const grpc::Status& status) {
  std::vector<std::shared_ptr<AttendanceStream>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [host_id, place] : present_) all.push_back(place.stream);
  }
  const std::chrono::seconds spread(all.size() / kGreetedPerSecond);
  for (const auto& stream : all) stream->end(status, spread);
}

}  // namespace assay::collector
