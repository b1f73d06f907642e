#include "agent/scan/network/wire_watch.h"

#include <algorithm>

#include "agent/scanner/scanned_tables.h"

namespace assay::agent {

namespace {

using evidence::Table;

// From the signal to the end of its answer.
constexpr std::chrono::seconds kAnswerTime{20};
// Who asks again and again gets no pieces of a second each.
constexpr std::chrono::seconds kShortest{30};
// The longest that assay-scanner watches by itself.
constexpr int kMaxSeconds = 24 * 60 * 60;

std::vector<std::string> arguments_of(const SensorSettings& settings) {
  std::vector<std::string> out{"sensor", "watch", "--interface=" + settings.interface,
                               "--seconds=" + std::to_string(kMaxSeconds)};
  for (const auto& path : settings.block_lists) out.push_back("--blocklist=" + path);
  for (const auto& network : settings.own_networks) out.push_back("--own=" + network);
  if (!settings.working_hours.empty()) out.push_back("--working-hours=" + settings.working_hours);
  if (!settings.filter.empty()) out.push_back("--filter=" + settings.filter);
  return out;
}

// All six, and one capture, of the interface that was to be watched.
Status check(const std::vector<Table>& tables, const std::string& interface) {
  const auto wrong = [](const char* what) {
    return fail(Code::kInvalidData, std::string("the sensor's answer: ") + what);
  };
  if (tables.size() != kWireTables.size()) return wrong("not the tables of a sensor");
  for (const auto name : kWireTables) {
    const auto* found = table_named(tables, name);
    if (found == nullptr) return wrong("not the tables of a sensor");
    if (name != kCaptureTable) continue;
    if (found->rows().size() != 1 || evidence::to_text(found->at(0, "source")) != interface ||
        evidence::to_text(found->at(0, "kind")) != "interface")
      return wrong("of something else than was watched");
  }
  return {};
}

}  // namespace

WireWatch::WireWatch()
    : start_([](const std::vector<std::string>& arguments) -> Result<RunningScanner> {
        const auto program = scanner_program();
        if (!program) return fail(program.error());
        return RunningScanner::start({.program = *program,
                                      .arguments = arguments,
                                      .input = {},
                                      .time_limit = {},
                                      .must_end = {}});
      }) {}

Status WireWatch::begin(evidence::Seconds now) {
  auto started = start_(arguments_of(settings_));
  if (!started) return fail(started.error());
  running_ = std::move(*started);
  begun_ = now;
  return {};
}

Result<std::vector<Table>> WireWatch::hear(Cost* cost) {
  running_->ask_to_end();
  const auto ended = std::move(*running_).finish(kAnswerTime);
  running_.reset();
  if (!ended) return fail(ended.error());
  cost->cpu = ended->cpu;
  cost->memory_bytes = ended->peak_bytes;
  cost->read_bytes = ended->output.size();
  if (ended->code != 0)
    return fail(Code::kUnavailable,
                "the sensor ended with code " + std::to_string(ended->code) + "; its log says why");
  auto tables = scanned_tables(ended->output);
  if (!tables) return tables;
  if (auto done = check(*tables, settings_.interface); !done) return fail(done.error());
  return tables;
}

std::optional<WireWatch::Piece> WireWatch::look(const SensorSettings& settings,
                                                evidence::Seconds now, bool is_asked) {
  if (settings != settings_) running_.reset();
  settings_ = settings;
  Piece out;
  Status begun;
  if (running_) {
    const auto age = now - begun_;
    // A time in the future: the clock was set back.
    const bool is_due = age >= settings_.window || age.count() < 0 ||
                        (is_asked && age >= kShortest) || running_->has_ended();
    if (!is_due) return std::nullopt;
    Cost cost;
    cost.wall = age.count() > 0 ? std::chrono::microseconds(age) : std::chrono::microseconds(1);
    auto tables = hear(&cost);
    begun = begin(now);
    if (tables) {
      for (auto& table : *tables) out.tables.push_back(finished_table(std::move(table), true));
      std::ranges::sort(out.tables, {}, &ScannedTable::name);
    } else {
      out.tables = not_watched(tables.error().message());
      out.loss = "sensor: " + tables.error().message();
    }
    out.tables.front().cost = cost;
  } else if (begun = begin(now); begun) {
    return std::nullopt;
  }
  if (!begun && out.loss.empty()) out.loss = "sensor: " + begun.error().message();
  if (!begun && out.tables.empty()) out.tables = not_watched(begun.error().message());
  return out;
}

std::vector<ScannedTable> not_watched(std::string_view why) {
  std::vector<ScannedTable> out;
  for (const auto name : kWireTables)
    out.push_back(missing(name, Error(Code::kUnavailable, std::string(why))));
  return out;
}

}  // namespace assay::agent
