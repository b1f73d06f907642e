#include "collector/reports/report_maker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <set>

#include "evidence/clock.h"

namespace assay::collector {

namespace {

evidence::Seconds now_by(const ReportMakerOptions& options) {
  return options.now ? options.now() : evidence::system_now();
}

Status make_report(Store& store, const ReportMakerOptions& options, const Week& week) {
  const auto content = options.make(week);
  if (!content) return fail(content.error());
  ReportRecord record;
  record.week = week.name;
  record.since = week.since;
  record.until = week.until;
  record.at = now_by(options);
  const auto kept = store.add_report(record, *content);
  if (!kept) return fail(kept.error());
  spdlog::info("reports: {} is made", week.name);
  return {};
}

// By the hosts' own clocks.
Result<bool> is_over(Store& store, const Week& week) {
  const auto scans = store.scans_since(week.until);
  if (!scans) return fail(scans.error());
  return !scans->empty() && (*scans)[scans->size() / 2] >= week.until;
}

}  // namespace

Result<std::vector<Week>> weeks_due(Store& store, evidence::Seconds now) {
  const auto first = store.first_accepted();
  if (!first) return fail(first.error());
  std::vector<Week> due;
  if (!*first) return due;
  const auto last = week_at(now - kWeekSettles).since;  // the end of the last one that is over
  const auto oldest =
      std::max(week_at(**first).since, last - kMostWeeksBack * std::chrono::days(7));
  const auto latest = store.reports({"", kMostWeeksBack + 1});
  if (!latest) return fail(latest.error());
  std::set<std::string> there;
  for (const auto& report : latest->items) there.insert(report.week);
  for (auto at = oldest; at < last; at += std::chrono::days(7))
    if (auto week = week_at(at); !there.contains(week.name)) due.push_back(std::move(week));
  while (!due.empty()) {
    const auto over = is_over(store, due.back());
    if (!over) return fail(over.error());
    if (*over) break;
    due.pop_back();
  }
  return due;
}

Result<ReportRound> make_reports_due(Store& store, const ReportMakerOptions& options,
                                     const std::stop_token& stop) {
  const auto began = now_by(options);
  ReportRound round;
  const auto due = weeks_due(store, began);
  if (!due) return fail(due.error());
  if (due->empty()) return round;
  const auto is_ours = store.claim_reporting(began, began + kReportTurn);
  if (!is_ours) return fail(is_ours.error());
  if (!*is_ours) return round;
  for (const auto& week : *due) {
    if (stop.stop_requested() || round.made == kMostReportsAtOnce) break;
    if (now_by(options) >= began + kReportTurn) break;  // somebody else's turn may have begun
    if (const auto done = make_report(store, options, week); !done) {
      // The others are made all the same.
      ++round.failed;
      spdlog::warn("reports: {}: {}; it is tried again", week.name, done.error().message());
      continue;
    }
    ++round.made;
  }
  return round;
}

ReportMaker::ReportMaker(Store& store, ReportMakerOptions options)
    : store_(store), options_(std::move(options)) {}

ReportMaker::~ReportMaker() {
  stop();
}

void ReportMaker::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ReportMaker::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void ReportMaker::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> later(0, options_.look.count() / 4);
  while (!stop.stop_requested()) {
    const auto round = make_reports_due(store_, options_, stop);
    if (round) {
      made_ += round->made;
      failures_ += round->failed;
    } else if (!stop.stop_requested()) {
      ++failures_;
      spdlog::warn("reports: {}; it is tried again", round.error().message());
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, options_.look + std::chrono::milliseconds(later(random)),
                  [] { return false; });
  }
}

std::vector<Figure> ReportMaker::figures() const {
  std::vector<Figure> figures = {
      {"assay_reports_made_total", "Weekly reports that were made.", static_cast<double>(made_),
       true},
      {"assay_report_failures_total", "Weekly reports that could not be made.",
       static_cast<double>(failures_), true}};
  // Left out while the store cannot be asked: no figure rather than a good one.
  if (const auto due = weeks_due(store_, now_by(options_)))
    figures.push_back({"assay_reports_due", "Weeks that are over and have no report yet.",
                       static_cast<double>(due->size()), false});
  return figures;
}

}  // namespace assay::collector
