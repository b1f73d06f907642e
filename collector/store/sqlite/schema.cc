#include "collector/store/sqlite/schema.h"

#include <array>
#include <string>

#include "collector/store/sql/acts_of_before.h"
#include "collector/store/sql/versions.h"

namespace assay::collector::sqlite {
namespace {

// Times are Unix seconds, digests 32 bytes. Lists of frameworks are ",a,b,", so that instr() can
// find one. Everything of a host is found by its host_id first.
constexpr std::array kSteps = {
    R"sql(
CREATE TABLE tokens (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), name TEXT NOT NULL, role TEXT NOT NULL,
  created INTEGER NOT NULL, expires INTEGER, revoked_at INTEGER, spent_at INTEGER,
  host_id TEXT NOT NULL) STRICT;
CREATE TABLE hosts (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, profile TEXT NOT NULL, os TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL, last_seen INTEGER, last_snapshot BLOB,
  last_sequence INTEGER NOT NULL DEFAULT 0, revoked_at INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX hosts_by_name ON hosts (name, id);
CREATE INDEX hosts_revoked ON hosts (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE TABLE certificates (
  number INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE,
  host_id TEXT NOT NULL REFERENCES hosts (id), not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL, revoked_at INTEGER, pem TEXT NOT NULL) STRICT;
CREATE INDEX certificates_by_host ON certificates (host_id);

CREATE TABLE tables (
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  name TEXT NOT NULL, bytes INTEGER NOT NULL, frame BLOB NOT NULL) STRICT;
CREATE TABLE snapshots (
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  host_id TEXT NOT NULL REFERENCES hosts (id), sequence INTEGER NOT NULL, previous BLOB,
  profile TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL, serial TEXT NOT NULL, manifest BLOB NOT NULL,
  signature BLOB NOT NULL, UNIQUE (host_id, sequence)) STRICT;
CREATE INDEX snapshots_by_time ON snapshots (host_id, accepted_at, sequence);
CREATE TABLE events (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
  UNIQUE (host_id, kind, detail)) STRICT;
CREATE INDEX events_by_time ON events (last, number);

CREATE TABLE results (
  key BLOB PRIMARY KEY CHECK (length(key) = 32), json TEXT NOT NULL) STRICT;
CREATE TABLE marks (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id), snapshot BLOB NOT NULL, content BLOB NOT NULL,
  input BLOB NOT NULL, day TEXT NOT NULL, scanned_at INTEGER NOT NULL,
  evaluated_at INTEGER NOT NULL, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE verdicts (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL REFERENCES hosts (id),
  check_id TEXT NOT NULL, parameters TEXT NOT NULL, frameworks TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL, key BLOB NOT NULL, check_digest BLOB NOT NULL,
  since INTEGER NOT NULL, until INTEGER) STRICT;
CREATE UNIQUE INDEX verdicts_in_force ON verdicts (host_id, check_id, parameters)
  WHERE until IS NULL;
CREATE INDEX verdicts_by_host ON verdicts (host_id, check_id, parameters, since);
CREATE INDEX verdicts_begun ON verdicts (since);
CREATE INDEX verdicts_ended ON verdicts (until) WHERE until IS NOT NULL;
CREATE TABLE findings (
  id BLOB PRIMARY KEY CHECK (length(id) = 32), host_id TEXT NOT NULL REFERENCES hosts (id),
  check_id TEXT NOT NULL, severity INTEGER NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL,
  frameworks TEXT NOT NULL, state TEXT NOT NULL, is_confirmed INTEGER NOT NULL,
  first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, resolved_at INTEGER,
  reopened INTEGER NOT NULL, snapshot BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX findings_worst_first ON findings (severity DESC, check_id, host_id, id);
CREATE INDEX findings_by_host ON findings (host_id, state);
CREATE TABLE finding_spans (
  number INTEGER PRIMARY KEY, finding BLOB NOT NULL REFERENCES findings (id),
  severity INTEGER NOT NULL, row TEXT NOT NULL, frameworks TEXT NOT NULL,
  since INTEGER NOT NULL, until INTEGER) STRICT;
CREATE UNIQUE INDEX finding_spans_open ON finding_spans (finding) WHERE until IS NULL;
CREATE INDEX finding_spans_by_finding ON finding_spans (finding, since);
CREATE INDEX finding_spans_begun ON finding_spans (since);
CREATE INDEX finding_spans_ended ON finding_spans (until) WHERE until IS NOT NULL;
)sql",
    // The register of machines and what was approved. Groups stand one in a line; until is a day,
    // YYYY-MM-DD, or empty.
    R"sql(
CREATE TABLE register_entries (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL REFERENCES hosts (id), fields TEXT NOT NULL,
  groups TEXT NOT NULL, register_table BLOB NOT NULL CHECK (length(register_table) = 32),
  groups_table BLOB NOT NULL CHECK (length(groups_table) = 32), token_id TEXT NOT NULL,
  name TEXT NOT NULL, note TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER) STRICT;
CREATE UNIQUE INDEX register_in_force ON register_entries (host_id) WHERE until IS NULL;
CREATE INDEX register_by_host ON register_entries (host_id, since);
ALTER TABLE marks ADD COLUMN register_entry INTEGER NOT NULL DEFAULT 0;

CREATE TABLE approvals (
  number INTEGER PRIMARY KEY, list TEXT NOT NULL, row TEXT NOT NULL, until TEXT NOT NULL,
  note TEXT NOT NULL, token_id TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
  withdrawn_token TEXT, withdrawn_name TEXT, withdrawn_note TEXT, withdrawn_at INTEGER) STRICT;
CREATE UNIQUE INDEX approvals_standing ON approvals (list, row) WHERE withdrawn_at IS NULL;
)sql",
    // Waivers and attestations. Days are YYYY-MM-DD; lists of hosts are like those of frameworks.
    R"sql(
CREATE TABLE waivers (
  number INTEGER PRIMARY KEY, check_id TEXT NOT NULL, finding BLOB, hosts TEXT NOT NULL,
  frameworks TEXT NOT NULL, reason TEXT NOT NULL, measure TEXT NOT NULL,
  token_id TEXT NOT NULL, name TEXT NOT NULL, requested_at INTEGER NOT NULL,
  until TEXT NOT NULL) STRICT;
CREATE INDEX waivers_by_end ON waivers (until);
CREATE TABLE waiver_acts (
  number INTEGER PRIMARY KEY, waiver INTEGER NOT NULL REFERENCES waivers (number),
  kind TEXT NOT NULL, token_id TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL,
  at INTEGER NOT NULL, UNIQUE (waiver, kind)) STRICT;

CREATE TABLE attestations (
  number INTEGER PRIMARY KEY, framework TEXT NOT NULL, edition TEXT NOT NULL,
  control TEXT NOT NULL, hosts TEXT NOT NULL, statement TEXT NOT NULL, owner TEXT NOT NULL,
  attested_on TEXT NOT NULL, until TEXT NOT NULL, token_id TEXT NOT NULL, name TEXT NOT NULL,
  recorded_at INTEGER NOT NULL) STRICT;
CREATE INDEX attestations_by_control ON attestations (framework, edition, control);
CREATE INDEX attestations_by_end ON attestations (until);
CREATE TABLE attestation_acts (
  number INTEGER PRIMARY KEY,
  attestation INTEGER NOT NULL UNIQUE REFERENCES attestations (number), kind TEXT NOT NULL,
  token_id TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE files (
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  frame BLOB NOT NULL) STRICT;
CREATE TABLE attestation_files (
  number INTEGER PRIMARY KEY, attestation INTEGER NOT NULL REFERENCES attestations (number),
  name TEXT NOT NULL, digest BLOB NOT NULL REFERENCES files (digest), bytes INTEGER NOT NULL,
  token_id TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (attestation, name)) STRICT;
)sql",
    // Waivers and attestations hold for groups of the register; attestations are no more named like
    // approvals.
    R"sql(
ALTER TABLE waivers ADD COLUMN groups TEXT NOT NULL DEFAULT ',';
ALTER TABLE attestations ADD COLUMN groups TEXT NOT NULL DEFAULT ',';
UPDATE attestation_acts SET note = 'ATT-' || substr(note, 3)
  WHERE kind = 'superseded' AND note GLOB 'A-[0-9]*';
)sql",
    // The ledger. The number of an entry is its index in the log, from 0; of a checkpoint the size
    // says all. What was accepted before there was a ledger comes into it first.
    R"sql(
CREATE TABLE ledger_entries (
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  host_id TEXT NOT NULL, sequence INTEGER NOT NULL, accepted_at INTEGER NOT NULL) STRICT;
CREATE TABLE ledger_tiles (
  level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,
  UNIQUE (level, number)) STRICT;
CREATE TABLE ledger_checkpoints (
  size INTEGER PRIMARY KEY, root BLOB NOT NULL CHECK (length(root) = 32), at INTEGER NOT NULL,
  note TEXT NOT NULL) STRICT;
CREATE TABLE ledger_state (
  one INTEGER PRIMARY KEY CHECK (one = 1), last_snapshot INTEGER NOT NULL) STRICT;
INSERT INTO ledger_state VALUES (1, 0);
)sql",
    // Retention. No table that is there already was used later than the latest snapshot came.
    R"sql(
ALTER TABLE snapshots ADD COLUMN removed_at INTEGER;
CREATE TABLE table_uses (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32), used_at INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;
INSERT INTO table_uses SELECT digest, coalesce((SELECT max(accepted_at) FROM snapshots), 0)
  FROM tables;
CREATE TABLE removals (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, horizon INTEGER NOT NULL,
  snapshots INTEGER NOT NULL, tables INTEGER NOT NULL, verdicts INTEGER NOT NULL,
  findings INTEGER NOT NULL, results INTEGER NOT NULL) STRICT;
CREATE TABLE store_state (
  one INTEGER PRIMARY KEY CHECK (one = 1), removals INTEGER NOT NULL) STRICT;
INSERT INTO store_state VALUES (1, 0);
)sql",
    // What time-stamp authorities say of checkpoints. Each has its checkpoint with it, as the
    // latest one may be replaced. Until when nobody else asks them.
    R"sql(
