#include "agent/probes/linux/processes/process_facts.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

bool is_unit(std::string_view name) {
  return name.ends_with(".service") || name.ends_with(".socket") || name.ends_with(".scope") ||
         name.ends_with(".mount");
}

std::string_view unit_from_path(std::string_view path) {
  // The innermost unit: a user's service lives below the service of the user's manager.
  while (!path.empty()) {
    const auto slash = path.rfind('/');
    const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (is_unit(name)) return name;
    if (slash == std::string_view::npos) break;
    path = path.substr(0, slash);
  }
  return {};
}

}  // namespace

std::string_view unit_from_cgroup(std::string_view cgroup) {
  Lines lines(cgroup);
  while (const auto line = lines.next()) {
    // "0::/…" (the one hierarchy of version 2) or "1:name=systemd:/…"
    const auto path = line->find(":/");
    if (path == std::string_view::npos) continue;
    const auto controller = line->substr(0, path);
    if (controller != "0:" && !controller.ends_with(":name=systemd")) continue;
    if (const auto unit = unit_from_path(line->substr(path + 1)); !unit.empty()) return unit;
  }
  return {};
}

ProcessFacts process_facts(Host& host, std::int64_t pid) {
  constexpr std::string_view kDeleted = " (deleted)";
  const std::string folder = "/proc/" + std::to_string(pid);
  ProcessFacts facts;
  if (auto path = host.read_link(folder + "/exe")) {
    // The file was replaced by an upgrade while the program runs on.
    if (path->ends_with(kDeleted)) path->resize(path->size() - kDeleted.size());
    facts.path = std::move(*path);
  }
  if (const auto name = host.read_file(folder + "/comm", kMaxConfigBytes))
    facts.name = std::string_view(*name).substr(0, name->rfind('\n'));
  if (const auto cgroup = host.read_file(folder + "/cgroup", kMaxConfigBytes))
    facts.unit = unit_from_cgroup(*cgroup);
  return facts;
}

}  // namespace assay::agent
