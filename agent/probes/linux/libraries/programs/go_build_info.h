// What the Go linker writes into every program: the version of Go and the
// modules that were built in.
//
// The program holds a small header (.go.buildinfo, found through the ELF
// sections, else at the beginning of the writable part). Since Go 1.18 both texts
// stand behind it; before, it points to them. See debug/buildinfo of Go.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/libraries/file_pieces.h"
#include "evidence/result.h"

namespace assay::agent {

struct GoModule {
  std::string path;
  std::string version;   // "v1.2.3", "(devel)"; empty: not said
  std::string replaces;  // the module that was asked for, when another took its place
};

struct GoBuildInfo {
  std::string go_version;    // "go1.19.8"
  std::string main_package;  // import path; empty: not said
  std::string revision;      // of the source, as the version control names it; empty: not said
  std::optional<GoModule> main;
  std::vector<GoModule> dependencies;
};

// Nothing when the file was not built by Go. kInvalidData when it was, and what it says cannot be
// read: by a Go before 1.13, which wrote nothing, too.
[[nodiscard]] Result<std::optional<GoBuildInfo>> read_go_build_info(ByteSource& source);

// The text of the modules: lines of fields split by tabs. Build settings but the revision are left
// out: they may hold what is nobody's business.
[[nodiscard]] Result<GoBuildInfo> parse_go_modules(std::string_view text);

inline constexpr std::size_t kMaxGoVersionBytes = 1024;
inline constexpr std::size_t kMaxGoModulesBytes = 1U << 20U;
inline constexpr std::size_t kMaxGoModules = 5'000;

}  // namespace assay::agent
