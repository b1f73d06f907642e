#include "evidence/ledger/act.h"

#include <algorithm>

#include "evidence/canonical.h"
#include "evidence/json_line.h"
#include "evidence/limits.h"

namespace assay::evidence {

namespace {

void write(JsonLineWriter& out, const std::string& name, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return out.number(name, *number);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return out.raw(name, "null");
  out.text(name, text->size() > kMaxDetailBytes ? "sha256:" + sha256(*text).hex() : *text);
}

Value read_value(JsonLineReader& in) {
  if (in.next_is("null")) {
    in.expect("null");
    return kNull;
  }
  if (in.next_is("\"")) return in.text();
  return in.number();
}

}  // namespace

Value Act::detail(std::string_view which) const {
  const auto found = std::ranges::find(details, which, &std::pair<std::string, Value>::first);
  return found == details.end() ? Value(kNull) : found->second;
}

std::string to_text(const Act& act) {
  JsonLineWriter out;
  out.open();
  out.text("assay", "act/1");
  out.number("number", act.number);
  out.text("kind", act.kind);
  out.text("record", act.record);
  out.text("at", to_timestamp(act.at));
  out.text("token", act.token);
  out.text("name", act.name);
  out.raw("details", "");
  out.open();
  for (const auto& [name, value] : act.details) write(out, name, value);
  out.close();
  out.close();
  return std::move(out.out()) + "\n";
}

Result<Act> act_from(std::string_view text) {
  if (text.size() > kMaxActBytes) return fail(Code::kTooLarge, "an act of over 1 MiB");
  Act act;
  JsonLineReader in(text);
  in.expect("{\"assay\":\"act/1\",\"number\":");
  act.number = in.number();
  in.expect(",\"kind\":");
  act.kind = in.text();
  in.expect(",\"record\":");
  act.record = in.text();
  in.expect(",\"at\":");
  const auto at = from_timestamp(in.text());
  in.expect(",\"token\":");
  act.token = in.text();
  in.expect(",\"name\":");
  act.name = in.text();
  in.expect(",\"details\":{");
  while (in.ok() && !in.next_is("}")) {
    if (!act.details.empty()) in.expect(",");
    if (act.details.size() == kMaxActDetails)
      return fail(Code::kTooLarge, "an act with more than 32 details");
    auto name = in.text();
    in.expect(":");
    auto value = read_value(in);
    act.details.emplace_back(std::move(name), std::move(value));
  }
  in.expect("}}\n");
  const bool is_named =
      is_evidence_name(act.kind) && std::ranges::all_of(act.details, [](const auto& detail) {
        return is_evidence_name(detail.first);
      });
  if (!in.ok() || !in.at_end() || !at || !is_named || act.number < 1 || act.number > kMaxSequence)
    return fail(Code::kInvalidData, "not an act");
  act.at = *at;
  if (to_text(act) != text) return fail(Code::kInvalidData, "not an act in the form it is written");
  return act;
}

}  // namespace assay::evidence
