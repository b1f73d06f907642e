// What an engine asks of its own tables, for self_check().
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/sql/connection.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::collector::sql {

struct Question {
  std::string_view complaint;     // in English
  std::string_view complaint_zh;  // and in Chinese
  std::string_view sql;           // has a row only when something is wrong
};

// Otherwise snapshots would be passed over by the ledger, or come again.
inline constexpr Question kLedgerGoesOn{
    "the ledger does not go on behind what was logged last", "帳本未接續最後登載的快照",
    "SELECT 1 FROM ledger_state WHERE last_snapshot <> coalesce((SELECT s.number FROM snapshots s"
    " JOIN ledger_entries e ON e.digest = s.digest ORDER BY e.number DESC LIMIT 1), 0)"};

// What began together, and is kept once, is there.
inline constexpr Question kGroupsAreWhole{
    "verdicts or findings that hosts refer to are missing", "主機的判定或發現事項遺失",
    "SELECT 1 FROM verdict_groups g WHERE NOT EXISTS (SELECT 1 FROM verdict_sets m WHERE"
    " m.digest = g.digest) UNION ALL SELECT 1 FROM finding_groups g WHERE length(g.ids) <> 32 *"
    " (SELECT count(*) FROM finding_sets s WHERE s.digest = g.digest) LIMIT 1"};

// Likewise of acts.
inline constexpr Question kActsGoOn{
    "the ledger does not go on behind the act that was logged last", "帳本未接續最後登載的作業",
    "SELECT 1 FROM ledger_state WHERE last_act <> coalesce((SELECT max(sequence) FROM"
    " ledger_entries WHERE host_id = ''), 0)"};

// What is on record without an act, or of another time than its act, is what nobody did.
inline constexpr Question kEveryRecordIsAnAct{
    "something is on record that is no act", "有登載的內容不屬於任何作業",
    "SELECT 1 FROM packs r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = 'pack_made' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.at) UNION ALL"
    " SELECT 1 FROM waivers r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = "
    "'waiver_requested' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.requested_at) UNION ALL"
    " SELECT 1 FROM waiver_acts r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = "
    "'waiver_decided' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.at) UNION ALL"
    " SELECT 1 FROM attestations r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = "
    "'attestation_recorded' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.recorded_at) UNION ALL"
    " SELECT 1 FROM attestation_acts r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = "
    "'attestation_ended' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.at) UNION ALL"
    " SELECT 1 FROM attestation_files r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = "
    "'file_attached' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.at) UNION ALL"
    " SELECT 1 FROM approvals r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = 'approved' "
    "AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.at) UNION ALL"
    " SELECT 1 FROM approvals r WHERE r.withdrawn_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
    "acts a WHERE a.kind = 'approval_withdrawn' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.withdrawn_at) UNION ALL"
    " SELECT 1 FROM register_entries r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = "
    "'register_changed' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.since) UNION ALL"
    " SELECT 1 FROM hosts r WHERE r.revoked_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM acts a "
    "WHERE a.kind = 'host_revoked' AND"
    " a.record = CAST(r.id AS TEXT) AND a.at = r.revoked_at) UNION ALL"
    " SELECT 1 FROM hosts r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = 'host_enrolled'"
    " AND a.record = CAST(r.id AS TEXT) AND a.at = r.enrolled_at) UNION ALL"
    " SELECT 1 FROM tokens r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = 'token_made'"
    " AND a.record = CAST(r.id AS TEXT) AND a.at = r.created) UNION ALL"
    " SELECT 1 FROM tokens r WHERE r.revoked_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM acts a"
    " WHERE a.kind = 'token_revoked' AND"
    " a.record = CAST(r.id AS TEXT) AND a.at = r.revoked_at) UNION ALL"
    " SELECT 1 FROM terms r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = 'terms_set' AND"
    " a.record = CAST(r.number AS TEXT) AND a.at = r.since) UNION ALL"
    " SELECT 1 FROM reports r WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.kind = 'report_made'"
    " AND a.record = CAST(r.number AS TEXT) AND a.at = r.at)"};

// What host_enrolled does not say, as it is of hosts that are there.
inline constexpr Question kTokensAreSpentByHosts{
    "a token names another host than it let in", "權杖所載的主機並非以其註冊者",
    "SELECT 1 FROM tokens t WHERE (t.spent_at IS NULL) <> (t.host_id = '') UNION ALL"
    " SELECT 1 FROM tokens t WHERE t.host_id <> '' AND NOT EXISTS (SELECT 1 FROM hosts h WHERE"
    " h.id = t.host_id) LIMIT 1"};

// Of every engine.
inline constexpr std::array kQuestions = {kLedgerGoesOn, kGroupsAreWhole, kActsGoOn,
                                          kEveryRecordIsAnAct, kTokensAreSpentByHosts};

// Adds the complaint where there is something to complain of.
[[nodiscard]] inline Status ask(Connection& connection, const Question& question,
                                std::vector<Text>* complaints) {
  auto rows = connection.prepare(question.sql);
  const auto row = rows.step();
  if (!row) return fail(row.error());
  if (*row)
    complaints->push_back({std::string(question.complaint), std::string(question.complaint_zh)});
  return {};
}

}  // namespace assay::collector::sql
