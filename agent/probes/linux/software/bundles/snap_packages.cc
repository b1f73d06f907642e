#include "agent/probes/linux/software/bundles/snap_packages.h"

#include "agent/probes/linux/software/bundles/empty_table.h"
#include "agent/probes/linux/software/bundles/snap_state.h"
#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kState = "/var/lib/snapd/state.json";
// Debian and Ubuntu; Fedora, RHEL and SUSE.
constexpr std::array<std::string_view, 2> kMountFolders = {"/snap", "/var/lib/snapd/snap"};
constexpr std::size_t kMaxStateBytes = 64U << 20U;

// A snap is named as snapd allows it: nothing that could lead to another folder.
bool is_plain(std::string_view name) {
  return !name.empty() && name.find('/') == std::string_view::npos && name != "." && name != "..";
}

// What is in force: jailmode makes a devmode snap strict.
std::string confinement_of(const SnapRevision& revision, const SnapYaml& yaml) {
  if (revision.confinement == "jailmode") return "strict";
  return revision.confinement.empty() ? yaml.confinement : revision.confinement;
}

struct Mounted {
  std::string folder;  // empty: not mounted
  SnapYaml yaml;
};

Result<Mounted> find_mounted(Host& host, const SnapRevision& revision) {
  if (!is_plain(revision.instance) || !is_plain(revision.revision)) return Mounted{};
  for (const auto base : kMountFolders) {
    auto folder = std::string(base) + "/" + revision.instance + "/" + revision.revision;
    const auto text = host.read_file(folder + "/meta/snap.yaml", kMaxConfigBytes);
    if (text) return Mounted{.folder = std::move(folder), .yaml = parse_snap_yaml(*text)};
    if (text.error().code() != Code::kNotFound) return fail(text.error());
  }
  return Mounted{};
}

Status add_row(Host& host, const SnapRevision& revision, evidence::Table& table) {
  const auto mounted = find_mounted(host, revision);
  if (!mounted) return fail(mounted.error());
  const auto name = revision.instance.substr(0, revision.instance.find('_'));
  table.add({{"name", name},
             {"instance", revision.instance},
             {"version", text_or_null(mounted->yaml.version)},
             {"revision", revision.revision},
             {"type", text_or_null(revision.type.empty() ? mounted->yaml.type : revision.type)},
             {"channel", text_or_null(revision.channel)},
             {"confinement", text_or_null(confinement_of(revision, mounted->yaml))},
             {"base", text_or_null(mounted->yaml.base)},
             {"snap_id", text_or_null(revision.snap_id)},
             {"current", std::int64_t{revision.is_current}},
             {"active", std::int64_t{revision.is_active}},
             {"path", text_or_null(mounted->folder)},
             {"note", text_or_null(mounted->folder.empty()
                                       ? "the revision is not mounted, so its own description "
                                         "could not be read"
                                       : "")},
             {"purl", Purl("snap", {}, name, mounted->yaml.version)
                          .with("channel", revision.channel)
                          .with("revision", revision.revision)
                          .take()}});
  return {};
}

// Without snapd's state, as in an image whose /var is elsewhere: what "current" leads to.
Result<std::vector<SnapRevision>> find_current(Host& host) {
  std::vector<SnapRevision> revisions;
  for (const auto base : kMountFolders) {
    const auto names = host.list_directory(base, kMaxSnaps);
    if (!names && names.error().code() == Code::kNotFound) continue;
    if (!names) return fail(names.error());
    for (const auto& name : *names) {
      const auto target = host.read_link(std::string(base) + "/" + name + "/current");
      if (!target) continue;  // "bin" and other folders that are no snaps
      revisions.push_back(
          {.instance = name, .revision = *target, .is_current = true, .is_active = true});
    }
    if (!revisions.empty()) break;  // the second folder is a link to the first, or the reverse
  }
  return revisions;
}

Result<std::vector<SnapRevision>> find_revisions(Host& host) {
  const auto state = host.read_file(kState, kMaxStateBytes);
  if (!state && state.error().code() == Code::kNotFound) return find_current(host);
  if (!state) return fail(state.error());
  auto revisions = parse_snap_state(*state);
  if (!revisions) return fail(revisions.error().within("reading " + std::string(kState)));
  return revisions;
}

}  // namespace

Result<evidence::Table> collect_snap_packages(Host& host) {
  const auto revisions = find_revisions(host);
  if (!revisions) return fail(revisions.error());
  evidence::Table table(*evidence::find_table("snap_packages"));
  for (const auto& revision : *revisions)
    if (auto added = add_row(host, revision, table); !added) return fail(std::move(added.error()));
  return unless_nothing_was_there(host, std::move(table));
}

}  // namespace assay::agent
