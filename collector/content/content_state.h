// What hosts are judged by, since when, from where, how old it is, and why nothing newer is: what
// GET /api/v1/content and `assay-collector content show` tell.
//
// Plain values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// Who vouches for a bundle: one of the certificates that are trusted.
struct Signer {
  std::string file;         // the certificate's, in the folder of those that are trusted
  std::string fingerprint;  // SHA-256 over its DER form, hexadecimal
  std::string not_after;    // RFC 3339
  bool operator==(const Signer&) const = default;
};

struct BundleFacts {
  std::string title;
  std::string created;          // RFC 3339
  std::int64_t valid_days = 0;  // after so many its data is not judged by
  Signer signer;
  bool operator==(const BundleFacts&) const = default;
};

// Where a content is from.
struct ContentOrigin {
  enum class Kind { kShipped, kBundle };
  Kind kind = Kind::kShipped;
  std::string path;                    // of the compiled file, or of the installed bundle
  std::optional<BundleFacts> bundle;   // of a bundle
  std::vector<std::string> own_files;  // the company's, compiled on top
  bool operator==(const ContentOrigin&) const = default;
};

// Why content could not be used. `line` is 0 where the file has none, or is not text.
struct ContentFailure {
  std::string file;
  std::int64_t line = 0;
  std::string reason;     // the first problem
  std::int64_t more = 0;  // further problems
  std::string since;      // RFC 3339: when it was met first
  // Only where it was met, and not kept:
  Code code = Code::kInternal;
  std::string others;  // the further problems, one per line

  // "file:line: reason (and 3 more)", on one line whatever the file holds.
  [[nodiscard]] std::string text() const;
  // The same failure, whenever it was met.
  [[nodiscard]] bool is_like(const ContentFailure& other) const;
};

struct ReferenceFacts {
  std::string table;
  std::string source;
  std::string retrieved;          // YYYY-MM-DD
  std::int64_t max_age_days = 0;  // 0: for ever
  std::string unavailable;
};

struct ContentState {
  std::string digest;
  std::string loaded_since;  // RFC 3339: when hosts began to be judged by it
  std::int64_t checks = 0;
  std::int64_t frameworks = 0;
  ContentOrigin origin;
  bool is_kept = false;  // from the copy in the state folder, as the files were bad at the start
  std::vector<ReferenceFacts> references;
  std::optional<ContentFailure> failure;  // why it is not what the files say now
};

// What a content says of itself; its origin, the time and the failure are the caller's.
[[nodiscard]] ContentState state_of(const checks::Content& content);

// The day from which the bundle's limit is passed, YYYY-MM-DD; and whole days since it was made.
[[nodiscard]] std::string valid_until(const BundleFacts& bundle);
[[nodiscard]] std::int64_t age_days(const BundleFacts& bundle, evidence::Seconds now);
[[nodiscard]] bool is_past_limit(const BundleFacts& bundle, evidence::Seconds now);

// As the API shows it; ages are those of `now`.
[[nodiscard]] nlohmann::ordered_json to_json(const ContentState& state, evidence::Seconds now);
// What to_json() wrote, at whatever time. kInvalidData.
[[nodiscard]] Result<ContentState> content_state_from_json(std::string_view json);

}  // namespace assay::collector
