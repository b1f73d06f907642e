#include "collector/move/moved_tables.h"

namespace assay::collector {
namespace {

constexpr std::array kTables = {
    MovedTable{
        "tokens",
        "number, id, kind, hash, name, role, created, expires, revoked_at, spent_at, host_id",
        "ittyttiIIIt", true},
    MovedTable{"hosts",
               "id, name, profile, os, enrolled_at, last_seen, last_snapshot, last_sequence,"
               " revoked_at",
               "ttttiIDiI"},
    MovedTable{"certificates", "number, serial, host_id, not_before, not_after, revoked_at, pem",
               "ittiiIt", true},
    MovedTable{"tables", "digest, name, bytes, frame, base", "ytiyD"},
    MovedTable{"table_uses", "digest, used_at", "yi"},
    // In PostgreSQL manifest and signature are kept apart.
    MovedTable{"snapshots",
               "number, digest, host_id, sequence, previous, profile, started, ended, accepted_at,"
               " serial, manifest, signature, removed_at, manifest_base",
               "iytiDtiiityyII", true},
    MovedTable{"events", "number, host_id, kind, detail, first, last, count", "itttiii", true},
    MovedTable{"results", "key, json, frame", "ytY"},
    MovedTable{"marks",
               "host_id, snapshot, content, input, day, scanned_at, evaluated_at, revision,"
               " register_entry",
               "tyyytiiii"},
    MovedTable{"verdicts",
               "number, host_id, check_id, parameters, frameworks, state, reason, key,"
               " check_digest, since, until",
               "ittttttyyiI", true},
    MovedTable{"findings",
               "id, host_id, check_id, severity, key, row, frameworks, state, is_confirmed,"
               " first_seen, last_seen, resolved_at, reopened, snapshot, opened_at",
               "yttittttbiiIiyi"},
    MovedTable{"finding_spans", "number, host_id, finding, severity, row, frameworks, since, until",
               "ityittiI", true},
    MovedTable{"verdict_sets",
               "digest, check_id, parameters, frameworks, state, reason, key, check_digest",
               "ytttttyy"},
    MovedTable{"verdict_groups", "number, host_id, family, digest, since, until", "ittyiI", true},
    MovedTable{"finding_sets", "digest, at, key, row, frameworks", "yittt"},
    MovedTable{"finding_groups",
               "number, host_id, check_id, severity, digest, ids, first_seen, since, snapshot",
               "ittiyyiiy", true},
    MovedTable{"finding_heads", "number, host_id, heads", "ity", true},
    MovedTable{"register_entries",
               "number, host_id, fields, groups, register_table, groups_table, token_id, name,"
               " note, since, until",
               "itttyytttiI", true},
    MovedTable{"approvals",
               "number, list, row, until, note, token_id, name, at, withdrawn_token,"
               " withdrawn_name, withdrawn_note, withdrawn_at",
               "ittttttiTTTI", true},
    MovedTable{"waivers",
               "number, check_id, finding, hosts, frameworks, reason, measure, token_id, name,"
               " requested_at, until, groups",
               "itDttttttitt", true},
    MovedTable{"waiver_acts", "number, waiver, kind, token_id, name, note, at", "iitttti", true},
    MovedTable{"attestations",
               "number, framework, edition, control, hosts, statement, owner, attested_on, until,"
               " token_id, name, recorded_at, groups",
               "ittttttttttit", true},
    MovedTable{"attestation_acts", "number, attestation, kind, token_id, name, note, at", "iitttti",
               true},
    MovedTable{"files", "number, digest, frame", "iyy", true},
    MovedTable{"attestation_files",
               "number, attestation, name, digest, bytes, token_id, person, at", "iityitti", true},
    MovedTable{"catalogues", "digest, frame", "yy"},
    MovedTable{"catalogue_times", "number, digest, since", "iyi", true},
    MovedTable{"packs",
               "number, framework, edition, since, as_of, hosts, digest, token_id, name, at",
               "ittIitytti", true},
    MovedTable{"terms", "number, since, stale_after, grade, kinds", "iiiTT", true},
    MovedTable{"reports", "number, week, since, until, digest, frame, at", "itiiyyi", true},
    MovedTable{"acts", "number, kind, record, at", "itti", true},
    MovedTable{"ledger_entries", "number, digest, host_id, sequence, accepted_at", "iytii", true},
    MovedTable{"ledger_tiles", "level, number, hashes", "iiy"},
    MovedTable{"ledger_checkpoints", "size, root, at, note", "iyit"},
    MovedTable{"ledger_state", "one, last_snapshot, last_act", "iii"},
    MovedTable{"removals", "number, at, horizon, snapshots, tables, verdicts, findings, results",
               "iiiiiiii", true},
    MovedTable{"ledger_time_stamps", "number, size, at, note, token, digest", "iiityy", true},
    MovedTable{"ledger_cosignatures", "witness, size, at, note, line", "tiitt"},
};

}  // namespace

std::span<const MovedTable> moved_tables() {
  return kTables;
}

}  // namespace assay::collector
