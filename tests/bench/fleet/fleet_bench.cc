// A company of made-up machines and one collector, on this machine or another: how fast snapshots
// are accepted, what an attached agent costs, what happens when all come back at once. See run.
//   fleet_bench [--agents N] [--rounds N] [--at-once N] [--store sqlite|postgres]
//               [--collector PROGRAM] [--only attach|storm|visit]
//   fleet_bench --found FOLDER --name NAME [--agents N]
//   fleet_bench --play FOLDER/machines --at HOST:PORT [--rounds N] [--at-once N]
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "tests/bench/fleet/afar.h"
#include "tests/bench/fleet/company.h"
#include "tests/bench/fleet/cost.h"
#include "tests/bench/fleet/echo.h"
#include "tests/bench/fleet/fleet.h"
#include "tests/bench/fleet/floors.h"
#include "tests/bench/fleet/player.h"
#include "tests/bench/fleet/postgres_floor.h"
#include "tests/bench/fleet/served.h"
#include "tests/bench/fleet/stores.h"
#include "tests/unit/collector/store/postgres_server.h"

namespace {

using namespace assay::bench;  // NOLINT: a program
using assay::collector::postgres::PostgresServer;

// Under way where the rate is given: as many as come.
constexpr std::size_t kManyAtOnce = 100'000;

struct Options {
  std::size_t agents = 1000;
  std::size_t rounds = 5;
  std::size_t at_once = 64;
  std::string collector;  // empty: ingest and store alone
  // "attach": what an attached agent costs, and nothing else; "storm": how all come back; "visit":
  // all come once and leave, however many they are.
  std::string only;
  std::string found;  // the folder of a company to be played from another machine
  std::string name;   // by which its collector is reached
  std::string play;   // the file with the machines of such a company
  std::string at;     // where its collector listens
  bool is_in_postgres = false;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--agents") options.agents = std::strtoul(argv[i + 1], nullptr, 10);
    if (name == "--rounds") options.rounds = std::strtoul(argv[i + 1], nullptr, 10);
    if (name == "--at-once") options.at_once = std::strtoul(argv[i + 1], nullptr, 10);
    if (name == "--collector") options.collector = argv[i + 1];
    if (name == "--only") options.only = argv[i + 1];
    if (name == "--found") options.found = argv[i + 1];
    if (name == "--name") options.name = argv[i + 1];
    if (name == "--play") options.play = argv[i + 1];
    if (name == "--at") options.at = argv[i + 1];
    if (name == "--store") options.is_in_postgres = std::strcmp(argv[i + 1], "postgres") == 0;
  }
  options.at_once = std::clamp<std::size_t>(options.agents / 4, 1, options.at_once);
  return options;
}

// What the echo is sent: the digest it shall answer with, and the table it shall ask for.
Rounds for_echo(Rounds rounds, bool is_with_table) {
  for (auto& round : rounds) {
    for (auto& prepared : round) {
      prepared.signature = prepared.digest;
      if (is_with_table)
        for (const auto& [digest, content] : prepared.tables)
          if (content->entry.name == "deb_packages") prepared.signature += digest;
    }
  }
  return rounds;
}

class Bench {
 public:
  Bench(Options options, std::string program, std::string folder)
      : options_(std::move(options)),
        program_(std::move(program)),
        folder_(std::move(folder)),
        state_(folder_ + "/state") {
    if (options_.is_in_postgres) {
      postgres_ = std::make_unique<PostgresServer>();
      if (!postgres_->good()) throw std::runtime_error("PostgreSQL 15 did not start");
      conninfo_ = postgres_->conninfo(postgres_->new_schema());
      std::filesystem::create_directories(state_);
      std::ofstream(state_ + "/collector.yaml") << "store: \"postgres:" << conninfo_ << "\"\n";
    }
    company_ = found();
    fleet_ = std::make_unique<Fleet>(company_);
  }

