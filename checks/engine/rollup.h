// From verdicts to controls to a framework's score and coverage.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checks/engine/evaluation.h"

namespace assay::checks {

struct ControlState {
  const Control* control = nullptr;
  State state = State::kManual;
  // What the checks alone say; equals `state` unless a person's part decides (modes partial and
  // manual).
  State automated = State::kManual;
  // It passes because a person has attested what no check can see.
  bool is_attested = false;
  std::vector<std::string> checks;  // ids that feed it, sorted
  std::string reason;               // why unknown or not applicable
  // Why the document does not ask it of this organisation or machine: then the state is not
  // applicable, whatever checks and people say. Empty for a control that is asked.
  Text not_addressed;

  [[nodiscard]] bool is_addressed() const { return not_addressed.en.empty(); }
};

// Whether it counts as passed or failed; absent when it was not assessed. A waived control is
// neither.
[[nodiscard]] std::optional<bool> has_passed(const ControlState& control);

// Whether a person has attested a control of a framework.
using Attested = std::function<bool(const Framework&, const Control&)>;

struct FrameworkState {
  const Framework* framework = nullptr;
  // Of the controls that were assessed (pass or fail), the part that passed; 0 … 1, absent when
  // none was.
  std::optional<double> score;
  // The part of the document's controls that was assessed, of those that are addressed to this
  // organisation and machine; a partial control counts half until a person has attested the rest.
  // 0 … 1.
  double coverage = 0;
  std::vector<ControlState> controls;  // in the catalogue's order
};

// docs/decisions/0003-score-and-coverage.md says why it counts as it does.
// An attestation never overrules a check that fails or is unknown; where the checks do not apply, a
// person's part is left all the same.
class RollUp {
 public:
  explicit RollUp(const Content& content);  // which outlives it

  // Of one host, by framework in the content's order. The verdicts are on checks of that content.
  [[nodiscard]] std::vector<FrameworkState> of(const std::vector<Verdict>& verdicts,
                                               const Attested& attested = {},
                                               const Addressee& addressee = {}) const;

 private:
  // A control that a check feeds.
  struct Place {
    std::size_t framework;
    std::size_t control;
    Proves proves;
  };
  [[nodiscard]] std::vector<Place> places_of(const Check& check) const;

  const Content& content_;
  // By framework and control, their places.
  std::vector<std::unordered_map<std::string_view, std::size_t>> controls_;
  std::unordered_map<const Check*, std::vector<Place>> places_;
};

// The same for one host alone.
[[nodiscard]] std::vector<FrameworkState> roll_up(const Content& content,
                                                  const std::vector<Verdict>& verdicts,
                                                  const Attested& attested = {},
                                                  const Addressee& addressee = {});

// The one state of a check over all its verdicts (the worst), for lists that show a check once.
[[nodiscard]] State worst(const std::vector<const Verdict*>& verdicts);
// The verdict that speaks for a check: of the worst state, among those with most rows, among
// those that most frameworks share.
// `verdicts` is not empty.
[[nodiscard]] const Verdict& spokesman(const std::vector<const Verdict*>& verdicts);

}  // namespace assay::checks
