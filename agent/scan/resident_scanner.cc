#include "agent/scan/resident_scanner.h"

#include <algorithm>

#include "agent/probes/probe.h"
#include "agent/scan/network/network_look.h"
#include "agent/scan/network/wire_watch.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::agent {

namespace {

bool is_volatile(std::string_view table) {
  const auto* spec = evidence::find_table(table);
  return spec != nullptr && spec->is_volatile;
}

bool is_walked(const Probe& probe) {
  return probe.walker != nullptr;
}

bool is_daily(const Probe& probe) {
  return probe.cadence == Cadence::kDaily || is_walked(probe);
}

// A volatile one that is expensive comes with the daily ones.
bool comes_with_changes(const Probe& probe) {
  return is_volatile(probe.table) && !is_daily(probe);
}

}  // namespace

void ResidentScanner::remember(const evidence::Manifest& last) {
  if (last.agent_version != ASSAY_VERSION) return;
  for (const auto& entry : last.tables) {
    const auto collected = evidence::from_timestamp(entry.collected.value_or(last.started));
    if (!collected) continue;
    Remembered known{.trace = std::nullopt, .table = {}, .collected = *collected};
    known.table.name = entry.name;
    known.table.reason = entry.reason;
    known.table.digest = entry.digest;
    known.table.row_count = entry.rows;
    known.table.bytes = entry.bytes;
    remembered_.insert_or_assign(entry.name, std::move(known));
  }
  config_digest_ = last.config_digest.hex();
}

Scan ResidentScanner::scan(const ScanWish& wish) {
  Scan out;
  host_.start_scan();
  out.started = host_.now();
  probes_run_ = 0;
  has_changed_ = wish.is_asked;
  have_ports_changed_ = false;
  SecondLook world(host_);
  for (const auto& probe : probes_)
    if (!is_walked(probe) && !comes_with_changes(probe) &&
        !(has_sensor(wish) && probe.table == kCaptureTable))
      look(probe, wish, world, out);
  walk(wish, out);
  look_at_networks(wish, out);
  look_at_wire(wish, out);
  if (wish.own != nullptr)
    for (const auto table : kOwnTables)
      take(collect_own(host_, table, *wish.own, true), std::nullopt, out);
  look_at_volatile(wish, out);
  std::ranges::sort(out.tables, {}, &ScannedTable::name);
  out.ended = host_.now();
  return out;
}

void ResidentScanner::look(const Probe& probe, const ScanWish& wish, SecondLook& world, Scan& out) {
  if (is_daily(probe)) {
    if (can_repeat(probe.table, wish.walk_interval, wish, out))
      return repeat(std::string(probe.table), out);
    ++probes_run_;
    return take(collect(host_, probe, true), std::nullopt, out);
  }
  const auto known = remembered_.find(probe.table);
  // A table that could not be collected is tried again: the reason may have gone.
  if (known != remembered_.end() && known->second.trace && known->second.table.is_ok() &&
      has_bytes(known->second.table, wish) && world.unchanged(*known->second.trace)) {
    out.tables.push_back(known->second.table);
    out.tables.back().milliseconds = 0;
    return;
  }
  ++probes_run_;
  RecordingHost recording(host_);
  auto table = collect(recording, probe, true);
  take(std::move(table), recording.take(), out);
}

// One walk for all: what it costs does not depend on how many look on.
void ResidentScanner::walk(const ScanWish& wish, Scan& out) {
  std::vector<const Probe*> walkers;
  bool is_due = false;
  for (const auto& probe : probes_) {
    if (!is_walked(probe)) continue;
    walkers.push_back(&probe);
    is_due = is_due || !can_repeat(probe.table, wish.walk_interval, wish, out);
  }
  if (!is_due) {
    for (const auto* probe : walkers) repeat(std::string(probe->table), out);
    return;
  }
  Scan walked;
  collect_walked(host_, walkers, true, walked);
  if (walked.walk) costs_.insert_or_assign(std::string(kWalkName), *walked.walk);
  out.walk = walked.walk;
  for (auto& table : walked.tables) {
    ++probes_run_;
    take(std::move(table), std::nullopt, out);
  }
}