CREATE TABLE ledger_time_stamps (
  number INTEGER PRIMARY KEY, size INTEGER NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL,
  token BLOB NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32)) STRICT;
CREATE INDEX ledger_time_stamps_by_size ON ledger_time_stamps (size, number);
CREATE TABLE time_stamp_claim (
  one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL) STRICT;
INSERT INTO time_stamp_claim VALUES (1, 0);
)sql",
    // An evaluation asks for the findings of those checks alone that it touches.
    R"sql(
DROP INDEX findings_by_host;
CREATE INDEX findings_by_check ON findings (host_id, check_id, state);
)sql",
    // What each witness last said of the ledger, why it last said nothing, and until when nobody
    // else asks them.
    R"sql(
CREATE TABLE ledger_cosignatures (
  witness TEXT PRIMARY KEY, size INTEGER NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL,
  line TEXT NOT NULL) STRICT;
CREATE TABLE witness_troubles (
  witness TEXT PRIMARY KEY, since INTEGER NOT NULL, is_alarm INTEGER NOT NULL, en TEXT NOT NULL,
  zh_tw TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE witness_claim (
  one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL) STRICT;
INSERT INTO witness_claim VALUES (1, 0);
)sql",
    // Since when a finding is open: until when it is to be closed counts from there. It is open
    // since the first of the spans that follow each other without a gap.
    R"sql(
