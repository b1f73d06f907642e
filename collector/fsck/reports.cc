// Weekly reports: each is still what it was made of; that it was made so is an act in the ledger.
#include "collector/fsck/examiner.h"

namespace assay::collector {

Status examine_reports(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.reports(page); },
                   [&](const ReportRecord& report) -> Status {
                     ++examination.counts.reports;
                     const auto content = examination.store.report_content(report.week);
                     if (!content)
                       return examination.note(phrase({"report {}", "週報 {}"}, report.week),
                                               content.error());
                     return {};
                   });
}

}  // namespace assay::collector
