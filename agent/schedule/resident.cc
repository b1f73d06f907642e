#include "agent/schedule/resident.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <random>

#include "agent/schedule/notify.h"
#include "agent/state/control.h"
#include "agent/state/disk.h"
#include "agent/state/footprint.h"
#include "evidence/clock.h"

namespace assay::agent {

namespace {

constexpr std::size_t kMaxStatusBytes = 64U << 10U;
constexpr BootTime kDeaf{1'000};
// Worth giving memory back for.
constexpr BootTime kLongSleep{5'000};

// The service manager is told as a courtesy; that it cannot be told changes nothing.
void tell_manager(std::string_view message) {
  (void)notify_service_manager(message);
}

}  // namespace

BootTime boot_time() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<BootTime>(std::chrono::seconds(time.tv_sec) +
                                              std::chrono::nanoseconds(time.tv_nsec));
}

Resident::Resident(ResidentOptions options, ResidentActions actions)
    : options_(std::move(options)), actions_(std::move(actions)) {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&ours, number);
  sigprocmask(SIG_BLOCK, &ours, nullptr);
  signals_ = FileDescriptor(::signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK));
  timer_ = FileDescriptor(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  status_.started = evidence::system_now();
}

Status Resident::begin() {
  if (!signals_.is_open() || !timer_.is_open())
    return fail(Code::kIo, "no descriptors for signals and time");
  const auto timing = actions_.timing();
  if (!timing) return fail(timing.error());
  std::optional<std::chrono::seconds> since_last;
  if (const auto before = read_state_file(options_.state.status(), kMaxStatusBytes)) {
    status_.last_scan_at = last_scan_in(*before);
    if (status_.last_scan_at) since_last = evidence::system_now() - *status_.last_scan_at;
  }
  clock_.emplace(*timing, boot_time(), since_last, std::random_device()());
  if (!options_.courier.empty()) courier_.emplace(options_.courier, options_.courier_arguments);
  return {};
}

Status Resident::run() {
  if (auto begun = begin(); !begun) return begun;
  tell_manager("READY=1");
  while (!is_stopping_) {
    act_on_time();
    publish();
    sleep();
    hear_signals();
    hear_courier();
  }
  tell_manager("STOPPING=1");
  if (courier_) courier_->stop();
  settle();
  publish();
  return {};
}

Status Resident::run_once() {
  if (auto begun = begin(); !begun) return begun;
  scan();
  Status done = status_.last_error ? Status(fail(*status_.last_error)) : Status();
  if (done && !options_.courier.empty()) {
    auto arguments = options_.courier_arguments;
    arguments.emplace_back("--once");
    const auto code = run_courier(options_.courier, arguments);
    if (!code) done = fail(code.error());
    if (code && *code != 0)
      done =
          fail(Code::kUnavailable, "the evidence is kept; it was not delivered, or not all of it");
    settle();
  }
  publish();
  return done;
}

void Resident::act_on_time() {
  if (courier_)
    if (auto started = courier_->start_if_due(boot_time()); !started) note(started.error());
  if (boot_time() >= clock_->next()) scan();
}

void Resident::scan() {
  const auto begin = boot_time();
  clock_->started(begin);
  tell_manager("STATUS=scanning");
  const auto outcome = actions_.scan(is_asked_);
  const auto end = boot_time();
  if (!outcome) {
    clock_->failed(end);
    note(outcome.error().within("scan"));
    tell_manager("STATUS=the last scan failed: " + outcome.error().message());
    return;
  }
  clock_->succeeded(end);
  is_asked_ = false;
  status_.last_scan = *outcome;
  status_.last_scan_at = evidence::system_now();
  status_.last_scan_milliseconds = (end - begin).count();
  status_.last_error.reset();
  tell_manager("STATUS=waiting for the next scan");
  if (courier_) courier_->tell(kSnapshotSpooled);
}

void Resident::settle() {
  if (auto done = actions_.settle(); !done) return note(done.error().within("settling the spool"));
  // There may be room now for the scan that had none.
  if (status_.last_error && status_.last_error->code() == Code::kNoSpace) clock_->ask(boot_time());
}

void Resident::reload() {
  const auto timing = actions_.timing();
  if (!timing) return note(timing.error().within("the settings were not read anew"));
  clock_->change(*timing, boot_time());
}

void Resident::hear_signals() {
  signalfd_siginfo heard{};
  while (::read(signals_.number(), &heard, sizeof heard) == sizeof heard) {
    if (heard.ssi_signo == SIGTERM || heard.ssi_signo == SIGINT) is_stopping_ = true;
    if (heard.ssi_signo == SIGHUP) reload();
    if (heard.ssi_signo == SIGCHLD && courier_) courier_->reap(boot_time());
  }
}

void Resident::hear_courier() {
  if (!courier_ || !courier_->is_running() || boot_time() < deaf_until_) return;
  const auto bytes = courier_->heard();
  if (bytes.empty()) return;
  deaf_until_ = boot_time() + kDeaf;
  // Bytes that are none of ours say nothing; whoever sends them is kept waiting like all others.
  if (bytes.find(kConfigurationChanged) != std::string::npos) reload();
  if (bytes.find(kVerdicts) != std::string::npos) settle();
  if (bytes.find(kScanNow) == std::string::npos) return;
  is_asked_ = true;
  clock_->ask(boot_time());
}

void Resident::sleep() {
  const bool is_deaf = boot_time() < deaf_until_;
  auto next = clock_->next();
  if (courier_ && courier_->due()) next = std::min(next, *courier_->due());
  if (is_deaf) next = std::min(next, deaf_until_);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(next);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  // All zero would mean: never.
  when.it_value.tv_nsec = std::max<long>(std::chrono::nanoseconds(next - seconds).count(), 1);
  ::timerfd_settime(timer_.number(), TFD_TIMER_ABSTIME, &when, nullptr);
  std::array<pollfd, 3> descriptors{{{signals_.number(), POLLIN, 0},
                                     {timer_.number(), POLLIN, 0},
                                     {courier_ && !is_deaf ? courier_->control() : -1, POLLIN, 0}}};
  if (next - boot_time() > kLongSleep) shrink_footprint();
  (void)::poll(descriptors.data(), descriptors.size(), -1);  // EINTR: one turn more
}

void Resident::note(const Error& error) {
  status_.last_error = error;
  status_.last_error_at = evidence::system_now();
}

void Resident::publish() {
  status_.spool = actions_.counts();
  status_.is_courier_running = courier_ && courier_->is_running();
  status_.courier_restarts = courier_ ? courier_->restarts() : 0;
  status_.courier_last_end = courier_ ? courier_->last_end() : "";
  status_.next_scan_at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now() +
                                                                  (clock_->next() - boot_time()));
  const auto json = to_json(status_);
  if (json == published_) return;
  // A full disk keeps the old status; the next change tries again.
  Disk disk;
  if (disk.write(options_.state.status(), json)) published_ = json;
}

}  // namespace assay::agent