ALTER TABLE findings ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
UPDATE findings SET opened_at = coalesce((SELECT max(s.since) FROM finding_spans s
  WHERE s.finding = findings.id AND findings.reopened > 0 AND NOT EXISTS (SELECT 1
    FROM finding_spans b WHERE b.finding = s.finding AND b.until = s.since)), first_seen);
)sql",
    // Findings stand by their host, as verdicts do, and spans name it: what one evaluation writes
    // and one comparison reads of a host is on a few pages, not on one for each digest.
    R"sql(
ALTER TABLE finding_spans RENAME TO old_spans;
ALTER TABLE findings RENAME TO old_findings;
CREATE TABLE findings (
  host_id TEXT NOT NULL REFERENCES hosts (id), id BLOB NOT NULL CHECK (length(id) = 32),
  check_id TEXT NOT NULL, severity INTEGER NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL,
  frameworks TEXT NOT NULL, state TEXT NOT NULL, is_confirmed INTEGER NOT NULL,
  first_seen INTEGER NOT NULL, opened_at INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  resolved_at INTEGER, reopened INTEGER NOT NULL, snapshot BLOB NOT NULL,
  PRIMARY KEY (host_id, id)) STRICT, WITHOUT ROWID;
INSERT INTO findings SELECT host_id, id, check_id, severity, key, row, frameworks, state,
  is_confirmed, first_seen, opened_at, last_seen, resolved_at, reopened, snapshot
  FROM old_findings ORDER BY host_id, id;
