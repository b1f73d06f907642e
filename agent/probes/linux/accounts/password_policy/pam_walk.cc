#include "agent/probes/linux/accounts/password_policy/pam_walk.h"

#include <map>

namespace assay::agent {
namespace {

enum class Impression { kUndefined, kPositive, kNegative };

struct Judgement {
  Impression impression = Impression::kUndefined;
  PamResult status = PamResult::kPermDenied;
};

void accept(Judgement& judgement, PamResult result) {
  const bool may_improve =
      judgement.impression == Impression::kUndefined ||
      (judgement.impression == Impression::kPositive && judgement.status == PamResult::kSuccess);
  if (may_improve) judgement = {Impression::kPositive, result};
}

void reject(Judgement& judgement, PamResult result) {
  if (judgement.impression == Impression::kNegative) return;
  judgement = {Impression::kNegative,
               result == PamResult::kIgnore ? PamResult::kPermDenied : result};
}

// The last entry of the group that begins at `index`: a substack's marker with all it holds.
std::size_t end_of_group(const PamStack& stack, std::size_t index, int level) {
  while (index + 1 < stack.size() && stack[index + 1].level > level) ++index;
  return index;
}

}  // namespace

PamWalk walk(const PamStack& stack, const PamOracle& answer) {
  PamWalk result;
  Judgement judgement;
  std::map<int, Judgement> on_entry;  // by level: what a reset goes back to
  on_entry[0] = judgement;
  int previous_level = 0;
  for (std::size_t i = 0; i < stack.size(); ++i) {
    const auto& entry = stack[i];
    const int level = entry.level;
    if (previous_level < level) on_entry[level] = judgement;
    previous_level = level;
    if (entry.kind == PamEntry::Kind::kSubstack) continue;
    const bool is_module = entry.kind == PamEntry::Kind::kModule;
    if (is_module) result.called.push_back(i);
    const auto returned = is_module ? answer(i) : PamResult::kPermDenied;
    const auto action = entry.control.on(returned);
    bool decided = false;
    switch (action.kind) {
      case PamAction::Kind::kIgnore: break;
      case PamAction::Kind::kReset: judgement = on_entry[level]; break;
      case PamAction::Kind::kOk: accept(judgement, returned); break;
      case PamAction::Kind::kDone:
        accept(judgement, returned);
        decided = judgement.impression == Impression::kPositive;
        break;
      case PamAction::Kind::kBad: reject(judgement, returned); break;
      case PamAction::Kind::kDie:
        reject(judgement, returned);
        decided = true;
        break;
      case PamAction::Kind::kJump: {
        auto left = action.jump;
        while (left > 0 && i + 1 < stack.size() && stack[i + 1].level >= level) {
          i = end_of_group(stack, i + 1, level);
          --left;
        }
        // A jump past the end is a fault of the file; libpam then fails.
        if (left > 0) judgement = {Impression::kNegative, PamResult::kPermDenied};
        break;
      }
    }
    if (decided) {
      while (i + 1 < stack.size() && stack[i + 1].level >= level) ++i;
    }
  }
  result.is_granted =
      judgement.impression == Impression::kPositive && judgement.status == PamResult::kSuccess;
  return result;
}

}  // namespace assay::agent
