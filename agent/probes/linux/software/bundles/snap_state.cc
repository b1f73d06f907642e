#include "agent/probes/linux/software/bundles/snap_state.h"

#include <nlohmann/json.hpp>

#include "agent/probes/linux/software/bundles/json_values.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("not snapd's state: ").append(why));
}

// Keeps {"data": {"snaps": …}} and drops the rest unread.
bool is_about_snaps(int depth, Json::parse_event_t event, const Json& parsed) {
  if (event != Json::parse_event_t::key) return true;
  if (depth == 1) return parsed == "data";
  if (depth == 2) return parsed == "snaps";
  return true;
}

// A number in states of long ago.
std::string revision_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return text_in(object, key);
}

bool flag_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::string confinement_of(const Json& snap) {
  for (const auto* mode : {"classic", "devmode", "jailmode"})
    if (flag_in(snap, mode)) return mode;
  return {};
}

Status add_revisions(const std::string& instance, const Json& snap,
                     std::vector<SnapRevision>& out) {
  if (!snap.is_object()) return broken("a snap that is no object");
  const auto current = revision_of(snap, "current");
  const auto sequence = snap.find("sequence");
  if (sequence == snap.end() || !sequence->is_array()) return broken("a snap without revisions");
  for (const auto& one : *sequence) {
    if (!one.is_object()) return broken("a revision that is no object");
    if (out.size() == kMaxSnaps) return fail(Code::kTooLarge, "more snaps than any system has");
    SnapRevision revision{.instance = instance,
                          .revision = revision_of(one, "revision"),
                          .snap_id = text_in(one, "snap-id"),
                          .type = text_in(snap, "type"),
                          .channel = text_in(snap, "channel"),
                          .confinement = confinement_of(snap)};
    if (revision.revision.empty()) return broken("a revision without its number");
    revision.is_current = revision.revision == current;
    revision.is_active = revision.is_current && flag_in(snap, "active");
    out.push_back(std::move(revision));
  }
  return {};
}

std::string unquoted(std::string_view value) {
  if (value.empty() || (value[0] != '\'' && value[0] != '"')) {
    const auto comment = value.find(" #");
    return std::string(trimmed(value.substr(0, comment)));
  }
  const char quote = value[0];
  std::string out;
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] == quote) {
      if (quote != '\'' || i + 1 == value.size() || value[i + 1] != quote) break;
      ++i;  // '' stands for one
    } else if (quote == '"' && value[i] == '\\' && i + 1 < value.size()) {
      ++i;
    }
    out += value[i];
  }
  return out;
}

}  // namespace

Result<std::vector<SnapRevision>> parse_snap_state(std::string_view text) {
  const auto state = Json::parse(text, is_about_snaps, false);
  if (!state.is_object()) return broken("no JSON object");
  const auto data = state.find("data");
  if (data == state.end() || !data->is_object()) return broken("no data");
  std::vector<SnapRevision> revisions;
  const auto snaps = data->find("snaps");
  if (snaps == data->end() || snaps->is_null()) return revisions;  // none was ever installed
  if (!snaps->is_object()) return broken("snaps that are no object");
  for (const auto& [instance, snap] : snaps->items())
    if (auto added = add_revisions(instance, snap, revisions); !added)
      return fail(std::move(added.error()));
  return revisions;
}

SnapYaml parse_snap_yaml(std::string_view text) {
  SnapYaml yaml;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = line->substr(0, colon);
    auto* member = key == "version"       ? &yaml.version
                   : key == "type"        ? &yaml.type
                   : key == "base"        ? &yaml.base
                   : key == "confinement" ? &yaml.confinement
                                          : nullptr;
    if (member != nullptr) *member = unquoted(trimmed(line->substr(colon + 1)));
  }
  return yaml;
}

}  // namespace assay::agent
