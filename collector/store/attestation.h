// An attestation: a person answers for what no machine can see of a control, with a statement,
// files that show it, and a day on which it ends. Never changed: a new one for the same control and
// hosts takes its place, and one that no longer holds is withdrawn; both stay on record. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/act.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// From the day of the statement to the last day on which it counts: three years, the life of an
// ISO/IEC 27001 certificate. What is asked for more often ends earlier.
inline constexpr int kMaxAttestationDays = 1096;
// How old a statement may be when it is recorded.
inline constexpr int kMaxStatementAgeDays = 366;
inline constexpr std::size_t kMaxAttestedFiles = 10;
inline constexpr std::size_t kMaxAttestedFileBytes = 10U << 20U;
inline constexpr std::size_t kMaxFileNameBytes = 120;
inline constexpr std::size_t kMaxOwnerBytes = 200;

struct AttestedFile {
  std::string name;
  evidence::Digest digest;  // SHA-256 of the content, by which the store keeps it
  std::int64_t bytes = 0;
  Actor by;
  evidence::Seconds at;
};

struct AttestationAct {
  enum class Kind { kWithdrawn, kSuperseded };
  Kind kind = Kind::kWithdrawn;
  Actor by;
  std::string note;  // why; for kSuperseded the id of the new one
  evidence::Seconds at;
};
[[nodiscard]] std::string_view name_of(AttestationAct::Kind kind);

enum class AttestationState { kInForce, kWithdrawn, kSuperseded, kEnded };
[[nodiscard]] std::string_view name_of(AttestationState state);
// As a refusal says it.
[[nodiscard]] Text words_for(AttestationState state);
[[nodiscard]] std::optional<AttestationState> attestation_state_from(std::string_view name);

struct Attestation {
  std::string id;  // "ATT-4"; set by the store
  std::string framework;
  std::string edition;  // ids are re-used between editions
  std::string control;
  // Ids of hosts, and groups of the register as they are at the moment, sorted; neither: of every
  // host.
  std::vector<std::string> hosts;
  std::vector<std::string> groups;
  std::string statement;
  std::string owner;        // who answers for it
  std::string attested_on;  // YYYY-MM-DD, the day of the statement
  std::string until;        // YYYY-MM-DD: the last day on which it counts, in UTC
  Actor recorder;
  evidence::Seconds recorded_at;  // it counts from then on
  std::vector<AttestedFile> files;
  std::vector<AttestationAct> acts;  // at most one

  [[nodiscard]] AttestationState state_at(evidence::Seconds when) const;
};

// Whether it may be recorded. kUsage, in words for whoever records it.
[[nodiscard]] Status check_attestation(const Attestation& attestation);
// Whether the file may be added at `file.at`. kUsage for its name or size, kConflict when the
// attestation is not in force, has another file of that name, or has kMaxAttestedFiles.
[[nodiscard]] Status check_file(const Attestation& attestation, const AttestedFile& file);
// A name that is safe in any folder: no separator, control or direction mark, not hidden. kUsage.
[[nodiscard]] Status check_file_name(std::string_view name);

}  // namespace assay::collector
