// The JSON forms of what the store and the content hold. Texts for people are in both languages,
// {"en":…,"zh-TW":…}; times are RFC 3339 or null; the names are those of docs/api/openapi.yaml.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "checks/engine/content.h"
#include "collector/store/store.h"
#include "evidence/text.h"

namespace assay::collector::api {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json to_json(const Text& text);
[[nodiscard]] Json to_json(evidence::Seconds time);
[[nodiscard]] Json to_json(const std::optional<evidence::Seconds>& time);
[[nodiscard]] Json to_json(const evidence::Value& value);
[[nodiscard]] Json to_json(const Host& host);
[[nodiscard]] Json to_json(const Snapshot& snapshot);
[[nodiscard]] Json to_json(const evidence::Manifest& manifest);
[[nodiscard]] Json to_json(const checks::Check& check, const checks::Content& content);
// null where nothing is limited; "words" says all of it to people.
[[nodiscard]] Json to_json(const checks::Applicability& applicability);
// null for an empty text.
[[nodiscard]] Json words_or_null(const Text& text);
[[nodiscard]] Json text_or_null(const std::string& text);
// With the check's title and remedy, where the content still has the check.
[[nodiscard]] Json to_json(const Finding& finding, const checks::Content& content);
// Findings below it may stay open without an end.
inline constexpr checks::Severity kLeastToCloseInTime = checks::Severity::kHigh;
// Until when an open finding is to be closed, by the company's figure for its severity; absent
// where there is none.
[[nodiscard]] std::optional<evidence::Seconds> close_by(const Finding& finding,
                                                        const checks::Content& content);

// An object that the store keeps as text; null when it is damaged.
[[nodiscard]] Json parsed(std::string_view json);
// {"items":[…],"next":"cursor" or null}
[[nodiscard]] Json page_of(Json items, const std::string& next);

// The manifest of a snapshot, as text and read. kInvalidData when it is damaged; kNotFound when it
// was removed.
struct ReadManifest {
  std::string bytes;
  evidence::Manifest manifest;
};
[[nodiscard]] Result<ReadManifest> read_manifest(EvidenceStore& store, const Snapshot& snapshot);

}  // namespace assay::collector::api