  void run() {
    if (options_.only == "attach") return attach();
    if (options_.only == "storm") return storm();
    if (options_.only == "visit") return visit();
    const auto half = std::max<std::size_t>(options_.rounds / 2, 1);
    const auto first = fleet_->unchanged(1);
    const auto unchanged = fleet_->unchanged(options_.rounds);
    const auto changed = fleet_->updated(half);
    const auto unchanged_later = fleet_->unchanged(options_.rounds);
    const auto changed_later = fleet_->updated(half);
    const auto& sample = *changed[0][0].tables.at(digest_of_packages(changed[0][0]));
    fmt::print("an unchanged offer {} bytes; new content {} bytes, {} on the wire\n",
               unchanged[0][0].difference.size() + unchanged[0][0].signature.size(),
               sample.bytes.size(), sample.frame.size());
    print_heading();
    const auto echo_small = echo(for_echo(unchanged, false), "floor: transport, unchanged");
    const auto echo_large = echo(for_echo(changed, true), "floor: transport, 40 KB new");
    const auto hash = sha256_of(sample.bytes);
    const auto unpack = unpacking_of(sample.frame, sample.bytes.size());
    print_floor("floor: SHA-256 of the content", hash);
    print_floor("floor: zstd, unpacking it", unpack);
    const auto large = store_floors(sample.frame.size());

    const Served served(command());
    const auto at_rest = served.resident_mib();
    Player player(company_, served.address());
    print_cost("attach", cost_of(&served, [&] { return player.attend(options_.at_once); }));
    const auto attached = served.resident_mib();
    (void)submit(served, player, "first snapshots", first);
    const auto accepted = submit(served, player, "unchanged snapshots", unchanged);
    const auto full = submit(served, player, "40 KB of new content", changed);
    at_half(served, player, "unchanged, at half that rate", unchanged_later, accepted);
    at_half(served, player, "40 KB new, at half that rate", changed_later, full);
    print_cost("all come again", cost_of(&served, [&] { return player.attend(options_.at_once); }));
    const double allowed = 1e6 / (*echo_large.server_us + hash.cpu_us + large.cpu_us);
    fmt::print("40 KB new: {:.0f}/s per core of the collector; the floors allow {:.0f}: {:.2f}\n",
               1e6 / *full.server_us, allowed, 1e6 / *full.server_us / allowed);
    fmt::print("unchanged: {:.0f}/s per core of the collector; transport alone {:.0f}\n",
               1e6 / *accepted.server_us, 1e6 / *echo_small.server_us);
    fmt::print(
        "resident: at rest {:.1f} MiB, {} attached {:.1f} MiB ({:.1f} KiB each), at the end {:.1f} "
        "MiB\n",
        at_rest, options_.agents, attached, each(attached - at_rest), served.resident_mib());
  }

  // What all do when the collector is started anew while each has a snapshot on its way.
  void storm() {
    const auto first = fleet_->unchanged(1);
    auto served = std::make_unique<Served>(command());
    const auto port = served->port();
    Player player(company_, served->address());
    const auto storm = player.storm(
        first[0],
        [&] {
          served.reset();
          served = std::make_unique<Served>(command(port));
        },
        std::chrono::seconds(600));
    fmt::print(
        "storm of {}: back {}, with a receipt {} ({} before it), within {:.1f} s, of which nobody "
        "was there {:.1f} s; {} connections, {} failed, at most {} came in a second; CPU of the "
        "new collector {:.2f} s\n",
        options_.agents, storm.back, storm.accepted, storm.before, storm.seconds,
        storm.down_seconds, storm.attempts, storm.failed, storm.most_in_a_second, served->cpu());
    served.reset();
    std::vector<assay::evidence::Digest> sent;
    for (const auto& prepared : first[0])
      sent.push_back(assay::evidence::Digest::from_raw(prepared.digest).value());
    print_lost(sent);
  }

  // All come once, deliver and leave: there may be more of them than open files.
  void visit() {
    std::vector<assay::evidence::Digest> sent;
    {
      const Served served(command());
      const auto at_rest = served.resident_mib();
      Player player(company_, served.address());
      print_heading();
      print_cost("a first snapshot, and gone", cost_of(&served, [&] {
                   return player.visit(
                       [&](std::size_t agent) {
                         auto prepared = fleet_->passing(agent);
                         sent.push_back(assay::evidence::Digest::from_raw(prepared.digest).value());
                         return prepared;
                       },
                       options_.at_once);
                 }));
      fmt::print("resident: at rest {:.1f} MiB, at the end {:.1f} MiB\n", at_rest,
                 served.resident_mib());
    }
    print_lost(sent);
  }

  // What agents hold of the collector that are there and say nothing: fresh, and after a snapshot.
  void attach() {
    print_heading();
    const auto floor = attached_to_echo();
    const Served served(command());
    const auto at_rest = served.resident_mib();
    Player player(company_, served.address());
    print_cost("attach", cost_of(&served, [&] { return player.attend(options_.at_once); }));
    const auto attached = served.resident_mib();
    const auto first = fleet_->unchanged(1);
    print_cost("first snapshots",
               cost_of(&served, [&] { return player.submit(first, options_.at_once); }));
    const auto submitted = served.resident_mib();
    fmt::print(
        "resident: at rest {:.1f} MiB; {} attached {:.1f} MiB, {:.1f} KiB each; after a snapshot "
        "{:.1f} MiB, {:.1f} KiB each; of a server that does nothing {:.1f} KiB each\n",
        at_rest, options_.agents, attached, each(attached - at_rest), submitted,
        each(submitted - at_rest), floor);
  }

