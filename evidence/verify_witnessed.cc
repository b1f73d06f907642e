#include "evidence/verify_witnessed.h"

#include <algorithm>
#include <set>

#include "evidence/refusal.h"

namespace assay::evidence {

namespace {

using Outcome = Verification::Outcome;

// When a witness looked, and how large the ledger was then.
struct Sight {
  Seconds at;
  std::int64_t size = 0;
};

class Witnessed {
 public:
  Witnessed(const Logged& what, const Trust& trust)
      : what_(what), trust_(trust), seen_(trust.witnesses.size()) {}

  std::vector<Verification> run(const Text& subject) {
    for (const auto& text : what_.witnessed) look_at(text, true);
    if (!what_.proof.empty()) look_at(what_.proof, false);
    for (std::size_t i = 0; i < seen_.size() && trust_.ledger; ++i) tell(i);
    for (const auto& name : others_)
      add(Outcome::kNotChecked,
          phrase({"co-signed by {}; not checked without that witness's public key",
                  "由 {} 共同簽章；未提供該見證者的公鑰，無法查驗"},
                 name));
    for (auto& line : lines_) line.subject = subject;
    return std::move(lines_);
  }

 private:
  void add(Outcome outcome, Text detail) { lines_.push_back({outcome, {}, std::move(detail)}); }

  void look_at(const std::string& text, bool is_for_witnesses) {
    const auto logged = logged_proof_of(text, what_.entry);
    if (!logged) return add(Outcome::kBad, logged.error().text());
    const auto& note = logged->proof.checkpoint;
    std::vector<VouchedBy> vouched;
    if (trust_.ledger) {
      auto opened = open_checkpoint(note, *trust_.ledger, trust_.ledger->name, trust_.witnesses);
      if (!opened) return add(Outcome::kBad, opened.error().text());
      vouched = std::move(opened->witnesses);
    }
    const auto others = take_others(note, logged->checkpoint.origin);
    if (is_for_witnesses && vouched.empty() && others == 0)
      return add(Outcome::kBad, phrase({"a proof for witnesses that no witness has co-signed",
                                        "供見證者使用的證明中沒有任何共同簽章"}));
    for (const auto& [key, at] : vouched) {
      const auto place = std::ranges::find(trust_.witnesses, key) - trust_.witnesses.begin();
      auto& seen = seen_[static_cast<std::size_t>(place)];
      if (at && (!seen || seen->at < *at)) seen = Sight{*at, logged->checkpoint.head.size};
    }
  }

  // How many have signed whom nobody here knows.
  std::size_t take_others(const std::string& note, const std::string& origin) {
    std::size_t count = 0;
    const auto parsed = note_from_text(note);
    if (!parsed) return count;
    for (const auto& line : parsed->signatures) {
      const bool is_known =
          trust_.ledger && std::ranges::any_of(trust_.witnesses, [&](const VerifierKey& key) {
            return key.name == line.name && key.id() == line.key_id;
          });
      if (line.name == origin || is_known) continue;
      others_.insert(line.name);
      ++count;
    }
    return count;
  }

  void tell(std::size_t witness) {
    const auto& name = trust_.witnesses[witness].name;
    const auto& seen = seen_[witness];
    if (!seen)
      return add(Outcome::kBad, phrase({"{} has not co-signed the ledger with it",
                                        "見證者 {} 未曾對登載此項的帳本共同簽章"},
                                       name));
    add(Outcome::kGood, phrase({"witnessed by {} at {}, in the ledger of {} entries",
                                "由 {} 於 {} 見證，當時帳本共 {} 筆"},
                               name, to_timestamp(seen->at), seen->size));
  }

  const Logged& what_;
  const Trust& trust_;
  std::vector<std::optional<Sight>> seen_;  // of each trusted witness, when it looked last
  std::set<std::string> others_;
  std::vector<Verification> lines_;
};

}  // namespace

std::vector<Verification> check_witnessed(const Logged& what, const Text& subject,
                                          const Trust& trust) {
  return Witnessed(what, trust).run(subject);
}

}  // namespace assay::evidence