void ResidentScanner::look_at_networks(const ScanWish& wish, Scan& out) {
  if (wish.network == nullptr) return;
  const auto& settings = *wish.network->settings;
  const auto now = what_listens(settings.network);
  // In this process's first look the last manifest tells whether anything is new.
  const bool has_other_settings =
      wish.own != nullptr && digest_of(*wish.own->settings).hex() != config_digest_;
  // Whoever asks for a scan asks of this machine.
  ScanWish of_others = wish;
  of_others.is_asked = false;
  for (const auto& source : network_sources()) {
    const auto use = source.use(settings);
    if (!use) continue;
    if (*use == NetworkUse::kOff) {
      listened_.erase(std::string(source.name));
      for (auto& table : not_looked_at(source, kSwitchedOff))
        take(std::move(table), std::nullopt, out);
      continue;
    }
    if (source.subject == NetworkSubject::kOthers) {
      look_by(source, of_others, false, out);
      continue;
    }
    const auto last = listened_.find(source.name);
    const bool has_news =
        last != listened_.end() ? last->second != now : have_ports_changed_ || has_other_settings;
    if (must_look(source, wish, has_news, out))
      listened_.insert_or_assign(std::string(source.name), now);
    else if (last == listened_.end())  // news that has to wait is still news then
      listened_.emplace(source.name, has_news ? evidence::Digest() : now);
    look_by(source, wish, has_news, out);
  }
}

void ResidentScanner::look_by(const KnownNetworkSource& source, const ScanWish& wish, bool has_news,
                              Scan& out) {
  const auto repeat_all = [&] {
    for (const auto table : source.tables) repeat(std::string(table), out);
  };
  if (!must_look(source, wish, has_news, out)) return repeat_all();
  auto answer = look_at_network(host_, source, *wish.network, nullptr, true);
  if (answer.is_later) {
    waiting_.emplace(source.name);
    if (is_known(source, wish, out)) return repeat_all();
  } else {
    waiting_.erase(std::string(source.name));
    ++probes_run_;
  }
  if (!answer.loss.empty()) out.losses.push_back(std::move(answer.loss));
  for (auto& table : answer.tables) take(std::move(table), std::nullopt, out);
}

bool ResidentScanner::must_look(const KnownNetworkSource& source, const ScanWish& wish,
                                bool has_news, const Scan& out) const {
  if (waiting_.contains(source.name)) return true;
  return std::ranges::any_of(source.tables, [&](std::string_view table) {
    const auto known = remembered_.find(table);
    const bool is_ok = known != remembered_.end() && known->second.table.is_ok();
    const auto limit =
        has_news || !is_ok ? kNetworkDistance : source.interval(*wish.network->settings);
    return !can_repeat(table, limit, wish, out);
  });
}

// All its tables, however old.
bool ResidentScanner::is_known(const KnownNetworkSource& source, const ScanWish& wish,
                               const Scan& out) const {
  return std::ranges::all_of(source.tables, [&](std::string_view table) {
    return can_repeat(table, Age::max(), wish, out) &&
           remembered_.find(table)->second.table.is_ok();
  });
}

bool ResidentScanner::has_sensor(const ScanWish& wish) {
  return wish.wire != nullptr && wish.own != nullptr && wish.own->settings->sensor.is_on();
}

void ResidentScanner::look_at_wire(const ScanWish& wish, Scan& out) {
  if (!has_sensor(wish)) return;
  auto piece = wish.wire->look(wish.own->settings->sensor, out.started, wish.is_asked);
  if (!piece && can_repeat_wire(wish, out)) {
    for (const auto table : kWireTables) repeat(std::string(table), out);
    return;
  }
  if (piece)
    ++probes_run_;
  else
    piece.emplace(not_watched(kBeginsToWatch), std::string());
  if (!piece->loss.empty()) out.losses.push_back(std::move(piece->loss));
  for (auto& table : piece->tables) take(std::move(table), std::nullopt, out);
}

// What the sensor told last, and not what there was before there was one.
bool ResidentScanner::can_repeat_wire(const ScanWish& wish, const Scan& out) const {
  const auto limit = wish.own->settings->sensor.window + kVolatileInterval;
  return std::ranges::all_of(kWireTables, [&](std::string_view table) {
    const auto known = remembered_.find(table);
    return known != remembered_.end() && has_bytes(known->second.table, wish) &&
           (table != kCaptureTable || known->second.table.row_count == 1 ||
            !known->second.table.is_ok()) &&
           out.started - known->second.collected < limit;
  });
}

