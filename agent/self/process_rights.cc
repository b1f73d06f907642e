#include "agent/self/process_rights.h"

#include <algorithm>
#include <charconv>

namespace assay::agent {

namespace {

// The word behind "Key:" at the start of a line; empty when there is none.
std::string_view field(std::string_view status, std::string_view key) {
  for (std::size_t at = 0; at < status.size();) {
    const auto end = std::min(status.find('\n', at), status.size());
    auto line = status.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(':')) continue;
    line.remove_prefix(key.size() + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line;
  }
  return {};
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

ProcessRights rights_in(std::string_view status) {
  ProcessRights out;
  const auto capabilities = field(status, "CapEff");
  const bool is_hexadecimal =
      capabilities.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (is_hexadecimal && capabilities.size() <= 32) out.capabilities = capabilities;
  out.no_new_privileges = number(field(status, "NoNewPrivs"));
  out.seccomp = number(field(status, "Seccomp"));
  return out;
}

}  // namespace assay::agent
