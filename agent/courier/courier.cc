#include "agent/courier/courier.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <random>

#include "agent/courier/channel.h"
#include "agent/courier/enroll.h"
#include "agent/state/control.h"
#include "agent/state/disk.h"
#include "agent/state/footprint.h"
#include "assay/v1/limits.pb.h"
#include "evidence/clock.h"

namespace assay::agent {

namespace {

// Somewhat more often than the limit, so that a slow network does not break it.
// Worth giving memory back for.
constexpr int kLongWaitMilliseconds = 5'000;
constexpr std::chrono::seconds kBeat{v1::LIMIT_BEAT_SECONDS - 5};
// A connection that held that long was no failure.
constexpr std::chrono::seconds kSteady{60};
// Before an attempt that nobody but a person can help.
constexpr std::chrono::minutes kHopeless{5};

std::uint64_t seed() {
  return std::random_device()();
}

bool needs_a_person(Code code) {
  return code == Code::kUnauthenticated || code == Code::kRefused || code == Code::kNotFound;
}

void record(const SubmissionReport& submission, const LedgerReport& ledger, CourierStatus& status) {
  status.last_submission = submission;
  status.last_submission_at = evidence::system_now();
  status.ledger = ledger;
  if (ledger.was_checked) status.ledger_checked_at = evidence::system_now();
}

}  // namespace

Status upload_once(const CourierOptions& options) {
  CourierStatus status{
      .collector = options.collector, .user = options.user, .warning = options.warning};
  const auto done = [&]() -> Status {
    const auto identity = load_identity(options.state);
    if (!identity) return fail(identity.error());
    if (status.collector.empty()) status.collector = identity->collector;
    const auto ca = evidence::read_certificate(identity->ca);
    if (!ca) return fail(ca.error());
    const auto channel = open_channel(status.collector, *identity);
    Submission submission(channel, options.state);
    auto sent = submission.run();
    LedgerWatch ledger(channel, options.state, ca->fingerprint);
    // An alarm is in the status and in agent_gaps; an upload that went well is no failure by it.
    (void)ledger.run(submission.receipts());
    record(submission.report(), ledger.report(), status);
    const auto report = submission.report();
    if (sent && report.refused > 0)
      return fail(Code::kConflict, std::to_string(report.refused) +
                                       " snapshots refused and set aside; the last is " +
                                       report.last_refusal);
    return sent;
  }();
  if (done || done.error().code() == Code::kConflict) status.last_contact = evidence::system_now();
  if (!done) status.last_error = done.error();
  if (!done) status.last_error_at = evidence::system_now();
  Outbox outbox(options.state);
  (void)outbox.prune();  // tried again the next time
  const auto counts = outbox.counts();
  status.spooled = counts.spooled;
  status.set_aside = counts.set_aside;
  (void)write_status(options.state, status);  // the answer is the caller's, status or not
  return done;
}

Courier::Courier(CourierOptions options)
    : options_(std::move(options)), back_off_(seed()), upload_back_off_(seed()) {
  status_.collector = options_.collector;
  status_.user = options_.user;
  status_.warning = options_.warning;
  configuration_ = read_collector_settings(options_.state);
}

void Courier::run() {
  while (!is_stopping_) {
    act_on_time();
    publish();
    wait();
    for (const auto& event : events_.take())
      std::visit([this](const auto& what) { hear(what); }, event);
  }
  disconnect();
  publish();
}

void Courier::connect() {
  auto identity = load_identity(options_.state);
  if (!identity) return fail_connection(identity.error());
  identity_ = std::move(*identity);
  status_.collector = options_.collector.empty() ? identity_->collector : options_.collector;
  if (const auto facts = evidence::read_certificate(identity_->certificate)) {
    status_.certificate_ends = facts->not_after;
    if (facts->not_after <= evidence::system_now())
      return fail_connection(
          Error(Code::kUnauthenticated,
                "the certificate ended at " + evidence::to_timestamp(facts->not_after)));
    renew_at_ = Clock::now() +
                std::max(renewal_due(*facts) - evidence::system_now(), std::chrono::seconds(0));
  }
  channel_ = open_channel(status_.collector, *identity_);
  attendance_ = std::make_unique<Attendance>(channel_, beat(), &events_);
  connect_at_ = Clock::time_point::max();
}

void Courier::disconnect() {
  upload_.reset();
  attendance_.reset();
  channel_.reset();
  // What the two had still to say is about a connection that is no more; its verdicts are on disk.
  (void)events_.take();
  status_.is_connected = false;
  beat_at_ = upload_at_ = renew_at_ = Clock::time_point::max();
  tell_agent(kVerdicts);
}

void Courier::fail_connection(const Error& why, std::chrono::seconds retry_after) {
  if (status_.is_connected && Clock::now() - connected_since_ >= kSteady) back_off_.reset();
  disconnect();
  note(why);
  connect_at_ = Clock::now() + back_off_.next(retry_after);
  if (needs_a_person(why.code())) connect_at_ += kHopeless;
}

void Courier::act_on_time() {
  const auto time = Clock::now();
  if (time >= connect_at_) connect();
  if (status_.is_connected && time >= renew_at_) renew_certificate();
  if (status_.is_connected && time >= beat_at_) {
    beat_at_ = time + kBeat;
    attendance_->beat(beat());
    upload_is_due_ = true;  // usually there is nothing; nobody may have told us if there is
  }
  const bool may_upload = status_.is_connected && time >= upload_held_until_;
  if (may_upload && (upload_is_due_ || time >= upload_at_)) start_upload();
}

void Courier::wait() {
  auto next = std::min({connect_at_, beat_at_, upload_at_, renew_at_});
  if (upload_is_due_ && upload_held_until_ > Clock::now())
    next = std::min(next, upload_held_until_);
  int timeout = -1;
  if (next != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
    timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
  }
  if (timeout > kLongWaitMilliseconds) shrink_footprint();
  std::array<pollfd, 3> descriptors{{{events_.descriptor(), POLLIN, 0},
                                     {options_.stop, POLLIN, 0},
                                     {options_.control, POLLIN, 0}}};
  if (::poll(descriptors.data(), descriptors.size(), timeout) <= 0) return;
  if (descriptors[1].revents != 0) is_stopping_ = true;
  if (descriptors[2].revents != 0) hear_agent();
}

void Courier::hear_agent() {
  std::array<char, 64> bytes{};
  const auto got = ::recv(options_.control, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    is_stopping_ = true;  // the agent's process is gone
    return;
  }
  const std::string_view heard(bytes.data(), static_cast<std::size_t>(got));
  if (heard.find(kSnapshotSpooled) != std::string_view::npos) upload_is_due_ = true;
}

void Courier::hear(Connected) {
  status_.is_connected = true;
  status_.last_contact = evidence::system_now();
  connected_since_ = Clock::now();
  beat_at_ = connected_since_ + kBeat;
  upload_is_due_ = true;
}

void Courier::hear(const Disconnected& event) {
  if (attendance_) fail_connection(event.why, event.retry_after);
}

void Courier::hear(const v1::Instruction& instruction) {
  status_.last_contact = evidence::system_now();
  if (instruction.has_scan_now()) tell_agent(kScanNow);
  if (instruction.has_configuration()) configure(instruction.configuration());
}

void Courier::configure(const v1::Configuration& wish) {
  status_.ignored.clear();
  auto next = within_bounds(wish.scan_interval_seconds(), wish.profile(), &status_.ignored);
  next.configuration_digest = evidence::sha256(wish.SerializeAsString()).hex();
  if (next == configuration_) return;
  Disk disk;
  if (auto done = disk.write(options_.state.collector_settings(), to_json(next)); !done)
    return note(done.error());
  configuration_ = next;
  tell_agent(kConfigurationChanged);
}

void Courier::start_upload() {
  if (upload_) return;  // it looks for what is new before it ends, and we look again after it
  upload_is_due_ = false;
  upload_at_ = Clock::time_point::max();
  Outbox outbox(options_.state);
  if (auto pruned = outbox.prune(); !pruned) note(pruned.error());
  const auto waiting = outbox.waiting();
  if (!waiting) return note(waiting.error());
  if (waiting->empty()) return;
  const auto ca = evidence::read_certificate(identity_->ca);
  if (!ca) return note(ca.error());
  upload_ = std::make_unique<Upload>(channel_, options_.state, ca->fingerprint, &events_);
}

void Courier::hear(const UploadEnded& event) {
  upload_.reset();
  record(event.report, event.ledger, status_);
  if (event.report.accepted + event.report.refused > 0) {
    status_.last_contact = evidence::system_now();
    tell_agent(kVerdicts);
  }
  if (!event.error) {
    upload_back_off_.reset();
    status_.last_error.reset();
    return;
  }
  note(*event.error);
  upload_at_ = Clock::now() + upload_back_off_.next(event.retry_after);
  // Neither a new scan nor the next beat is a reason to come sooner than the collector asked for.
  if (event.retry_after.count() > 0) upload_held_until_ = upload_at_;
}

void Courier::renew_certificate() {
  const auto done = renew(options_.state, *identity_, channel_);
  if (done) {
    disconnect();
    connect_at_ = Clock::now();
    return;
  }
  note(done.error());
  renew_at_ = Clock::now() + std::chrono::hours(1);
}

v1::Beat Courier::beat() const {
  const auto counts = Outbox(options_.state).counts();
  v1::Beat out;
  out.set_agent_version(ASSAY_VERSION);
  if (const auto digest = evidence::Digest::from_hex(configuration_.configuration_digest))
    out.set_configuration_digest(digest->raw());
  out.set_spooled(counts.spooled);
  out.set_set_aside(counts.set_aside);
  out.set_clock(evidence::system_now().time_since_epoch().count());
  return out;
}

void Courier::tell_agent(char byte) const {
  // A full socket holds this byte already, or the agent has enough to do as it is.
  if (options_.control >= 0) (void)::send(options_.control, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Courier::note(const Error& error) {
  status_.last_error = error;
  status_.last_error_at = evidence::system_now();
}

void Courier::publish() {
  const auto counts = Outbox(options_.state).counts();
  status_.spooled = counts.spooled;
  status_.set_aside = counts.set_aside;
  auto json = to_json(status_);
  if (json == published_) return;
  // On a full disk the old status stays; the next change tries again.
  if (write_status(options_.state, status_)) published_ = std::move(json);
}

}  // namespace assay::agent
