// What flatpak keeps of one installed application or runtime: its file
// "deploy", a GVariant of type (ssasta{sv}) in little-endian framing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

// Empty, or nothing: not said. Older flatpaks say less.
struct FlatpakDeploy {
  std::string origin;  // name of the remote
  std::string commit;
  std::optional<std::int64_t> installed_bytes;
  std::string version;  // of the application, from its AppStream data
  std::string license;
  std::string runtime;      // "org.gnome.Platform/x86_64/45"
  std::string end_of_life;  // why its maker no longer updates it
};

// kInvalidData when the bytes are no such GVariant.
[[nodiscard]] Result<FlatpakDeploy> parse_flatpak_deploy(std::string_view bytes);

inline constexpr std::size_t kMaxFlatpakDeployBytes = 1U << 20U;

}  // namespace assay::agent
