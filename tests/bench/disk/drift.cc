#include "tests/bench/disk/drift.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

#include "evidence/canonical.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::bench {
namespace {

constexpr std::size_t kAllRows = 1'000'000;

// Mean days from one change to the next, and how many rows differ then.
struct Habit {
  const char* table;
  double days;
  std::size_t rows;
};

// Security updates of a distribution and of other repositories come on two days of a week, three
// packages each time; what else they touch changes with them.
constexpr double kUpdateDays = 3.5;
// Of a server that is kept up to date.
constexpr std::size_t kPending = 20;
constexpr Habit kWithUpdates[] = {{"deb_packages", 0, 3},    {"package_installs", 0, 3},
                                  {"update_history", 0, 1},  {"reboot_required", 0, 1},
                                  {"listening_ports", 0, 1}, {"exposure", 0, 1}};
constexpr Habit kHabits[] = {
    // Volatile ones come once a day. So do the package lists, whose date is in every pending
    // update.
    {"agent_costs", 1, kAllRows},
    {"apt_sources", 1, kAllRows},
    {"pending_updates", 1, kAllRows},
    {"last_logins", 1, 2},
    {"arp_cache", 1, 1},
    {"clock_state", 1, 1},
    {"firewall_counters", 1, kAllRows},
    // Files that the walk finds.
    {"sensitive_files", 7, 2},
    {"unpackaged_binaries", 7, 2},
    {"certificates_on_disk", 60, 1},
    // What the company deploys.
    {"python_packages", 14, 5},
    {"npm_packages", 14, 5},
    {"java_archives", 14, 5},
    {"go_binaries", 14, 5},
    // People and settings.
    {"users", 30, 1},
    {"shadow", 30, 1},
    {"groups", 30, 1},
    {"user_groups", 30, 1},
    {"scheduled_tasks", 30, 1},
    {"firewall_rules", 30, 1},
    {"routes", 30, 1},
    {"mounts", 30, 1},
    {"sshd_config", 60, 1},
    {"sudoers", 60, 1},
    {"logging", 60, 1},
    {"login_settings", 90, 1},
    // Its own from the start, hardly ever changed.
    {"agent_info", 90, 1},
    {"interface_addresses", 90, 1},
    {"system_info", 90, 1},
};

// Where a change shows: the day of a list, a version, where there is one, and else the last column
// that is filled.
std::size_t place_of_change(const evidence::TableSpec& spec, const evidence::Row& row) {
  for (const auto* name : {"last_update", "list_date", "version", "time"})
    if (const auto at = spec.column(name); at && row[*at] != evidence::Value(evidence::kNull))
      return *at;
  for (auto at = row.size(); at-- > 1;)
    if (row[at] != evidence::Value(evidence::kNull)) return at;
  return 0;
}

// The day after, of a text that begins with one.
std::optional<std::string> next_day(const std::string& text) {
  const auto time = evidence::from_timestamp(text.substr(0, 10) + "T00:00:00Z");
  if (!time) return std::nullopt;
  return evidence::to_timestamp(*time + std::chrono::days(1)).substr(0, 10) +
         text.substr(std::min<std::size_t>(10, text.size()));
}

void renew(evidence::Value& value, std::mt19937_64& random) {
  if (std::holds_alternative<std::string>(value)) {
    auto& text = std::get<std::string>(value);
    if (auto next = next_day(text))
      text = std::move(*next);
    else
      text = fmt::format("{}~{:x}", text.substr(0, text.find('~')), random() & 0xffffffU);
  } else if (std::holds_alternative<std::int64_t>(value)) {
    auto& number = std::get<std::int64_t>(value);
    number += static_cast<std::int64_t>(1 + random() % 97);
  }
}

evidence::Table first_rows(const evidence::Table& table, std::size_t count) {
  evidence::Table some(table.header());
  for (std::size_t i = 0; i < std::min(count, table.rows().size()); ++i)
    some.add_row(table.rows()[i]);
  return some;
}

// Every figure of it is another one, every time.
void measure_anew(evidence::Row& row, std::mt19937_64& random) {
  for (auto& value : row)
    if (auto* number = std::get_if<std::int64_t>(&value))
      *number = *number * static_cast<std::int64_t>(70 + random() % 60) / 100 + 1;
}

}  // namespace