CREATE TABLE finding_spans (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL, finding BLOB NOT NULL,
  severity INTEGER NOT NULL, row TEXT NOT NULL, frameworks TEXT NOT NULL,
  since INTEGER NOT NULL, until INTEGER,
  FOREIGN KEY (host_id, finding) REFERENCES findings (host_id, id)) STRICT;
INSERT INTO finding_spans SELECT s.number, f.host_id, s.finding, s.severity, s.row, s.frameworks,
  s.since, s.until FROM old_spans s JOIN old_findings f ON f.id = s.finding ORDER BY s.number;
DROP TABLE old_spans;
DROP TABLE old_findings;
-- With a second column, so that no join by host and id takes it for as good as the key.
CREATE INDEX findings_by_id ON findings (id, check_id);
CREATE INDEX findings_worst_first ON findings (severity DESC, check_id, host_id, id);
CREATE INDEX findings_by_check ON findings (host_id, check_id, state);
CREATE UNIQUE INDEX finding_spans_open ON finding_spans (host_id, finding) WHERE until IS NULL;
CREATE INDEX finding_spans_by_finding ON finding_spans (host_id, finding, since);
CREATE INDEX finding_spans_begun ON finding_spans (since);
CREATE INDEX finding_spans_ended ON finding_spans (until) WHERE until IS NOT NULL;
)sql",
    // A table or manifest that is little else than another one is kept as what differs from it, a
    // result as a zstd frame (those that are there already stay as they are, in `json`).
    R"sql(
ALTER TABLE tables ADD COLUMN base BLOB;
CREATE INDEX tables_by_base ON tables (base) WHERE base IS NOT NULL;
ALTER TABLE snapshots ADD COLUMN manifest_base INTEGER;
ALTER TABLE results ADD COLUMN frame BLOB;
)sql",
    // What began together is kept together: verdicts of a family, findings of a check. A group is of
    // a host and names what stands in it by its digest, once for all hosts of which it is the same.
    // ids: 32 bytes for each finding, in their order; heads: the first 4 bytes of each id of those
    // that one evaluation found, to find a finding by its id.
    R"sql(
CREATE TABLE verdict_sets (
  digest BLOB NOT NULL CHECK (length(digest) = 32), check_id TEXT NOT NULL,
  parameters TEXT NOT NULL, frameworks TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
  key BLOB NOT NULL, check_digest BLOB NOT NULL,
  PRIMARY KEY (digest, check_id, parameters)) STRICT, WITHOUT ROWID;
CREATE TABLE verdict_groups (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL REFERENCES hosts (id), family TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32), since INTEGER NOT NULL, until INTEGER) STRICT;
CREATE INDEX verdict_groups_by_host ON verdict_groups (host_id, family, since);
CREATE INDEX verdict_groups_begun ON verdict_groups (since);
CREATE INDEX verdict_groups_ended ON verdict_groups (until) WHERE until IS NOT NULL;
CREATE TABLE finding_sets (
  digest BLOB NOT NULL CHECK (length(digest) = 32), at INTEGER NOT NULL, key TEXT NOT NULL,
  row TEXT NOT NULL, frameworks TEXT NOT NULL, PRIMARY KEY (digest, at)) STRICT, WITHOUT ROWID;
