#include "collector/ingest/ingest_server.h"

#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>
#include <malloc.h>

#include <condition_variable>
#include <thread>

#include "assay/v1/limits.pb.h"
#include "collector/ingest/credentials.h"
#include "collector/ingest/door.h"
#include "collector/ingest/enrollment_service.h"
#include "collector/ingest/ledger_service.h"
#include "collector/ingest/submission_service.h"
#include "evidence/clock.h"

namespace assay::collector {
namespace {

// How soon a revocation by another process ends open streams.
constexpr std::chrono::milliseconds kSweep{500};
// How long streams that were told to end may take for it.
constexpr std::chrono::seconds kCut{2};
// Sightings are written together.
constexpr int kSweepsPerSighting = 10;
constexpr int kSweepsPerTrim = 20;
// Memory that is free and still ours: beyond this it is given back.
constexpr std::size_t kMuchFreeBytes = 64U << 20U;
constexpr int kMaxStreamsPerConnection = 16;
constexpr int kHandshakeMilliseconds = 10'000;
constexpr int kKeepaliveMilliseconds = 60'000;
// Of a connection on which nothing is asked; an agent that attends asks for as long as it is there.
constexpr int kIdleMilliseconds = 60'000;

// A storm of connections takes hundreds of megabytes in pieces, which the allocator would keep.
void give_memory_back() {
#ifdef __GLIBC__
  if (::mallinfo2().fordblks > kMuchFreeBytes) ::malloc_trim(0);
#endif
}

IngestOptions completed(IngestOptions options) {
  if (!options.now) options.now = evidence::system_now;
  return options;
}

class GrpcIngestServer final : public IngestServer {
 public:
  GrpcIngestServer(Store& store, const Authority& authority, IngestOptions options)
      : store_(store),
        options_(completed(std::move(options))),
        gate_(store, authority),
        memory_(options_.upload_bytes),
        committer_(store, options_.commits),
        quotas_(options_.quotas),
        intake_{&store,  &gate_,   &memory_,     &committer_,         &quotas_,
                &turns_, &counts_, options_.now, options_.on_accepted},
        pool_(options_.workers, options_.queue),
        enrollment_(store, authority, gate_, pool_, options_.now),
        submission_(intake_, pool_, streams_),
        ledger_(store, gate_, pool_, options_.now, options_.ledger),
        attendance_(gate_, pool_, streams_, options_.agents, options_.now) {}
  ~GrpcIngestServer() override { stop(std::chrono::milliseconds(0)); }