// A program that starts again has other sockets, also where it listens as before.
evidence::Digest ResidentScanner::what_listens(const NetworkSettings& settings) {
  std::string text;
  if (const auto sockets = host_.listening_sockets()) {
    constexpr int kTcp = 6;
    std::vector<std::string> lines;
    for (const auto& socket : *sockets)
      if (socket.protocol == kTcp || may_ask_by_udp(socket.port))
        lines.push_back(endpoint_text(socket.address, socket.port) + " " +
                        std::to_string(socket.inode) + "\n");
    std::ranges::sort(lines);
    for (const auto& line : lines) text += line;
  }
  for (const auto& target : settings.targets) text += to_text(target) + "\n";
  if (settings.asks_communities) text += "communities\n";
  return evidence::sha256(text);
}

void ResidentScanner::look_at_volatile(const ScanWish& wish, Scan& out) {
  std::vector<const Probe*> probes;
  for (const auto& probe : probes_)
    if (comes_with_changes(probe) && !(has_sensor(wish) && probe.table == kCaptureTable))
      probes.push_back(&probe);
  const auto holds = [&](std::string_view name) {
    return can_repeat(name, kVolatileInterval, wish, out);
  };
  const bool is_due = has_changed_ || !holds(kCostsTable) ||
                      !std::ranges::all_of(probes, holds, [](const auto* p) { return p->table; });
  if (!is_due) {
    for (const auto* probe : probes) repeat(std::string(probe->table), out);
    return repeat(std::string(kCostsTable), out);
  }
  for (const auto* probe : probes) {
    ++probes_run_;
    take(collect(host_, *probe, true), std::nullopt, out);
  }
  collect_all_costs(out);
}

void ResidentScanner::collect_all_costs(Scan& out) {
  std::vector<ProbeCost> costs;
  for (const auto& [name, cost] : costs_) costs.push_back({name, cost});
  take(collect_costs(host_, costs, true), std::nullopt, out);
}

void ResidentScanner::take(ScannedTable table, std::optional<Trace> trace, Scan& out) {
  table.rows.reset();
  const auto known = remembered_.find(table.name);
  if (!is_volatile(table.name) &&
      (known == remembered_.end() || known->second.table.digest != table.digest ||
       known->second.table.reason != table.reason))
    has_changed_ = true;
  if (table.name == "listening_ports" &&
      (known == remembered_.end() || known->second.table.digest != table.digest))
    have_ports_changed_ = true;
  const bool is_own =
      table.name == kCostsTable || std::ranges::find(kOwnTables, table.name) != kOwnTables.end();
  if (!is_own && table.cost.wall.count() > 0) costs_.insert_or_assign(table.name, table.cost);
  out.tables.push_back(table);
  const auto name = table.name;
  remembered_.insert_or_assign(name, Remembered{std::move(trace), std::move(table), out.started});
}

void ResidentScanner::repeat(const std::string& name, Scan& out) {
  const auto& known = remembered_.at(name);
  out.tables.push_back(known.table);
  out.tables.back().milliseconds = 0;
  out.tables.back().collected = known.collected;
}

bool ResidentScanner::has_bytes(const ScannedTable& table, const ScanWish& wish) const {
  return !table.is_ok() || !table.frame.empty() || (wish.is_kept && wish.is_kept(*table.digest));
}

bool ResidentScanner::can_repeat(std::string_view name, Age limit, const ScanWish& wish,
                                 const Scan& out) const {
  const auto known = remembered_.find(name);
  if (wish.is_asked || known == remembered_.end()) return false;
  // Collected in the future: the clock was set back. In this very second: not before this scan.
  const auto age = out.started - known->second.collected;
  return age > Age(0) && age < limit && has_bytes(known->second.table, wish);
}

void ResidentScanner::drop_frames() {
  for (auto& [name, known] : remembered_) {
    known.table.frame.clear();
    known.table.frame.shrink_to_fit();
  }
}

}  // namespace assay::agent
