// The name of a container image: "registry.example:5000/team/app:1.2@sha256:…".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::agent {

// Empty: not said.
struct ImageReference {
  std::string repository;  // without tag, digest and anything that could be a user's name
  std::string tag;
  std::string digest;  // "sha256:…"
};

[[nodiscard]] ImageReference parse_image_reference(std::string_view text);

// "2026-11-21T01:02:03.123456789Z", also with an offset: seconds since 1970. Nothing for the year
// 1, which stands for an unknown time, and for what is no time.
[[nodiscard]] std::optional<std::int64_t> image_time(std::string_view text);

}  // namespace assay::agent
