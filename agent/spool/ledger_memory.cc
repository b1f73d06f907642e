#include "agent/spool/ledger_memory.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/state/disk.h"
#include "evidence/ledger/note.h"

namespace assay::agent {

namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<evidence::Seconds>& time) {
  return time ? Json(evidence::to_timestamp(*time)) : Json();
}

std::string text_in(const Json& json, const char* key, std::size_t most) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return {};
  auto text = found->get<std::string>();
  return text.size() <= most ? text : std::string();
}

std::optional<evidence::Seconds> time_in(const Json& json, const char* key) {
  const auto time = evidence::from_timestamp(text_in(json, key, 32));
  return time ? std::optional(*time) : std::nullopt;
}

template <typename Take>
void each_in(const Json& json, const char* key, std::size_t most, Take take) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return;
  for (std::size_t i = 0; i < std::min(found->size(), most); ++i)
    if ((*found)[i].is_object()) take((*found)[i]);
}

}  // namespace

void LedgerMemory::add_unproven(const Unproven& receipt, evidence::Seconds now) {
  if (std::ranges::find(unproven, receipt.manifest, &Unproven::manifest) != unproven.end()) return;
  unproven.push_back(receipt);
  if (unproven.size() <= kMaxUnproven) return;
  alarm(now, "more than " + std::to_string(kMaxUnproven) + " receipts without a proof of logging");
  unproven.erase(unproven.begin());
}

void LedgerMemory::alarm(evidence::Seconds now, std::string_view detail) {
  const std::string cut(detail.substr(0, kMaxGapDetailBytes));
  const auto same = std::ranges::find(alarms, cut, &Gap::detail);
  if (same != alarms.end()) {
    same->until = now;
    ++same->count;
    return;
  }
  alarms.push_back({now, now, std::string(kLedgerGap), cut, 1});
  if (alarms.size() <= kMaxLedgerAlarms) return;
  // None goes uncounted: the two oldest become one.
  alarms[1].since = alarms[0].since;
  alarms[1].count += alarms[0].count;
  alarms.erase(alarms.begin());
}

std::string to_json(const LedgerMemory& memory) {
  Json json;
  json["key"] = memory.key;
  json["checkpoint"] = memory.checkpoint;
  json["checked"] = time_or_null(memory.checked);
  json["unproven"] = Json::array();
  for (const auto& [manifest, accepted] : memory.unproven)
    json["unproven"].push_back(
        {{"manifest", manifest.hex()}, {"accepted", evidence::to_timestamp(accepted)}});
  json["alarms"] = Json::array();
  for (const auto& gap : memory.alarms)
    json["alarms"].push_back({{"at", time_or_null(gap.since)},
                              {"until", time_or_null(gap.until)},
                              {"detail", gap.detail},
                              {"count", gap.count}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<LedgerMemory> ledger_memory_from_json(std::string_view text) {
  if (text.size() > kMaxLedgerMemoryBytes)
    return fail(Code::kTooLarge, "the memory of the ledger is over 512 KiB");
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    return fail(Code::kInvalidData, "the memory of the ledger is not a JSON object");
  LedgerMemory memory;
  memory.key = text_in(json, "key", evidence::kMaxVerifierKeyBytes);
  memory.checkpoint = text_in(json, "checkpoint", evidence::kMaxNoteBytes);
  memory.checked = time_in(json, "checked");
  each_in(json, "unproven", kMaxUnproven, [&memory](const Json& item) {
    const auto manifest = evidence::Digest::from_hex(text_in(item, "manifest", 64));
    const auto accepted = time_in(item, "accepted");
    if (manifest && accepted) memory.unproven.push_back({*manifest, *accepted});
  });
  each_in(json, "alarms", kMaxLedgerAlarms, [&memory](const Json& item) {
    Gap gap{time_in(item, "at"), time_in(item, "until"), std::string(kLedgerGap),
            text_in(item, "detail", kMaxGapDetailBytes), 1};
    const auto count = item.find("count");
    if (count != item.end() && count->is_number_integer() && count->get<std::int64_t>() > 0)
      gap.count = count->get<std::int64_t>();
    memory.alarms.push_back(std::move(gap));
  });
  return memory;
}

Result<LedgerMemory> read_ledger_memory(const StateFolder& state) {
  const auto text = read_state_file(state.ledger_memory(), kMaxLedgerMemoryBytes);
  if (!text && text.error().code() == Code::kNotFound) return LedgerMemory();
  if (!text) return fail(text.error());
  return ledger_memory_from_json(*text);
}

}  // namespace assay::agent
