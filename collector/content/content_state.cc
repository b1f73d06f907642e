#include "collector/content/content_state.h"

#include <algorithm>

#include "evidence/refusal.h"

namespace assay::collector {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string text_of(const Json& in, const char* key) {
  const auto& value = in.at(key);
  return value.is_null() ? std::string() : value.get<std::string>();
}

Json to_json(const BundleFacts& bundle, evidence::Seconds now) {
  return {{"title", bundle.title},
          {"created", bundle.created},
          {"age_days", age_days(bundle, now)},
          {"limit_days", bundle.valid_days},
          {"valid_until", valid_until(bundle)},
          {"is_past_limit", is_past_limit(bundle, now)},
          {"signer",
           {{"certificate", bundle.signer.file},
            {"fingerprint", bundle.signer.fingerprint},
            {"not_after", bundle.signer.not_after}}}};
}

Json to_json(const ReferenceFacts& reference, evidence::Seconds now) {
  checks::ReferenceTable table;
  table.table = std::make_shared<const evidence::Table>(evidence::Header{});
  table.retrieved = reference.retrieved;
  table.max_age_days = reference.max_age_days;
  table.unavailable = reference.unavailable;
  return {{"table", reference.table},
          {"source", reference.source},
          {"retrieved", or_null(reference.retrieved)},
          {"limit_days", reference.max_age_days > 0 ? Json(reference.max_age_days) : Json(nullptr)},
          {"unusable", or_null(checks::reason_against(table, evidence::to_date(now)))},
          {"never_filled", or_null(reference.unavailable)}};
}

Json to_json(const ContentFailure& failure) {
  return {
      {"file", failure.file},     {"line", failure.line > 0 ? Json(failure.line) : Json(nullptr)},
      {"reason", failure.reason}, {"more", failure.more},
      {"since", failure.since},   {"code", name_of(failure.code)}};
}

BundleFacts bundle_from(const Json& in) {
  const auto& signer = in.at("signer");
  return {text_of(in, "title"),
          text_of(in, "created"),
          in.at("limit_days").get<std::int64_t>(),
          {text_of(signer, "certificate"), text_of(signer, "fingerprint"),
           text_of(signer, "not_after")}};
}

ContentFailure failure_from(const Json& in) {
  ContentFailure failure;
  failure.file = text_of(in, "file");
  failure.line = in.at("line").is_null() ? 0 : in.at("line").get<std::int64_t>();
  failure.reason = text_of(in, "reason");
  failure.more = in.at("more").get<std::int64_t>();
  failure.since = text_of(in, "since");
  return failure;  // its code is for the process that met it
}

}  // namespace

std::string ContentFailure::text() const {
  std::string all = file;
  if (line > 0) all += ":" + std::to_string(line);
  all += ": " + reason;
  if (more > 0) all += " (and " + std::to_string(more) + " more)";
  std::ranges::replace_if(
      all, [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7f; }, ' ');
  return all;
}

bool ContentFailure::is_like(const ContentFailure& other) const {
  return file == other.file && line == other.line && reason == other.reason && more == other.more;
}

ContentState state_of(const checks::Content& content) {
  ContentState state;
  state.digest = content.digest.hex();
  state.checks = static_cast<std::int64_t>(content.checks.size());
  state.frameworks = static_cast<std::int64_t>(content.frameworks.size());
  for (const auto& [name, reference] : content.references)
    state.references.push_back({name, reference.source, reference.retrieved, reference.max_age_days,
                                reference.unavailable});
  return state;
}

std::string valid_until(const BundleFacts& bundle) {
  const auto created = evidence::from_timestamp(bundle.created);
  return created ? evidence::to_date(*created + std::chrono::days(bundle.valid_days))
                 : std::string();
}

std::int64_t age_days(const BundleFacts& bundle, evidence::Seconds now) {
  const auto created = evidence::from_timestamp(bundle.created);
  return created ? std::chrono::floor<std::chrono::days>(now - *created).count() : 0;
}

bool is_past_limit(const BundleFacts& bundle, evidence::Seconds now) {
  // By days, as reference tables are judged.
  return evidence::to_date(now) > valid_until(bundle);
}

Json to_json(const ContentState& state, evidence::Seconds now) {
  Json references = Json::array();
  for (const auto& reference : state.references) references.push_back(to_json(reference, now));
  const bool is_bundle = state.origin.kind == ContentOrigin::Kind::kBundle;
  return {{"state", state.failure ? "last_good" : "in_force"},
          {"digest", state.digest},
          {"loaded_since", state.loaded_since},
          {"checks", state.checks},
          {"frameworks", state.frameworks},
          {"source",
           {{"kind", is_bundle ? "bundle" : "shipped"},
            {"path", state.origin.path},
            {"is_kept_copy", state.is_kept}}},
          {"bundle", state.origin.bundle ? to_json(*state.origin.bundle, now) : Json(nullptr)},
          {"own_files", state.origin.own_files},
          {"failure", state.failure ? to_json(*state.failure) : Json(nullptr)},
          {"references", std::move(references)}};
}

Result<ContentState> content_state_from_json(std::string_view json) {
  try {
    const auto in = Json::parse(json);
    ContentState state;
    state.digest = text_of(in, "digest");
    state.loaded_since = text_of(in, "loaded_since");
    state.checks = in.at("checks").get<std::int64_t>();
    state.frameworks = in.at("frameworks").get<std::int64_t>();
    const auto& source = in.at("source");
    if (text_of(source, "kind") == "bundle") state.origin.kind = ContentOrigin::Kind::kBundle;
    state.origin.path = text_of(source, "path");
    state.is_kept = source.at("is_kept_copy").get<bool>();
    if (!in.at("bundle").is_null()) state.origin.bundle = bundle_from(in.at("bundle"));
    in.at("own_files").get_to(state.origin.own_files);
    if (!in.at("failure").is_null()) state.failure = failure_from(in.at("failure"));
    for (const auto& item : in.at("references"))
      state.references.push_back(
          {text_of(item, "table"), text_of(item, "source"), text_of(item, "retrieved"),
           item.at("limit_days").is_null() ? 0 : item.at("limit_days").get<std::int64_t>(),
           text_of(item, "never_filled")});
    return state;
  } catch (const std::exception& error) {
    return refuse(Code::kInvalidData, {"the state of the content: {}", "檢查內容的狀態：{}"},
                  error.what());
  }
}

}  // namespace assay::collector