CREATE TABLE finding_groups (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL REFERENCES hosts (id), check_id TEXT NOT NULL,
  severity INTEGER NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32), ids BLOB NOT NULL,
  first_seen INTEGER NOT NULL, since INTEGER NOT NULL, snapshot BLOB NOT NULL) STRICT;
CREATE INDEX finding_groups_worst_first ON finding_groups (severity DESC, check_id, host_id);
CREATE INDEX finding_groups_by_check ON finding_groups (host_id, check_id);
CREATE INDEX finding_groups_begun ON finding_groups (since);
CREATE TABLE finding_heads (
  number INTEGER PRIMARY KEY, host_id TEXT NOT NULL, heads BLOB NOT NULL) STRICT;
)sql",
    // What people did, in the order in which it was put on record, and of what packs were made. The
    // ledger names each act.
    R"sql(
CREATE TABLE acts (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, record TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (kind, record)) STRICT;
CREATE TABLE packs (
  number INTEGER PRIMARY KEY, framework TEXT NOT NULL, edition TEXT NOT NULL,
  since INTEGER, as_of INTEGER NOT NULL, hosts TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  token_id TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
ALTER TABLE ledger_state ADD COLUMN last_act INTEGER NOT NULL DEFAULT 0;
)sql",
    // What was done before acts were counted is counted now, in the order of its time.
    sql::kActsOfBefore,
    // By which words and figures answers were given, since when.
    R"sql(
CREATE TABLE catalogues (
  digest BLOB PRIMARY KEY CHECK (length(digest) = 32), frame BLOB NOT NULL) STRICT;
CREATE TABLE catalogue_times (
  number INTEGER PRIMARY KEY, digest BLOB NOT NULL REFERENCES catalogues (digest),
  since INTEGER NOT NULL) STRICT;
)sql",
    // By which terms of the settings (NULL: they say nothing of it), since when; weekly reports, and
    // until when nobody else makes them.
    R"sql(
CREATE TABLE terms (
  number INTEGER PRIMARY KEY, since INTEGER NOT NULL, stale_after INTEGER NOT NULL, grade TEXT,
  kinds TEXT) STRICT;
CREATE TABLE reports (
  number INTEGER PRIMARY KEY, week TEXT NOT NULL UNIQUE, since INTEGER NOT NULL,
  until INTEGER NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32), frame BLOB NOT NULL,
  at INTEGER NOT NULL) STRICT;
CREATE TABLE report_claim (
  one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL) STRICT;
INSERT INTO report_claim VALUES (1, 0);
)sql",
    // Tokens and enrolled hosts are acts from now on; those that are there are counted.
    sql::kAdmissionsOfBefore,
};

}  // namespace

Result<std::int64_t> version_of(Connection& connection) {
  auto statement = connection.prepare("PRAGMA user_version");
  auto row = statement.step();
  if (!row) return fail(row.error());
  return statement.integer(0);
}

std::int64_t newest_version() {
  return static_cast<std::int64_t>(kSteps.size());
}

Status migrate(Connection& connection, std::int64_t wanted) {
  for (;;) {
    // Another process may migrate at the same time: the version is read inside the transaction.
    Transaction transaction(connection);
    if (auto begun = transaction.begin(); !begun) return begun;
    const auto version = version_of(connection);
    if (!version) return fail(version.error());
    if (*version == wanted) return {};
    if (*version > wanted || *version < 0) return sql::newer_version(*version, wanted);
    if (auto done = connection.execute(kSteps.at(static_cast<std::size_t>(*version))); !done)
      return done;
    if (auto done = connection.execute("PRAGMA user_version = " + std::to_string(*version + 1));
        !done)
      return done;
    if (auto done = transaction.commit(); !done) return done;
  }
}

}  // namespace assay::collector::sqlite
