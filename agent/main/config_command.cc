#include <cstdio>

#include "agent/main/command.h"
#include "agent/main/settings.h"

namespace assay::agent {

int run_config_command(const CommonOptions& common, bool dump) {
  const auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  if (!dump) return kDone;
  cli::Answer what;
  what.json = nlohmann::ordered_json::object();
  what.grid.headings = {{"setting", {"setting", "設定"}},
                        {"value", {"value", "值"}},
                        {"origin", {"set by", "設定來源"}}};
  for (const auto& [name, value] : values_of(*settings)) {
    const auto origin = settings->origins.find(name);
    const std::string by = origin == settings->origins.end() ? "default" : origin->second;
    what.json[name] = {{"value", value}, {"origin", by}};
    what.grid.rows.push_back({cli::cell(name), cli::cell(value), cli::cell(by)});
  }
  // On a terminal: YAML that can be used as it is.
  what.text = [&settings](const cli::Screen&) { return to_yaml(*settings); };
  return answer(common, what, kDone);
}

}  // namespace assay::agent
