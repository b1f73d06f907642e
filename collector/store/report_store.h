// Weekly reports: what changed in a week over the whole fleet, as it was worked out once.
//
// Safe from any thread. A write is durable when the call returns; a call that fails has written
// nothing. Nothing is ever changed or removed. Any call may fail with kNoSpace, kUnavailable (busy
// or away: try again) or kIo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct ReportRecord {
  std::string week;  // of ISO 8601, "2026-W48"
  evidence::Seconds since;
  evidence::Seconds until;
  evidence::Digest digest;  // of its content
  evidence::Seconds at;     // when it was made
  std::int64_t act = 0;     // number of the act; set by the store
};

// Of a report's content, which is JSON.
inline constexpr std::size_t kMaxReportContentBytes = 256U << 20U;

class ReportStore : public virtual Metered {
 public:
  virtual ~ReportStore() = default;

  // Whether the caller is the one of all collectors that makes reports now; then nobody else is
  // until `until`. A claim that ends more than a day ahead was made by a wrong clock and is void.
  [[nodiscard]] Result<bool> claim_reporting(evidence::Seconds now, evidence::Seconds until);
  // Keeps the content, whose digest the store works out, with the act `report_made`. Where the week
  // has a report already that one stands, and is the answer. kUsage for a week without a name or an
  // end; kTooLarge.
  [[nodiscard]] Result<ReportRecord> add_report(ReportRecord report, std::string_view content);
  [[nodiscard]] Result<ReportRecord> report(std::string_view week);  // kNotFound
  // The bytes that were kept. kNotFound; kInvalidData when they are not what was stored.
  [[nodiscard]] Result<std::string> report_content(std::string_view week);
  // The latest week first.
  [[nodiscard]] Result<Page<ReportRecord>> reports(const PageRequest& page);
  // When the first snapshot of all was accepted; nullopt while there is none.
  [[nodiscard]] Result<std::optional<evidence::Seconds>> first_accepted();

 private:
  virtual Result<bool> do_claim_reporting(evidence::Seconds now, evidence::Seconds until) = 0;
  // `frame` is one zstd frame of the content.
  virtual Result<ReportRecord> do_add_report(const ReportRecord& report,
                                             std::string_view frame) = 0;
  virtual Result<ReportRecord> do_report(std::string_view week) = 0;
  virtual Result<std::string> do_report_frame(std::string_view week) = 0;
  virtual Result<Page<ReportRecord>> do_reports(const PageRequest& page) = 0;
  virtual Result<std::optional<evidence::Seconds>> do_first_accepted() = 0;
};

}  // namespace assay::collector
