// Values of JSON that somebody else wrote: of the right type, or nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace assay::agent {

[[nodiscard]] inline std::string text_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

[[nodiscard]] inline std::optional<std::int64_t> number_in(const nlohmann::json& object,
                                                           const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

}  // namespace assay::agent
