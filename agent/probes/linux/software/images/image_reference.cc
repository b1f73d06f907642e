#include "agent/probes/linux/software/images/image_reference.h"

#include "agent/probes/linux/text/cells.h"
#include "evidence/timestamp.h"

namespace assay::agent {
namespace {

constexpr std::size_t kSecondsLength = std::string_view("2026-11-21T01:02:03").size();
constexpr std::size_t kOffsetLength = std::string_view("+08:00").size();

// "+08:00" in seconds.
std::optional<std::int64_t> offset_seconds(std::string_view text) {
  if (text.size() != kOffsetLength || text[3] != ':' || (text[0] != '+' && text[0] != '-'))
    return std::nullopt;
  const auto hours = decimal(text.substr(1, 2));
  const auto minutes = decimal(text.substr(4, 2));
  if (!hours || !minutes) return std::nullopt;
  const auto seconds = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

ImageReference parse_image_reference(std::string_view text) {
  ImageReference reference;
  if (const auto at = text.rfind("@sha"); at != std::string_view::npos) {
    reference.digest = text.substr(at + 1);
    text = text.substr(0, at);
  }
  // No reference has a user in it; should somebody have written one, it goes no further.
  const auto host_end = std::min(text.find('/'), text.size());
  if (const auto at = text.substr(0, host_end).rfind('@'); at != std::string_view::npos)
    text.remove_prefix(at + 1);
  const auto slash = text.rfind('/');
  const auto colon = text.rfind(':');
  // A colon before the last slash is that of a port.
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    reference.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  reference.repository = text;
  return reference;
}

std::optional<std::int64_t> image_time(std::string_view text) {
  if (text.size() <= kSecondsLength) return std::nullopt;
  const auto time =
      evidence::from_timestamp(std::string(text.substr(0, kSecondsLength)).append("Z"));
  if (!time) return std::nullopt;
  auto rest = text.substr(kSecondsLength);
  if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.find_first_of("Z+-"), rest.size()));
  const auto seconds = time->time_since_epoch().count();
  if (seconds < 0) return std::nullopt;
  if (rest == "Z") return seconds;
  const auto offset = offset_seconds(rest);
  if (!offset) return std::nullopt;
  return seconds - *offset;
}

}  // namespace assay::agent
