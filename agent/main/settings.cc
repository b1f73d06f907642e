#include "agent/main/settings.h"

namespace assay::agent {

Result<Settings> settings_in_force(const CommonOptions& common, const std::string& profile) {
  if (!profile.empty() && profile != "server" && profile != "pc")
    return fail(Code::kUsage, "the profile is server or pc, not \"" + profile + "\"");
  SettingsSources sources;
  if (!common.settings_file.empty()) {
    sources.file = common.settings_file;
    sources.must_exist = true;
  }
  sources.environment = assay_environment();
  auto settings = load_settings(sources);
  if (!settings) return settings;
  if (!common.state_dir.empty()) settings->state_dir = common.state_dir;
  if (!profile.empty()) settings->profile = profile;
  return settings;
}

}  // namespace assay::agent
