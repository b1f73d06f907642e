#include "cli/audit/act_text.h"

#include <optional>
#include <utility>

#include "cli/terminal/act_words.h"
#include "evidence/canonical.h"
#include "evidence/refusal.h"

namespace assay::cli {
namespace {

// A record is a number or the id of a host; a longer one is not told.
constexpr std::size_t kMostOfRecord = 64;

std::unexpected<Error> none() {
  return refuse(Code::kInvalidData, {"the collector shows what is no act",
                                     "收集伺服器提供的內容並非作業紀錄"});
}

std::optional<std::string> text_in(const Json& item, const char* key) {
  const auto found = item.find(key);
  if (found == item.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<evidence::Value> value_of(const Json& value) {
  if (value.is_null()) return evidence::kNull;
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return std::nullopt;
}

}  // namespace

Result<ActText> act_text_from(const Json& item) {
  if (!item.is_object()) return none();
  const auto number = item.find("number");
  const auto details = item.find("details");
  auto kind = text_in(item, "kind");
  auto record = text_in(item, "record");
  auto token = text_in(item, "token");
  auto name = text_in(item, "name");
  const auto at = evidence::from_timestamp(text_in(item, "at").value_or(""));
  if (number == item.end() || !number->is_number_integer() || details == item.end() ||
      !details->is_object() || details->size() > evidence::kMaxActDetails || !kind || !record ||
      !token || !name || !at)
    return none();
  ActText text;
  text.act = {number->get<std::int64_t>(),
              std::move(*kind),
              std::move(*record),
              *at,
              std::move(*token),
              std::move(*name),
              {}};
  for (const auto& [key, shown] : details->items()) {
    auto value = value_of(shown);
    if (!value) return none();
    text.act.details.emplace_back(key, std::move(*value));
  }
  const auto index = item.find("index");
  if (index != item.end() && index->is_number_integer()) text.index = index->get<std::int64_t>();
  return text;
}

Text name_of(const evidence::Act& act) {
  const bool is_plain = evidence::is_evidence_name(act.kind) && act.record.size() <= kMostOfRecord;
  if (!is_plain) return {"an act of no kind", "不明種類的作業"};
  return phrase({"{} ({})", "{}（{}）"}, act_word(act.kind), act.record);
}

}  // namespace assay::cli
