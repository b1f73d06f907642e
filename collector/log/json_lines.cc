#include "collector/log/json_lines.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "collector/log/log_fields.h"

namespace assay::collector {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestComponent = 16;

// "ledger: no time stamp" → "ledger" and the rest; "" where no single word comes first.
std::string_view take_component(std::string_view* message) {
  const auto colon = message->find(": ");
  if (colon == std::string_view::npos || colon == 0 || colon > kLongestComponent) return {};
  const auto word = message->substr(0, colon);
  if (!std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
      }))
    return {};
  message->remove_prefix(colon + 2);
  return word;
}

std::string timestamp(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), rest.count());
}

std::string_view text_of(spdlog::string_view_t text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string json_line(std::string_view time, std::string_view level, std::string_view message) {
  Json json;
  json["time"] = time;
  json["level"] = level;
  if (const auto component = take_component(&message); !component.empty())
    json["component"] = component;
  json["message"] = message;
  if (const auto* fields = LogFields::current())
    for (const auto& [name, value] : *fields) json.emplace(name, value);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonLines::format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& out) {
  const auto text =
      json_line(timestamp(line.time), text_of(spdlog::level::to_string_view(line.level)),
                text_of(line.payload)) +
      "\n";
  out.append(text.data(), text.data() + text.size());
}

std::unique_ptr<spdlog::formatter> JsonLines::clone() const {
  return std::make_unique<JsonLines>();
}

}  // namespace assay::collector
