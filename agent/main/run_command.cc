#include <signal.h>

#include "agent/child/child_program.h"
#include "agent/host/live_host.h"
#include "agent/main/command.h"
#include "agent/main/judge.h"
#include "agent/main/settings.h"
#include "agent/main/snapshot.h"
#include "agent/scan/kept_digests.h"
#include "agent/scan/network/network_look.h"
#include "agent/scan/network/wire_watch.h"
#include "agent/scan/resident_scanner.h"
#include "agent/schedule/resident.h"
#include "agent/settings/collector_settings.h"

namespace assay::agent {

namespace {

// SIGTERM or SIGINT has come; they are blocked, and read between two scans.
bool is_stopping() {
  sigset_t pending;
  return ::sigpending(&pending) == 0 &&
         (::sigismember(&pending, SIGTERM) == 1 || ::sigismember(&pending, SIGINT) == 1);
}

// The machine as the resident process knows it: settings in force, spool, what was seen last.
class Machine {
 public:
  // `collector`: instead of the settings' and the enrolled one; may be empty.
  Machine(const CommonOptions& common, Settings settings, Spool spool, std::string collector)
      : common_(common),
        settings_(std::move(settings)),
        spool_(std::move(spool)),
        collector_(std::move(collector)) {
    apply(read_collector_settings(state()), &settings_);
    host_.use_digest_cache(&digests_.cache());
  }

  [[nodiscard]] StateFolder state() const { return StateFolder(settings_.state_dir); }
  [[nodiscard]] Spool& spool() { return spool_; }

  Result<ScanOutcome> scan(bool is_asked) {
    // Read anew each time: the courier renews the key.
    const auto identity = load_identity(state());
    if (!identity) return fail(identity.error());
    remember_last(identity->host_id);
    const OwnFacts own{&settings_, collector_};
    const auto network = look_with_scanner(settings_, false, is_stopping);
    const auto found = scanner_.scan(
        {.walk_interval = settings_.scan.walk_interval,
         .is_asked = is_asked,
         .own = &own,
         .network = &network,
         .wire = &wire_,
         .is_kept = [this](const evidence::Digest& digest) { return spool_.has_table(digest); }});
    Disk disk;
    (void)digests_.store(disk);  // without it the next scan reads more; no evidence is lost
    for (const auto& loss : found.losses) spool_.record_gap(GapKind::kNetwork, loss);
    const SnapshotContext context{&settings_, host_name_of(host_), &*identity};
    const auto made = spool_snapshot(found, context, &spool_);
    if (!made) return fail(made.error());
    scanner_.drop_frames();
    const auto manifest = evidence::manifest_from_canonical(made->manifest);
    if (!manifest) return fail(manifest.error());
    ScanOutcome outcome;
    outcome.sequence = manifest->sequence;
    outcome.probes_run = scanner_.probes_run();
    for (const auto& table : found.tables) ++(table.is_ok() ? outcome.tables : outcome.unavailable);
    return outcome;
  }

  Result<ScanTiming> read_timing() {
    auto settings = settings_in_force(common_);
    if (!settings) return fail(settings.error());
    // The spool is open where it is: another folder takes effect at the next start.
    settings->state_dir = settings_.state_dir;
    apply(read_collector_settings(state()), &*settings);
    settings_ = std::move(*settings);
    return ScanTiming{settings_.scan.interval, settings_.scan.splay};
  }

 private:
  // Once: from then on the scanner knows better.
  void remember_last(const std::string& host_id) {
    if (std::exchange(remembers_, true)) return;
    if (const auto last = spool_.last_manifest(host_id)) scanner_.remember(*last);
  }

  const CommonOptions& common_;
  Settings settings_;
  Spool spool_;
  std::string collector_;
  bool remembers_ = false;
  KeptDigests digests_{state()};
  LiveHost host_;
  WireWatch wire_;
  ResidentScanner scanner_{host_};
};

}  // namespace

int run_run_command(const CommonOptions& common, const RunArguments& arguments) {
  auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  const StateFolder state(settings->state_dir);
  if (const auto identity = load_identity(state); !identity) {
    if (identity.error().code() != Code::kNotFound) return report(common, identity.error());
    const bool is_chinese = common.chosen_language() == Language::kChinese;
    return report(
        common, Error(Code::kNotFound,
                      is_chinese ? "本機尚未註冊，請先執行 assay-agent enroll"
                                 : "this machine is not enrolled: assay-agent enroll comes first"));
  }
  const auto courier = program_beside_this("assay-courier");
  if (!courier) return report(common, courier.error());
  const std::string address =
      arguments.collector.empty() ? settings->collector.address : arguments.collector;
  ResidentOptions options{state, *courier, {"run", "--state", settings->state_dir}};
  if (!address.empty()) {
    options.courier_arguments.emplace_back("--collector");
    options.courier_arguments.push_back(address);
  }
  auto spool = Spool::open(state, {.max_bytes = settings->spool.max_bytes});
  if (!spool) return report(common, spool.error());
  Machine machine(common, std::move(*settings), std::move(*spool), arguments.collector);
  Resident resident(std::move(options),
                    {.scan = [&machine](bool is_asked) { return machine.scan(is_asked); },
                     .settle = [&machine]() -> Status {
                       const auto settled = machine.spool().settle();
                       if (!settled) return fail(settled.error());
                       return {};
                     },
                     .counts = [&machine] { return machine.spool().counts(); },
                     .timing = [&machine] { return machine.read_timing(); }});
  const auto done = arguments.once ? resident.run_once() : resident.run();
  return done ? kDone : report(common, done.error());
}

}  // namespace assay::agent
