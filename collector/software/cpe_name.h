// CPE 2.3 names as formatted strings (NIST IR 7695 §6.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::collector {

// Values as people write them, not yet escaped. Empty: any (`*`).
struct CpeParts {
  char part = 'a';  // a, o, h
  std::string vendor;
  std::string product;
  std::string version;
  std::string update;
};

// In small letters, blanks as `_`, everything but letters, digits, `_`, `.` and `-` escaped, and a
// lone `-`, which would mean "not applicable", too. Nothing when a value cannot stand in a CPE name:
// it is not printable ASCII, or is longer than kMaxCpeValueBytes.
[[nodiscard]] std::optional<std::string> cpe_name(const CpeParts& parts);

inline constexpr std::size_t kMaxCpeValueBytes = 128;

// How a package's version becomes that of a CPE name.
enum class CpeVersionRule {
  kUpstream,  // without epoch, revision and what a distribution adds; "~rc1" is the update
  kPatch,     // the same, and "9.2p1" is version 9.2, update p1
  kFull,      // as it is
  kRelease,   // a release of a system: "12" is "12.0"
};
[[nodiscard]] std::optional<CpeVersionRule> cpe_version_rule(std::string_view name);

// Sets version and update.
void set_cpe_version(CpeVersionRule rule, std::string_view version, CpeParts& parts);

}  // namespace assay::collector
