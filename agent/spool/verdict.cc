#include "agent/spool/verdict.h"

#include <nlohmann/json.hpp>

namespace assay::agent {

namespace {
constexpr std::size_t kMaxDetailBytes = 1024;
}

std::string to_json(const Verdict& verdict) {
  nlohmann::ordered_json json;
  json["verdict"] = verdict.is_receipt ? "receipt" : "refusal";
  json["at"] = evidence::to_timestamp(verdict.at);
  if (!verdict.is_receipt) {
    json["reason"] = verdict.reason;
    json["detail"] = verdict.detail.substr(0, kMaxDetailBytes);
  }
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<Verdict> verdict_from_json(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  const auto text = [&parsed](const char* key) -> std::string {
    const auto found = parsed.find(key);
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!parsed.is_object()) return fail(Code::kInvalidData, "a verdict that is not a JSON object");
  Verdict out;
  const auto word = text("verdict");
  if (word != "receipt" && word != "refusal")
    return fail(Code::kInvalidData, "a verdict that is neither receipt nor refusal");
  out.is_receipt = word == "receipt";
  const auto at = evidence::from_timestamp(text("at"));
  if (!at) return fail(at.error().within("verdict"));
  out.at = *at;
  out.reason = text("reason");
  out.detail = text("detail");
  return out;
}

}  // namespace assay::agent
