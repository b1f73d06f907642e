#include "agent/probes/linux/hardening/desktop/xfconf.h"

#include <vector>

namespace assay::agent {
namespace {

std::string_view attribute(std::string_view tag, std::string_view name) {
  const auto mark = std::string(" ").append(name).append("=\"");
  const auto at = tag.find(mark);
  if (at == std::string_view::npos) return {};
  const auto begin = at + mark.size();
  const auto end = tag.find('"', begin);
  return end == std::string_view::npos ? std::string_view() : tag.substr(begin, end - begin);
}

struct Level {
  std::string path;
  bool is_locked = false;
};

}  // namespace

std::map<std::string, XfconfValue, std::less<>> parse_xfconf(std::string_view xml) {
  std::map<std::string, XfconfValue, std::less<>> values;
  std::vector<Level> levels;
  const auto is_locked_here = [&] { return !levels.empty() && levels.back().is_locked; };
  bool is_channel_locked = false;
  for (auto at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const auto end = xml.find('>', at);
    if (end == std::string_view::npos) break;
    const auto tag = xml.substr(at, end - at);
    if (tag.starts_with("<channel ")) is_channel_locked = !attribute(tag, "locked").empty();
    if (tag.starts_with("</property")) {
      if (!levels.empty()) levels.pop_back();
    } else if (tag.starts_with("<property ")) {
      Level level{(levels.empty() ? std::string() : levels.back().path) + "/",
                  is_channel_locked || is_locked_here() || !attribute(tag, "locked").empty()};
      level.path += attribute(tag, "name");
      if (const auto value = attribute(tag, "value"); !value.empty())
        values.insert_or_assign(level.path, XfconfValue{std::string(value), level.is_locked});
      if (!tag.ends_with('/')) {
        if (levels.size() >= kMaxXfconfDepth) break;
        levels.push_back(std::move(level));
      }
    }
  }
  return values;
}

}  // namespace assay::agent
