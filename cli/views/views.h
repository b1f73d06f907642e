// The collector's JSON as answers for people: which columns, in which words. Pure functions; JSON
// output passes through as it came.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/terminal/answer.h"
#include "evidence/text.h"

namespace assay::cli {

using Json = nlohmann::ordered_json;

// `of_then`: as they were at an earlier moment.
[[nodiscard]] Answer hosts_view(Json items, bool of_then);
[[nodiscard]] Answer findings_view(Json items, Language language);
// The same list; for people each finding with its evidence and its remedy.
[[nodiscard]] Answer finding_details_view(Json items, Language language);
[[nodiscard]] Answer controls_view(Json items, Language language);
// The same list; for people each control with all that its catalogue says.
[[nodiscard]] Answer control_details_view(Json items, Language language);
[[nodiscard]] Answer frameworks_view(Json items, Language language);
[[nodiscard]] Answer posture_view(Json items, Language language);
[[nodiscard]] Answer cadence_view(Json items, Language language);
[[nodiscard]] Answer snapshots_view(Json items, Language language);
[[nodiscard]] Answer snapshot_view(Json snapshot, Language language);
[[nodiscard]] Answer check_view(Json check, Language language);
[[nodiscard]] Answer explain_view(Json explanation, Language language);
[[nodiscard]] Answer scan_view(Json asked, Language language);
[[nodiscard]] Answer ports_view(Json items, Language language);
// Of a search over the fleet: one line for each host and row; as JSON the whole answer.
[[nodiscard]] Answer query_view(Json answer, Language language);
[[nodiscard]] Answer software_view(Json items, Language language);
[[nodiscard]] Answer diff_view(Json diff, Language language);
[[nodiscard]] Answer reports_view(Json items, Language language);
// A week's report: where the frameworks stood, and what changed as diff_view() shows it.
[[nodiscard]] Answer report_view(Json report, Language language);
// Whether a report is still what it was: {"week","sha256","kept_sha256","again_sha256","is_same"}.
[[nodiscard]] Answer report_check_view(Json checked, Language language);
[[nodiscard]] Answer register_view(Json items, Language language);
[[nodiscard]] Answer register_entry_view(Json entry, Language language);
[[nodiscard]] Answer register_history_view(Json items, Language language);
// What an import changes, or would change; also of one machine.
[[nodiscard]] Answer register_import_view(Json answer, Language language);
// The asset register as a form; its CSV bears the form's headings and words in the language.
[[nodiscard]] Answer assets_view(Json answer, Language language);
[[nodiscard]] Answer approvals_view(Json items, Language language);
[[nodiscard]] Answer approved_view(Json done, Language language);
[[nodiscard]] Answer withdrawn_view(Json done, Language language);
[[nodiscard]] Answer review_view(Json review, Language language);
[[nodiscard]] Answer learnt_view(Json learnt, Language language);
// The rows of a list as a file that content.d takes.
[[nodiscard]] Answer exported_view(Json items, const std::string& list);
[[nodiscard]] Answer acts_view(Json items, Language language);
[[nodiscard]] Answer waivers_view(Json items, Language language);
[[nodiscard]] Answer waiver_view(Json waiver, Language language);
[[nodiscard]] Answer attestations_view(Json items, Language language);
[[nodiscard]] Answer attestation_view(Json attestation, Language language);

// A list without items says so instead of printing nothing.
[[nodiscard]] Answer list_answer(Json items, Grid grid, const Text& nothing);

// --- What the views share: reading JSON that came over the wire, where anything may be missing.

// "" where there is no text; numbers in digits.
[[nodiscard]] std::string text_at(const Json& json, std::string_view key);
// A text as it is, nothing for null, anything else as JSON.
[[nodiscard]] std::string text_of(const Json& value);
// {"en":…,"zh-TW":…} in the language.
[[nodiscard]] std::string words_at(const Json& json, std::string_view key, Language language);
// An empty object where there is none.
[[nodiscard]] const Json& object_at(const Json& json, std::string_view key);
[[nodiscard]] const Json& array_at(const Json& json, std::string_view key);
// 2026-11-21 01:02 UTC; "–" for null.
[[nodiscard]] std::string time_at(const Json& json, std::string_view key);
// "a, b, c"
[[nodiscard]] std::string joined(const Json& texts);
// What the row says about where: "/etc/login.defs:12", else the key columns "setting=minlen".
[[nodiscard]] std::string place_of(const Json& finding);
// Rows of a query, with the query's own column names.
[[nodiscard]] Grid rows_grid(const Json& rows);
// The first digits of a digest, enough to name it on one's own screen.
[[nodiscard]] std::string short_id(std::string_view digest);

}  // namespace assay::cli
