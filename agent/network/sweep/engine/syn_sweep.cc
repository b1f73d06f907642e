#include "agent/network/sweep/engine/syn_sweep.h"

#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "agent/network/sweep/engine/answer_capture.h"
#include "agent/network/sweep/engine/pacer.h"
#include "agent/network/sweep/engine/raw_sender.h"

namespace assay::agent::sweep {

namespace {

using std::chrono::milliseconds;
using Clock = Pacer::Clock;

// A packet may get lost: each port is asked up to three times, of an address that has answered
// nothing at all only twice.
constexpr int kRounds = 3;
constexpr int kRoundsOfTheSilent = 2;
// How long after the last packet of a round an answer is waited for. This machine answers at once;
// others within four times their slowest answer so far.
constexpr milliseconds kOwnPatience{60};
constexpr milliseconds kLeastPatience{300};
constexpr milliseconds kMostPatience{1500};

// A TCP port of both kinds of address that nobody else gets while we have it.
struct ReservedPort {
  FileDescriptor socket;
  std::uint16_t port = 0;
};

Result<ReservedPort> reserve_port() {
  ReservedPort made;
  for (const int family : {AF_INET6, AF_INET}) {
    made.socket = FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!made.socket.is_open()) continue;
    const int no = 0;
    if (family == AF_INET6)
      (void)::setsockopt(made.socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    const auto any =
        endpoint_of(family == AF_INET ? Address{0, sensor::kV4Prefix} : Address{0, 0}, 0);
    if (::bind(made.socket.number(), any.get(), any.size) != 0) continue;
    const auto name = name_of_socket(made.socket.number());
    if (!name) continue;
    made.port = name->port;
    return made;
  }
  return fail(system_error(errno, "a port of ours"));
}

struct Probe {
  std::uint32_t sent_ms = 0;  // since the sweep began
  PortState state = PortState::kUnasked;
};

struct SynTarget {
  SynTemplate syn;
  Endpoint to;
  std::uint32_t salt = 0;
  bool has_answered = false;
};

std::uint64_t mixed(std::uint64_t value) {  // the finalizer of SplitMix64
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

// One sweep of one part.
class Run {
 public:
  Run(RawSender* sender, AnswerCapture* capture, std::uint16_t our_port, const SweepPart& part,
      const SweepOptions& options)
      : sender_(*sender),
        capture_(*capture),
        our_port_(our_port),
        options_(options),
        is_own_(part.role == Role::kOwn),
        pacer_(options.packets_per_second),
        ports_(all_ports(part.ports.tcp)),
        results_(results_for(part, SweepMethod::kSyn)),
        targets_(results_.size()),
        probes_(results_.size() * ports_.size()) {
    place_of_port_.fill(-1);
    for (std::size_t at = 0; at < ports_.size(); ++at)
      place_of_port_[ports_[at]] = static_cast<std::int32_t>(at);
  }

  Result<std::vector<TargetResult>> sweep() {
    if (::getrandom(&key_, sizeof key_, 0) != static_cast<ssize_t>(sizeof key_))
      return fail(system_error(errno, "asking for a random number"));
    for (std::size_t at = 0; at < targets_.size(); ++at) {
      if (!results_[at].source) continue;
      targets_[at].syn = SynTemplate(*results_[at].source, our_port_, results_[at].address);
      targets_[at].to = endpoint_of(results_[at].address, 0);
      targets_[at].salt = static_cast<std::uint32_t>(mixed(key_ + at));
    }
    for (int round = 0; round < kRounds && !options_.is_stopped(); ++round) {
      round_ = round;
      if (auto asked = ask_all(); !asked) return fail(asked.error());
      if (auto waited = wait_for_answers(); !waited) return fail(waited.error());
      if (waiting_ == 0) break;
    }
    return finished();
  }

 private:
  [[nodiscard]] std::uint32_t sequence_of(std::size_t target, std::uint16_t port) const {
    return static_cast<std::uint32_t>(
        mixed(key_ ^ targets_[target].salt ^ std::uint64_t{port} << 32U));
  }
  [[nodiscard]] std::uint32_t ms_now() const {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<milliseconds>(Clock::now() - began_).count());
  }

  [[nodiscard]] bool is_to_be_asked(std::size_t target, const Probe& probe) const {
    if (round_ == 0) return results_[target].source.has_value();
    return probe.state == PortState::kWaiting &&
           (round_ < kRoundsOfTheSilent || targets_[target].has_answered);
  }

  // Addresses in the inner loop: no machine gets the whole of the rate.
  Status ask_all() {
    for (std::size_t place = 0; place < ports_.size(); ++place)
      for (std::size_t target = 0; target < targets_.size(); ++target) {
        const auto index = target * ports_.size() + place;
        if (!is_to_be_asked(target, probes_[index])) continue;
        if (auto asked = ask(target, place, index); !asked) return asked;
        if (options_.is_stopped()) return {};
      }
    return send();
  }

  Status ask(std::size_t target, std::size_t place, std::size_t index) {
    const bool is_v4 = results_[target].address.is_v4();
    if (in_batch_ != 0 && is_v4 != is_batch_v4_)
      if (auto sent = send(); !sent) return sent;
    while (granted_ == 0 && !options_.is_stopped()) {
      granted_ = pacer_.take(RawSender::kBatch);
      if (granted_ != 0) break;
      if (auto sent = send(); !sent) return sent;
      capture_.wait(pacer_.wait());
    }
    if (granted_ == 0) return {};
    --granted_;
    auto& probe = probes_[index];
    if (probe.state == PortState::kUnasked) ++waiting_;
    probe.state = PortState::kWaiting;
    probe.sent_ms = sent_ms_;
    const auto port = ports_[place];
    is_batch_v4_ = is_v4;
    sender_.add(targets_[target].syn, port, sequence_of(target, port), targets_[target].to, index);
    ++in_batch_;
    if (!sender_.is_full()) return {};
    return send();
  }

  Status send() {
    if (in_batch_ != 0)
      sender_.flush([this](std::size_t index, int number) {
        if (probes_[index].state != PortState::kWaiting) return;
        probes_[index].state = PortState::kUnsent;
        --waiting_;
        results_[index / ports_.size()].add_note(unsent_note(number));
      });
    in_batch_ = 0;
    const auto drained = capture_.drain(take_);
    sent_ms_ = ms_now();
    return drained;
  }

  [[nodiscard]] milliseconds patience_now() const {
    if (is_own_) return kOwnPatience;
    // To one that has not answered yet the way may have to be found first: a lost question for its
    // hardware address costs a second.
    for (std::size_t at = 0; at < targets_.size() && round_ < kRoundsOfTheSilent; ++at)
      if (results_[at].source && !targets_[at].has_answered) return kMostPatience;
    return std::clamp(milliseconds(4 * slowest_ms_), kLeastPatience, kMostPatience);
  }

  Status wait_for_answers() {
    const auto patience = patience_now();
    const auto end = Clock::now() + patience;
    while (waiting_ != 0 && !options_.is_stopped()) {
      const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
      if (left <= milliseconds(0)) break;
      capture_.wait(std::min(left, milliseconds(100)));
      if (auto drained = capture_.drain(take_); !drained) return drained;
    }
    return {};
  }

  void take(const Answer& answer) {
    if (answer.source_port != our_port_) return;
    const auto found =
        std::ranges::lower_bound(results_, answer.target, {}, &TargetResult::address);
    if (found == results_.end() || found->address != answer.target ||
        found->source != answer.source)
      return;
    const auto place = place_of_port_[answer.target_port];
    if (place < 0) return;
    const auto target = static_cast<std::size_t>(found - results_.begin());
    // Whoever did not see our packet does not know its number.
    if (answer.sequence != sequence_of(target, answer.target_port)) return;
    auto& probe = probes_[target * ports_.size() + static_cast<std::size_t>(place)];
    if (probe.state != PortState::kWaiting) return;
    // This machine tells itself that nobody has an address on its own link: that is silence.
    if (answer.kind == AnswerKind::kRejected && answer.teller == answer.source &&
        answer.teller != answer.target)
      return;
    const auto took = ms_now() - probe.sent_ms;
    probe.sent_ms = took;
    switch (answer.kind) {
      case AnswerKind::kAccepted: probe.state = PortState::kOpen; break;
      case AnswerKind::kReset: probe.state = PortState::kClosed; break;
      case AnswerKind::kRejected: probe.state = PortState::kRejected; break;
    }
    targets_[target].has_answered = true;
    slowest_ms_ = std::max(slowest_ms_, took);
    --waiting_;
  }

  std::vector<TargetResult> finished() {
    for (std::size_t target = 0; target < results_.size(); ++target)
      for (std::size_t place = 0; place < ports_.size(); ++place) {
        const auto& probe = probes_[target * ports_.size() + place];
        results_[target].settle(ports_[place], probe.state, probe.sent_ms);
      }
    finish(results_, options_.is_stopped());
    return std::move(results_);
  }

  RawSender& sender_;
  AnswerCapture& capture_;
  std::uint16_t our_port_;
  SweepOptions options_;
  bool is_own_;
  Pacer pacer_;
  std::vector<std::uint16_t> ports_;
  std::array<std::int32_t, 65'536> place_of_port_{};
  std::vector<TargetResult> results_;
  std::vector<SynTarget> targets_;
  std::vector<Probe> probes_;  // of all ports of the first target, then of the second …
  std::uint64_t key_ = 0;
  Clock::time_point began_ = Clock::now();
  std::uint32_t sent_ms_ = 0;  // when the last batch left
  int round_ = 0;
  std::uint32_t granted_ = 0;
  std::size_t in_batch_ = 0;
  bool is_batch_v4_ = true;
  std::size_t waiting_ = 0;
  std::uint32_t slowest_ms_ = 0;
  const AnswerCapture::Take take_ = [this](const Answer& answer) { take(answer); };
};

}  // namespace

struct SynSweep::Sockets {
  ReservedPort reserved;
  RawSender sender;
  AnswerCapture capture;
};

SynSweep::SynSweep(std::unique_ptr<Sockets> sockets) : sockets_(std::move(sockets)) {}
SynSweep::SynSweep(SynSweep&&) noexcept = default;
SynSweep& SynSweep::operator=(SynSweep&&) noexcept = default;
SynSweep::~SynSweep() = default;

Result<SynSweep> SynSweep::open() {
  auto reserved = reserve_port();
  if (!reserved) return fail(reserved.error());
  auto sender = RawSender::open();
  if (!sender) return fail(sender.error());
  auto capture = AnswerCapture::open(reserved->port);
  if (!capture) return fail(capture.error());
  return SynSweep(
      std::make_unique<Sockets>(*std::move(reserved), *std::move(sender), *std::move(capture)));
}

Result<std::vector<TargetResult>> SynSweep::run(const SweepPart& part,
                                                const SweepOptions& options) {
  if (part.ports.tcp.empty()) return std::vector<TargetResult>();
  const auto run = std::make_unique<Run>(&sockets_->sender, &sockets_->capture,
                                         sockets_->reserved.port, part, options);
  return run->sweep();
}

}  // namespace assay::agent::sweep
