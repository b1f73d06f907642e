#include "agent/probes/linux/updates/restart/deleted_files.h"

namespace assay::agent {
namespace {

constexpr std::string_view kMark = " (deleted)";

}  // namespace

bool is_file_of_the_system(std::string_view path) {
  for (const std::string_view folder : {"/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/opt/"})
    if (path.starts_with(folder)) return true;
  return false;
}

std::string first_deleted_file(std::string_view maps) {
  // Nearly always there is none: one look over the text decides.
  for (auto at = maps.find(kMark); at != std::string_view::npos; at = maps.find(kMark, at + 1)) {
    const auto end = at + kMark.size();
    if (end < maps.size() && maps[end] != '\n') continue;
    const auto begin = maps.rfind('\n', at) + 1;  // 0 when it is the first line
    const auto line = maps.substr(begin, at - begin);
    const auto path = line.find('/');
    // "7f… r-xp 00000000 fd:00 1234 /usr/lib/…": only what may be executed is code.
    const auto blank = line.find(' ');
    if (path == std::string_view::npos || blank == std::string_view::npos) continue;
    const bool is_code = line.substr(blank + 1, 4).contains('x');
    if (is_code && is_file_of_the_system(line.substr(path))) return std::string(line.substr(path));
  }
  return {};
}

}  // namespace assay::agent