DriftingMachine::DriftingMachine(const Machine& base, std::size_t number) : random_(number + 1) {
  for (const auto& [name, reason] : base.missing) {
    evidence::ManifestEntry entry;
    entry.name = name;
    entry.reason = reason;
    entries_[name] = entry;
  }
  for (const auto& [name, table] : *base.image) {
    const auto* spec = evidence::find_table(name);
    if (spec == nullptr || spec->origin != evidence::Origin::kHost) continue;
    own_.emplace(name, name == "pending_updates" ? first_rows(*table.rows, kPending) : *table.rows);
    change(name, 0);
  }
  for (const auto& habit : kHabits) change(habit.table, 3);
  for (const auto& habit : kWithUpdates) change(habit.table, 3);
}

bool DriftingMachine::happens(double days) {
  return days <= 1 || std::uniform_real_distribution<>(0, days)(random_) < 1;
}

void DriftingMachine::change(const std::string& name, std::size_t rows) {
  const auto own = own_.find(name);
  if (own == own_.end()) return;
  const auto* spec = evidence::find_table(name);
  auto all = own->second.rows();
  for (std::size_t i = 0; i < std::min(rows, all.size()); ++i) {
    auto& row = rows >= all.size() ? all[i] : all[random_() % all.size()];
    if (name == "agent_costs")
      measure_anew(row, random_);
    else
      renew(row[place_of_change(*spec, row)], random_);
  }
  evidence::Table table(*spec);
  for (auto& row : all) table.add_row(std::move(row));
  auto bytes = evidence::to_canonical(table);
  if (!bytes) throw std::runtime_error(bytes.error().message());
  own->second = std::move(table);
  // Rows that have become the same are one.
  const auto outline = evidence::outline_of_canonical(*bytes);
  if (!outline) throw std::runtime_error(outline.error().message());
  auto& entry = entries_[name];
  entry = {.name = name,
           .status = evidence::TableStatus::kOk,
           .digest = evidence::sha256(*bytes),
           .rows = static_cast<std::int64_t>(outline->rows),
           .bytes = static_cast<std::int64_t>(bytes->size()),
           .milliseconds = static_cast<std::int64_t>(random_() % 12)};
  changed_[name] = {entry, std::move(*bytes)};
}

void DriftingMachine::live() {
  for (auto& [name, entry] : entries_) entry.milliseconds = 0;  // what is repeated took no time
  for (const auto& habit : kHabits)
    if (happens(habit.days)) change(habit.table, habit.rows);
  if (happens(kUpdateDays))
    for (const auto& habit : kWithUpdates) change(habit.table, habit.rows);
}

std::vector<Kept> DriftingMachine::take() {
  std::vector<Kept> changed;
  for (auto& [name, kept] : changed_) changed.push_back(std::move(kept));
  changed_.clear();
  return changed;
}

std::vector<evidence::ManifestEntry> DriftingMachine::entries() const {
  std::vector<evidence::ManifestEntry> all;
  for (const auto& [name, entry] : entries_) all.push_back(entry);
  return all;
}

std::string assumptions() {
  auto text = fmt::format("{} pending updates\nupdates every {} days:", kPending, kUpdateDays);
  for (const auto& habit : kWithUpdates)
    text += fmt::format(" {} ({} rows)", habit.table, habit.rows);
  double days = 0;
  for (const auto& habit : kHabits) {
    if (habit.days != days) text += fmt::format("\nevery {} days:", days = habit.days);
    text += std::string(" ") + habit.table;
  }
  return text;
}

}  // namespace assay::bench
