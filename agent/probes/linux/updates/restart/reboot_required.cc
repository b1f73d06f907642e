#include "agent/probes/linux/updates/restart/reboot_required.h"

#include "agent/probes/linux/processes/process_facts.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/restart/deleted_files.h"
#include "agent/probes/linux/updates/restart/running_kernel.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxMapsBytes = 16U << 20U;
constexpr std::size_t kMaxProcesses = 20'000;

Status add_kernel(Host& host, evidence::Table& table) {
  const auto kernel = look_at_kernel(host);
  if (!kernel) return fail(kernel.error());
  if (!kernel->is_outdated && kernel->unknown_reason.empty()) return {};
  table.add({{"reason", std::string("kernel")},
             {"name", kernel->release},
             {"running", kernel->running},
             {"installed", text_or_null(kernel->installed)},
             {"source", kernel->source},
             {"unknown_reason", text_or_null(kernel->unknown_reason)}});
  return {};
}

void add_request(std::string_view package, std::string_view source, evidence::Table& table) {
  table.add({{"reason", std::string("requested")},
             {"name", text_or_null(package)},
             {"source", std::string(source)}});
}

// Flags that packages leave: Debian's and Ubuntu's, SUSE's.
Status add_requests(Host& host, evidence::Table& table) {
  constexpr std::string_view kPackages = "/run/reboot-required.pkgs";
  for (const std::string_view flag :
       {"/run/reboot-required", "/run/reboot-needed", "/boot/do_purge_kernels_reboot"}) {
    const auto status = host.status(flag);
    if (!status && status.error().code() == Code::kNotFound) continue;
    if (!status) return fail(status.error());
    const auto packages = host.read_file(kPackages, kMaxConfigBytes);
    if (!packages && packages.error().code() != Code::kNotFound) return fail(packages.error());
    if (!packages || trimmed(*packages).empty()) {
      add_request({}, flag, table);
      continue;
    }
    Lines lines(*packages);
    while (const auto line = lines.next())
      if (const auto name = trimmed(*line); !name.empty()) add_request(name, kPackages, table);
  }
  return {};
}

void add_process(Host& host, const Process& process, std::string_view reason, std::string_view file,
                 evidence::Table& table) {
  const auto facts = process_facts(host, process.pid);
  table.add(
      {{"reason", std::string(reason)},
       {"name", process.name},
       {"path", text_or_null(process.path)},
       {"unit", text_or_null(facts.unit)},
       {"file", text_or_null(file)},
       {"source", std::string(reason == "deleted_library" ? "/proc/PID/maps" : "/proc/PID/exe")}});
}

Status add_processes(Host& host, evidence::Table& table) {
  const auto processes = host.processes();
  if (!processes) return fail(processes.error());
  if (processes->size() > kMaxProcesses)
    return fail(Code::kTooLarge, "more processes than are looked at");
  std::int64_t hidden = 0;
  for (const auto& process : *processes) {
    // What a program made for itself (memfd), or a user removed, is no update.
    if (process.is_deleted && is_file_of_the_system(process.path)) {
      add_process(host, process, "deleted_executable", process.path, table);
      continue;
    }
    const auto path = "/proc/" + std::to_string(process.pid) + "/maps";
    const auto maps = host.read_file(path, kMaxMapsBytes);
    if (!maps && maps.error().code() == Code::kPermissionDenied) ++hidden;
    if (!maps) continue;  // most likely it has ended meanwhile
    if (const auto file = first_deleted_file(*maps); !file.empty())
      add_process(host, process, "deleted_library", file, table);
  }
  if (hidden > 0)
    table.add({{"reason", std::string("deleted_library")},
               {"source", std::string("/proc/PID/maps")},
               {"unknown_reason", std::to_string(hidden) + " processes may not be looked at"}});
  return {};
}

}  // namespace

Result<evidence::Table> collect_reboot_required(Host& host) {
  if (!host.is_live())
    return fail(Code::kNotSupported, "needs the running machine, and an image is read");
  evidence::Table table(*evidence::find_table("reboot_required"));
  if (auto added = add_kernel(host, table); !added) return fail(std::move(added.error()));
  if (auto added = add_requests(host, table); !added) return fail(std::move(added.error()));
  if (auto added = add_processes(host, table); !added) return fail(std::move(added.error()));
  return table;
}

}  // namespace assay::agent
