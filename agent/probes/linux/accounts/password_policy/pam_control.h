// The control field of a PAM line: what the stack does with each result of a module.
//
// Plain values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/probes/linux/text/letters.h"

namespace assay::agent {

// The results of a module that a control can name (pam.conf(5)), in the library's order.
enum class PamResult : std::uint8_t {
  kSuccess,
  kOpenErr,
  kSymbolErr,
  kServiceErr,
  kSystemErr,
  kBufErr,
  kPermDenied,
  kAuthErr,
  kCredInsufficient,
  kAuthinfoUnavail,
  kUserUnknown,
  kMaxtries,
  kNewAuthtokReqd,
  kAcctExpired,
  kSessionErr,
  kCredUnavail,
  kCredExpired,
  kCredErr,
  kNoModuleData,
  kConvErr,
  kAuthtokErr,
  kAuthtokRecoverErr,
  kAuthtokLockBusy,
  kAuthtokDisableAging,
  kTryAgain,
  kIgnore,
  kAbort,
  kAuthtokExpired,
  kModuleUnknown,
  kBadItem,
  kConvAgain,
  kIncomplete,
};
inline constexpr std::size_t kPamResults = 32;

struct PamAction {
  enum class Kind : std::uint8_t { kIgnore, kOk, kDone, kBad, kDie, kReset, kJump };
  Kind kind = Kind::kBad;
  std::uint32_t jump = 0;  // modules to skip; only for kJump
  bool operator==(const PamAction&) const = default;
};

class PamControl {
 public:
  PamControl() { actions_.fill(PamAction{}); }  // everything is a failure

  // "required", "requisite", "sufficient", "optional" in any case, or the inside of
  // brackets ("success=1 default=ignore"). Anything else fails whatever the module
  // says, as libpam has it; is_valid() is then false.
  [[nodiscard]] static PamControl parse(std::string_view text);

  [[nodiscard]] PamAction on(PamResult result) const {
    return actions_[static_cast<std::size_t>(result)];
  }
  [[nodiscard]] bool is_valid() const { return valid_; }

 private:
  [[nodiscard]] bool parse_pairs(std::string_view text);
  void set(PamResult result, PamAction action) {
    actions_[static_cast<std::size_t>(result)] = action;
  }

  std::array<PamAction, kPamResults> actions_;
  bool valid_ = false;
};

}  // namespace assay::agent
