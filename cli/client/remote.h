// The collector as the commands see it: questions and JSON answers.
//
// For one thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/terminal/refusal.h"
#include "evidence/result.h"

namespace assay::cli {

using Json = nlohmann::ordered_json;
// Names and values, not yet encoded. An entry without a value is left out.
using Query = std::vector<std::pair<std::string, std::string>>;

// What goes with a POST; without text there is no body.
struct RequestBody {
  std::string text;
  std::string type = "application/json";
};

class Remote {
 public:
  virtual ~Remote() = default;

  // One answer. `path` is below /api/v1, its segments not yet encoded: {"checks", "PWD-MINLEN"}.
  // The collector's own words and code when it refuses; kUnavailable when it cannot be reached.
  [[nodiscard]] virtual Result<Json> get(const std::vector<std::string>& path,
                                         const Query& query) = 0;
  // Asks for something to be done; the same failures, and kInvalidData for a file that is wrong.
  [[nodiscard]] virtual Result<Json> post(const std::vector<std::string>& path, const Query& query,
                                          const RequestBody& body) = 0;
  // Sends a file.
  [[nodiscard]] virtual Result<Json> put(const std::vector<std::string>& path,
                                         const std::string& bytes) = 0;
  [[nodiscard]] virtual Result<std::string> download(const std::vector<std::string>& path) = 0;

  // An object that says what is wanted, or null for none.
  [[nodiscard]] Result<Json> post(const std::vector<std::string>& path, const Json& body);

  // The items of all pages, as one array.
  [[nodiscard]] Result<Json> get_all(const std::vector<std::string>& path, Query query);
};

}  // namespace assay::cli
