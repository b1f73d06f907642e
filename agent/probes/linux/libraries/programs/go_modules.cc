#include <array>

#include "agent/probes/linux/libraries/package_text.h"
#include "agent/probes/linux/libraries/programs/go_build_info.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kRevision = "vcs.revision=";

// The fields of a line: a word, and what belongs to it.
std::array<std::string_view, 3> fields_of(std::string_view line) {
  std::array<std::string_view, 3> fields;
  for (auto& field : fields) {
    field = line.substr(0, line.find('\t'));
    line.remove_prefix(std::min(line.size(), field.size() + 1));
  }
  return fields;
}

}  // namespace

Result<GoBuildInfo> parse_go_modules(std::string_view text) {
  GoBuildInfo info;
  GoModule* last = nullptr;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto [word, first, second] = fields_of(*line);
    if (word == "path") info.main_package = shortened(first);
    if (word == "build" && first.starts_with(kRevision))
      info.revision = shortened(first.substr(kRevision.size()));
    if (word == "mod") {
      info.main = GoModule{.path = shortened(first), .version = shortened(second)};
      last = &*info.main;
    }
    if (word == "dep") {
      if (info.dependencies.size() >= kMaxGoModules)
        return fail(Code::kTooLarge, "it has more modules than are listed");
      info.dependencies.push_back({.path = shortened(first), .version = shortened(second)});
      last = &info.dependencies.back();
    }
    if (word == "=>" && last != nullptr) {
      last->replaces = last->path;
      last->path = shortened(first);
      last->version = shortened(second);
    }
  }
  return info;
}

}  // namespace assay::agent
