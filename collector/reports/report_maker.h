// Makes the weekly reports, each once: when a week is over and judged, and later for the weeks in
// which no collector ran (docs/decisions/0088-reports-of-weeks.md). Of several collectors one makes
// them at a time. Nothing else waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "collector/reports/week.h"
#include "collector/store/store.h"
#include "evidence/result.h"

namespace assay::collector {

// What arrived at the end of a week is still being judged so long.
inline constexpr std::chrono::seconds kWeekSettles{60};
// Weeks that are further back are not made up for.
inline constexpr int kMostWeeksBack = 53;
// So many are made at a look, and so long nobody else makes any; a collector that has died is
// waited for no longer, nor is a report that failed.
inline constexpr int kMostReportsAtOnce = 8;
inline constexpr std::chrono::minutes kReportTurn{10};

struct ReportMakerOptions {
  // The content of a week's report: the same bytes whenever it is asked.
  std::function<Result<std::string>(const Week& week)> make;
  std::function<evidence::Seconds()> now;  // the system's clock when empty
  // How often it looks whether something is due; up to a quarter more, so that collectors which
  // were started together do not look together for ever.
  std::chrono::milliseconds look{60'000};
};

// Weeks that are over and have no report, the oldest first, back to that of the first snapshot. A
// week is over when the clocks of hosts say so as well (of half of those that sent a snapshot
// since): a report is for ever, and the collector's own clock may have run ahead.
[[nodiscard]] Result<std::vector<Week>> weeks_due(Store& store, evidence::Seconds now);

struct ReportRound {
  std::int64_t made = 0;
  std::int64_t failed = 0;  // told in the log
};
// Makes what is due, if it is this collector's turn. An error when the store could not be asked.
[[nodiscard]] Result<ReportRound> make_reports_due(Store& store, const ReportMakerOptions& options,
                                                   const std::stop_token& stop = {});

class ReportMaker {
 public:
  // `store` must outlive it.
  ReportMaker(Store& store, ReportMakerOptions options);
  ~ReportMaker();  // stop()
  ReportMaker(const ReportMaker&) = delete;
  ReportMaker& operator=(const ReportMaker&) = delete;

  // Once. What `make` asks is there until stop() returns.
  void start();
  // The report that is being made is finished. Twice does no harm.
  void stop();
  // For /metrics; from any thread.
  [[nodiscard]] std::vector<Figure> figures() const;

 private:
  void run(const std::stop_token& stop);

  Store& store_;
  const ReportMakerOptions options_;
  std::atomic<std::int64_t> made_ = 0;
  std::atomic<std::int64_t> failures_ = 0;
  std::jthread thread_;
};

}  // namespace assay::collector
