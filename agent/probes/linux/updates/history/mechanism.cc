#include "agent/probes/linux/updates/history/mechanism.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/flags.h"

namespace assay::agent {
void Mechanism::from(std::string_view source) {
  sources.append(sources.empty() ? "" : ", ").append(source);
}

void Mechanism::note(std::string_view text) {
  notes.append(notes.empty() ? "" : "; ").append(text);
}

void add_mechanism(const Mechanism& mechanism, evidence::Table& table) {
  table.add({{"mechanism", mechanism.name},
             {"installed", std::int64_t{mechanism.is_installed ? 1 : 0}},
             {"enabled", flag_or_null(mechanism.is_enabled)},
             {"refreshes_days", number_or_null(mechanism.refreshes_days)},
             {"downloads", flag_or_null(mechanism.downloads)},
             {"installs", flag_or_null(mechanism.installs)},
             {"security_only", flag_or_null(mechanism.is_security_only)},
             {"origins", text_or_null(mechanism.origins)},
             {"excluded", text_or_null(mechanism.excluded)},
             {"reboots", flag_or_null(mechanism.reboots)},
             {"last_run", text_or_null(mechanism.last_run)},
             {"source", text_or_null(mechanism.sources)},
             {"note", text_or_null(mechanism.notes)}});
}

Result<bool> file_exists(Host& host, std::string_view path) {
  const auto status = host.status(path);
  if (status) return true;
  if (status.error().code() == Code::kNotFound) return false;
  return fail(status.error());
}

}  // namespace assay::agent