 private:
  [[nodiscard]] std::vector<std::string> command(int port = 0) const {
    if (options_.collector.empty())
      return {program_, "--serve", state_, std::to_string(port), conninfo_};
    return {options_.collector, "serve",
            "--state",          state_,
            "--listen",         "127.0.0.1:" + std::to_string(port),
            "--api-listen",     "127.0.0.1:0"};
  }
  void print_lost(const std::vector<assay::evidence::Digest>& sent) const {
    const auto store = open_store(state_, conninfo_);
    fmt::print("lost: {} of {}\n",
               std::ranges::count_if(
                   sent, [&](const auto& digest) { return !store->receipt(digest).has_value(); }),
               sent.size());
  }
  Company found() {
    std::filesystem::create_directories(state_);
    const auto store = open_store(state_, conninfo_);
    return found_company(state_, options_.agents, *store);
  }
  // The last is that of frames of `bytes` bytes, in groups.
  Floor store_floors(std::size_t bytes) {
    if (!options_.is_in_postgres) {
      print_floor("floor: SQLite, a small row", inserts(folder_, 300, 1));
      print_floor("floor: SQLite, 100 small rows", inserts(folder_, 300, 100));
      const auto large = inserts(folder_, bytes, 100);
      print_floor("floor: SQLite, 100 such frames", large);
      return large;
    }
    const auto of = [&](const std::string& what, std::size_t size, std::size_t connections,
                        std::size_t group) {
      const auto before = database_cpu();
      const auto floor = postgres_inserts(conninfo_, size, connections, group);
      print_floor(what, floor);
      print_of_database((database_cpu() - before) / floor.per_second);
      return floor;
    };
    (void)of("floor: PostgreSQL, 8 x a small row", 300, 8, 1);
    (void)of("floor: PostgreSQL, 8 x such a frame", bytes, 8, 1);
    return of("floor: PostgreSQL, 100 such frames", bytes, 1, 100);
  }
  // As many at a time as are told to be, or, with a `rate`, as many a second.
  Cost submit(const Served& served, Player& player, const std::string& what, const Rounds& rounds,
              std::optional<double> rate = std::nullopt) const {
    const auto database = database_cpu();
    const auto cost = cost_of(&served, [&] {
      return rate ? player.submit(rounds, kManyAtOnce, *rate)
                  : player.submit(rounds, options_.at_once);
    });
    print_cost(what, cost);
    if (postgres_ && cost.outcome.done > 0)
      print_of_database((database_cpu() - database) / static_cast<double>(cost.outcome.done));
    return cost;
  }
  // Seconds of PostgreSQL and its processes.
  [[nodiscard]] double database_cpu() const {
    return postgres_ ? cpu_with_children(postgres_->process()) : 0;
  }
  static void print_of_database(double seconds) {
    fmt::print("{:<34} {:>21.1f} us\n", "  and of the database", seconds * 1e6);
  }
  void at_half(const Served& served, Player& player, const std::string& what, const Rounds& rounds,
               const Cost& full) {
    const auto rate = static_cast<double>(full.outcome.done) / full.outcome.seconds / 2;
    (void)submit(served, player, what, rounds, rate);
  }
  [[nodiscard]] double each(double mib) const {
    return mib * 1024 / static_cast<double>(options_.agents);
  }
  static std::string digest_of_packages(const Prepared& prepared) {
    for (const auto& [digest, content] : prepared.tables)
      if (content->entry.name == "deb_packages") return digest;
    return {};
  }
  Cost echo(const Rounds& rounds, const std::string& what) {
    const Served served({program_, "--echo", state_});
    Player player(company_, served.address());
    // Connected first: a handshake is no part of this.
    const Rounds warm{rounds.front()};
    (void)player.submit(warm, options_.at_once);
    const auto cost = cost_of(&served, [&] { return player.submit(rounds, options_.at_once); });
    print_cost(what, cost);
    return cost;
  }
  // What is resident of gRPC and TLS for each agent that is attached, KiB.
  [[nodiscard]] double attached_to_echo() const {
    const Served served({program_, "--echo", state_});
    const auto at_rest = served.resident_mib();
    Player player(company_, served.address());
    print_cost("floor: transport, attach",
               cost_of(&served, [&] { return player.attend(options_.at_once); }));
    return each(served.resident_mib() - at_rest);
  }
  static void print_floor(const std::string& what, const Floor& floor) {
    fmt::print("{:<34} {:>8.0f}/s {:>9.1f} us\n", what, floor.per_second, floor.cpu_us);
  }

  Options options_;
  std::string program_;
  std::string folder_;
  std::string state_;
  std::unique_ptr<PostgresServer> postgres_;
  std::string conninfo_;  // empty: SQLite
  Company company_;
  std::unique_ptr<Fleet> fleet_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--echo") == 0) return serve_echo(argv[2]);
  if (argc == 5 && std::strcmp(argv[1], "--serve") == 0)
    return serve_ingest(argv[2], std::atoi(argv[3]), argv[4]);
  auto pattern = (std::filesystem::temp_directory_path() / "assay-fleet-XXXXXX").string();
  const std::string folder = ::mkdtemp(pattern.data());
  const auto options = options_of(argc, argv);
  try {
    if (!options.found.empty())
      found_for_afar(options.found, options.name, options.agents);
    else if (!options.play.empty())
      play_from_afar(options.play, options.at, options.rounds, options.at_once);
    else
      Bench(options, std::filesystem::read_symlink("/proc/self/exe"), folder).run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "fleet_bench: {}\n", error.what());
    std::filesystem::remove_all(folder);
    return 1;
  }
  std::filesystem::remove_all(folder);
}