  Status listen(const KeyPair& keys, const std::string& ca) {
    auto credentials = tls_credentials(keys, ca);
    if (!credentials) return fail(credentials.error());
    // gRPC's locks are Abseil's, which as Debian builds it looks for a deadlock whenever one is
    // taken.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    grpc::ServerBuilder builder;
    auto door = Door::open(options_.listen);
    if (!door) return fail(door.error());
    door_ = std::move(*door);
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, *credentials);
    builder.RegisterService(&enrollment_);
    builder.RegisterService(&submission_);
    builder.RegisterService(&ledger_);
    builder.RegisterService(&attendance_);
    builder.SetMaxReceiveMessageSize(v1::LIMIT_MESSAGE_BYTES);
    builder.SetMaxSendMessageSize(v1::LIMIT_MESSAGE_BYTES);
    builder.SetResourceQuota(grpc::ResourceQuota("ingest").Resize(options_.upload_bytes));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMilliseconds);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMilliseconds);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 8192);
    builder.AddChannelArgument(GRPC_ARG_TSI_MAX_FRAME_SIZE, kAnswerFrameBytes);
    // Of each connection it would keep counts and a history that nobody asks for.
    builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
    server_ = builder.BuildAndStart();
    if (!server_) return fail(Code::kUnavailable, "cannot listen on " + options_.listen);
    last_sweep_ = options_.now();
    sweeper_ = std::thread([this] { sweep_until_stopped(); });
    door_->start([this](int descriptor) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
      connection.fd = descriptor;
      acceptor_->HandleNewConnection(&connection);
    });
    return {};
  }

  [[nodiscard]] int port() const override { return door_->port(); }
  [[nodiscard]] AttendanceService& attendance() override { return attendance_; }

  [[nodiscard]] std::vector<Figure> figures() const override {
    const auto number = [](auto value) { return static_cast<double>(value); };
    return {
        {"assay_agents_attending", "Agents that are connected.", number(attendance_.attending())},
        {"assay_streams_open", "Streams of agents that are open.", number(streams_.size())},
        {"assay_messages_waiting", "Messages of agents that wait for a worker.",
         number(pool_.waiting())},
        {"assay_commits_waiting", "Snapshots that wait for the disk.",
         number(committer_.waiting())},
        {"assay_upload_memory_held_bytes", "Memory that uploads hold now.",
         number(options_.upload_bytes - memory_.left())},
        {"assay_snapshots_accepted_total", "Snapshots that were accepted.",
         number(counts_.accepted.load()), true},
        {"assay_snapshots_replayed_total", "Snapshots that had been accepted before.",
         number(counts_.replayed.load()), true},
        {"assay_snapshots_refused_total", "Snapshots that can never be accepted.",
         number(counts_.refused.load()), true},
        {"assay_over_quota_total", "Messages that were over their host's quota.",
         number(counts_.over_quota.load()), true},
        {"assay_turned_away_total", "Times that an agent was told to come again later.",
         number(counts_.turned_away.load()), true},
        {"assay_connections_turned_away_total", "Connections for which no open file was left.",
         number(door_->turned_away()), true},
    };
  }

  void configure(const AgentSettings& agents, const QuotaLimits& quotas) override {
    attendance_.configure(agents);
    quotas_.set_limits(quotas);
  }

  void stop(std::chrono::milliseconds grace) override {
    if (!server_) return;
    door_->stop();
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    wake_.notify_all();
    if (sweeper_.joinable()) sweeper_.join();
    const grpc::Status stopping(grpc::StatusCode::UNAVAILABLE, "the collector is stopping");
    // Attendance never ends by itself; a submission may have a table under way.
    attendance_.end_all(stopping);
    bool is_down = false;
    std::thread cutting([&] {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, grace, [&] { return is_down; })) return;
      lock.unlock();
      streams_.end_all(stopping);
    });
    server_->Shutdown(std::chrono::system_clock::now() + grace + kCut);
    server_->Wait();
    {
      const std::lock_guard lock(mutex_);
      is_down = true;
    }
    wake_.notify_all();
    cutting.join();
    pool_.stop();
    committer_.stop();
    server_.reset();
    (void)store_.saw(attendance_.take_sightings());  // a lost sighting is made good by the next
  }

 private:
  void sweep_until_stopped() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kSweep, [this] { return is_stopping_; })) {
      lock.unlock();
      sweep();
      lock.lock();
    }
  }

  void sweep() {
    // A second is looked at twice, for a revocation that came in its second half.
    const auto now = options_.now();
    if (const auto revoked = store_.revoked_since(last_sweep_ - std::chrono::seconds(2))) {
      for (const auto& host_id : *revoked) {
        streams_.end_host(host_id, grpc::Status(grpc::StatusCode::PERMISSION_DENIED,
                                                "the certificate is revoked"));
      }
      last_sweep_ = now;  // not moved while the store is away
    }
    // Each is told again with the next stream.
    for (const auto& event : attendance_.take_clock_events()) (void)store_.add_event(event);
    attendance_.end_silent();
    if (sweeps_ % kSweepsPerTrim == 0) give_memory_back();
    streams_.end_stalled(options_.stall);
    if (++sweeps_ % kSweepsPerSighting != 0) return;
    (void)store_.saw(attendance_.take_sightings());  // a lost sighting is made good by the next
  }

  Store& store_;
  IngestOptions options_;
  Gate gate_;
  MemoryBudget memory_;
  Committer committer_;
  Quotas quotas_;
  UploadTurns turns_;
  IntakeCounts counts_;
  IntakeOptions intake_;
  OpenStreams streams_;
  WorkerPool pool_;
  EnrollmentService enrollment_;
  SubmissionService submission_;
  LedgerService ledger_;
  AttendanceService attendance_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<Door> door_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_stopping_ = false;
  evidence::Seconds last_sweep_;
  int sweeps_ = 0;
  std::thread sweeper_;
};

}  // namespace

Result<std::unique_ptr<IngestServer>> IngestServer::start(Store& store, const Authority& authority,
                                                          IngestOptions options) {
  const auto now = options.now ? options.now() : evidence::system_now();
  const auto keys = authority.server(now);
  if (!keys) return fail(keys.error());
  auto server = std::make_unique<GrpcIngestServer>(store, authority, std::move(options));
  if (auto listening = server->listen(*keys, authority.ca_certificate()); !listening)
    return fail(listening.error());
  return server;
}

}  // namespace assay::collector
