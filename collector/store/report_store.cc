#include "collector/store/report_store.h"

#include "evidence/compress.h"
#include "evidence/refusal.h"

namespace assay::collector {

Result<bool> ReportStore::claim_reporting(evidence::Seconds now, evidence::Seconds until) {
  return measured("claim_reporting", [&] { return do_claim_reporting(now, until); });
}

Result<ReportRecord> ReportStore::add_report(ReportRecord report, std::string_view content) {
  if (report.week.empty() || report.until <= report.since || content.empty())
    return refuse(Code::kUsage,
                  {"a report is of a week that has an end", "週報須屬於一個已有起訖時間的週次"});
  if (content.size() > kMaxReportContentBytes)
    return refuse(Code::kTooLarge, {"a report may have {} bytes at most", "週報最多 {} 位元組"},
                  kMaxReportContentBytes);
  report.digest = evidence::sha256(content);
  const auto frame = evidence::compress(content);
  if (!frame) return fail(frame.error());
  return measured("add_report", [&] { return do_add_report(report, *frame); });
}

Result<ReportRecord> ReportStore::report(std::string_view week) {
  return measured("report", [&] { return do_report(week); });
}

Result<std::string> ReportStore::report_content(std::string_view week) {
  return measured("report_content", [&]() -> Result<std::string> {
    const auto record = do_report(week);
    if (!record) return fail(record.error());
    const auto frame = do_report_frame(week);
    if (!frame) return frame;
    auto content = evidence::decompress(*frame, kMaxReportContentBytes);
    if (!content) return fail(content.error().within(phrase({"report {}", "週報 {}"}, week)));
    if (evidence::sha256(*content) != record->digest)
      return refuse(Code::kInvalidData,
                    {"report {} is not what was stored", "週報 {} 與當初存入的內容不同"}, week);
    return content;
  });
}

Result<Page<ReportRecord>> ReportStore::reports(const PageRequest& page) {
  return measured("reports", [&] { return do_reports(bounded(page)); });
}

Result<std::optional<evidence::Seconds>> ReportStore::first_accepted() {
  return measured("first_accepted", [&] { return do_first_accepted(); });
}

}  // namespace assay::collector
