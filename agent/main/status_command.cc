#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "agent/identity/identity.h"
#include "agent/main/command.h"
#include "agent/main/settings.h"
#include "agent/spool/spool.h"

namespace assay::agent {

namespace {

using nlohmann::ordered_json;

// What one of the two processes has written of itself; null when it never ran.
ordered_json read_json(const std::string& path) {
  std::ifstream in(path);
  if (!in) return nullptr;
  auto parsed = ordered_json::parse(in, nullptr, false);
  return parsed.is_discarded() ? ordered_json(nullptr) : parsed;
}

ordered_json identity_of(const StateFolder& state) {
  const auto identity = load_identity(state);
  if (!identity) {
    const bool is_enrolled = identity.error().code() != Code::kNotFound;
    return {{"enrolled", is_enrolled}, {"problem", is_enrolled ? identity.error().message() : ""}};
  }
  ordered_json out = {
      {"enrolled", true}, {"host_id", identity->host_id}, {"collector", identity->collector}};
  if (const auto facts = evidence::read_certificate(identity->certificate))
    out["certificate_ends"] = evidence::to_timestamp(facts->not_after);
  return out;
}

ordered_json spool_of(const StateFolder& state) {
  const auto counts = look_at_spool(state);
  if (!counts) return {{"problem", counts.error().message()}};
  return {{"spooled", counts->spooled},
          {"set_aside", counts->set_aside},
          {"gaps", counts->gaps},
          {"bytes", counts->bytes}};
}

// Every value on a line of its own, named by its path: nothing that is known is left out.
void flatten(const ordered_json& value, const std::string& name, cli::Grid* grid) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items())
      flatten(inner, name.empty() ? key : name + "." + key, grid);
    return;
  }
  const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
  if (shown.empty() || value.is_null() || (value.is_array() && value.empty())) return;
  grid->rows.push_back({cli::cell(name), cli::cell(shown)});
}

}  // namespace

int run_status_command(const CommonOptions& common) {
  const auto settings = settings_in_force(common);
  if (!settings) return report(common, settings.error());
  const StateFolder state(settings->state_dir);
  cli::Answer what;
  what.json = {
      {"version", ASSAY_VERSION},           {"state_dir", settings->state_dir},
      {"identity", identity_of(state)},     {"spool", spool_of(state)},
      {"agent", read_json(state.status())}, {"courier", read_json(state.courier_status())}};
  what.grid.headings = {{"what", {"what", "項目"}}, {"value", {"value", "值"}}};
  flatten(what.json, "", &what.grid);
  return answer(common, what, kDone);
}

}  // namespace assay::agent
