// What was done before acts of its kind were counted, in the order of its time: steps that are the
// same for all engines.
#pragma once

namespace assay::collector::sql {

inline constexpr const char* kActsOfBefore = R"sql(
INSERT INTO acts (number, kind, record, at)
SELECT row_number() OVER (ORDER BY at, place, place_in, record)
  + (SELECT coalesce(max(number), 0) FROM acts), kind, record, at FROM (
  SELECT 'waiver_requested' AS kind,
    CAST(number AS TEXT) AS record, requested_at AS at, 0 AS place, number AS place_in
    FROM waivers
  UNION ALL
  SELECT 'waiver_decided' AS kind,
    CAST(number AS TEXT) AS record, at AS at, 1 AS place, number AS place_in
    FROM waiver_acts
  UNION ALL
  SELECT 'attestation_recorded' AS kind,
    CAST(number AS TEXT) AS record, recorded_at AS at, 2 AS place, number AS place_in
    FROM attestations
  UNION ALL
  SELECT 'attestation_ended' AS kind,
    CAST(number AS TEXT) AS record, at AS at, 3 AS place, number AS place_in
    FROM attestation_acts
  UNION ALL
  SELECT 'file_attached' AS kind,
    CAST(number AS TEXT) AS record, at AS at, 4 AS place, number AS place_in
    FROM attestation_files
  UNION ALL
  SELECT 'approved' AS kind,
    CAST(number AS TEXT) AS record, at AS at, 5 AS place, number AS place_in
    FROM approvals
  UNION ALL
  SELECT 'approval_withdrawn' AS kind,
    CAST(number AS TEXT) AS record, withdrawn_at AS at, 6 AS place, number AS place_in
    FROM approvals WHERE withdrawn_at IS NOT NULL
  UNION ALL
  SELECT 'register_changed' AS kind,
    CAST(number AS TEXT) AS record, since AS at, 7 AS place, number AS place_in
    FROM register_entries
  UNION ALL
  SELECT 'host_revoked' AS kind,
    CAST(id AS TEXT) AS record, revoked_at AS at, 10 AS place, 0 AS place_in
    FROM hosts WHERE revoked_at IS NOT NULL) s;
)sql";

inline constexpr const char* kAdmissionsOfBefore = R"sql(
CREATE INDEX tokens_by_host ON tokens (host_id);
INSERT INTO acts (number, kind, record, at)
SELECT row_number() OVER (ORDER BY at, place, record)
  + (SELECT coalesce(max(number), 0) FROM acts), kind, record, at FROM (
  SELECT 'token_made' AS kind, CAST(id AS TEXT) AS record, created AS at, 0 AS place FROM tokens
  UNION ALL
  SELECT 'host_enrolled' AS kind, CAST(id AS TEXT) AS record, enrolled_at AS at, 1 AS place
    FROM hosts
  UNION ALL
  SELECT 'token_revoked' AS kind, CAST(id AS TEXT) AS record, revoked_at AS at, 2 AS place
    FROM tokens WHERE revoked_at IS NOT NULL) s;
)sql";

}  // namespace assay::collector::sql
