#include "cli/audit/witness_audit.h"

#include <algorithm>
#include <span>
#include <utility>

#include "evidence/ledger/checkpoint.h"
#include "evidence/refusal.h"

namespace assay::cli {
namespace {

using Outcome = evidence::Verification::Outcome;

// Of a list of co-signatures.
constexpr std::size_t kMostItems = 1000;

const Text kWitness{"witness", "見證者"};

std::string text_in(const Json& item, const char* key) {
  const auto value = item.is_object() ? item.value(key, Json()) : Json();
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace

bool WitnessAudit::has_sight_of(const evidence::VerifierKey& witness) const {
  return std::ranges::any_of(sights_,
                             [&](const auto& sight) { return sight.second.witness == witness; });
}

Status WitnessAudit::read() {
  const auto answer = remote_.get({"ledger", "cosignatures"}, {});
  // An older collector has none.
  if (!answer && answer.error().code() != Code::kNotFound) return fail(answer.error());
  const auto items = answer && answer->is_object() ? answer->value("items", Json()) : Json();
  if (!items.is_array()) return {};
  for (std::size_t i = 0; i < std::min(items.size(), kMostItems); ++i) take_item(items[i]);
  return {};
}

void WitnessAudit::take_item(const Json& item) {
  const auto text = text_in(item, "witness");
  const auto witness = std::ranges::find_if(request_.witnesses, [&](const auto& candidate) {
    return evidence::to_text(candidate) == text;
  });
  if (witness == request_.witnesses.end())
    return lines_.add(Outcome::kNotChecked, kWitness,
                      phrase({"co-signed by {}; not checked without that witness's public key",
                              "由 {} 共同簽章；未提供該見證者的公鑰，無法查驗"},
                             text.substr(0, text.find('+'))));
  const auto opened = evidence::open_checkpoint(text_in(item, "checkpoint"), request_.key,
                                                request_.key.name, std::span(&*witness, 1));
  if (opened && opened->witnesses.size() == 1 && opened->witnesses.front().at) {
    const auto& head = opened->checkpoint.head;
    sights_.emplace(head.size, Sight{*witness, *opened->witnesses.front().at, head.root});
    return;
  }
  is_bad_ = true;
  lines_.add_bad(kWitness, phrase({"{}: {}", "{}：{}"}, witness->name,
                                  opened ? Text{"no co-signature of it", "沒有其共同簽章"}
                                         : opened.error().text()));
}

Result<bool> WitnessAudit::take(const evidence::TreeBuilder& tree) {
  const auto [begin, end] = sights_.equal_range(tree.size());
  if (begin == end) return true;
  const auto root = tree.root();
  if (!root) return fail(root.error());
  bool is_good = true;
  for (auto sight = begin; sight != end; ++sight) {
    sight->second.is_held = *root == sight->second.root;
    if (sight->second.is_held) continue;
    is_good = false;
    lines_.add_bad(kWitness,
                   phrase({"the ledger was forked: {} has seen {} entries that are others",
                           "帳本已分岔：{} 曾見過的 {} 筆與此不同"},
                          sight->second.witness.name, tree.size()));
  }
  return is_good;
}

bool WitnessAudit::finish(std::int64_t size) {
  for (const auto& [seen, sight] : sights_) {
    if (seen > size) {
      is_bad_ = true;
      lines_.add_bad(
          kWitness,
          phrase({"the ledger was rewound: {} has seen {} entries, the collector shows {}",
                  "帳本已回溯：{} 曾見過 {} 筆，目前僅有 {} 筆"},
                 sight.witness.name, seen, size));
    } else if (sight.is_held) {
      lines_.add(Outcome::kGood, kWitness,
                 phrase({"witnessed by {} at {}: the first {} of {} entries",
                         "由 {} 於 {} 見證：前 {} 筆（目前共 {} 筆）"},
                        sight.witness.name, evidence::to_timestamp(sight.at), seen, size));
    }
  }
  for (const auto& witness : request_.witnesses) {
    if (has_sight_of(witness)) continue;
    is_bad_ = true;
    lines_.add_bad(kWitness, phrase({"{} has not co-signed the ledger", "{} 未曾對帳本共同簽章"},
                                    witness.name));
  }
  return !is_bad_;
}

}  // namespace assay::cli
