// A scan of a machine together with its verdicts, as several commands need it.
#pragma once

#include <string>

#include "agent/scan/report.h"
#include "agent/scan/scan.h"
#include "agent/settings/settings.h"
#include "checks/engine/content.h"

namespace assay::agent {

struct Judged {
  checks::Content content;
  Scan scan;
  Report report;  // points into the two above: a Judged is not moved once it is filled
};

struct JudgeOptions {
  std::string root = "/";
  // Of the tables that read many files: those that a check reads, none, or all.
  enum class Daily { kNeeded, kNone, kAll } daily = Daily::kNeeded;
  bool uses_network = false;  // although the settings leave it to the resident agent
  std::string only;  // the id of one check: its tables alone are collected; empty: everything
};
// By the profile and content of the settings.
[[nodiscard]] Status judge(const Settings& settings, const JudgeOptions& options, Judged* judged);

// As the machine calls itself; empty when it does not say.
[[nodiscard]] std::string host_name_of(Host& host);

}  // namespace assay::agent
