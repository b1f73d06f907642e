#include "agent/probes/linux/system/system_info.h"

#include "agent/probes/linux/system/architecture.h"
#include "agent/probes/linux/system/cpu_info.h"
#include "agent/probes/linux/system/os_release.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxCpuInfoBytes = 16U << 20U;

// The first line of a small file; empty when it is not there or not ours to read (DMI serial
// numbers are root's). Any other failure is one.
Result<std::string> small_file(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return std::string(trimmed(std::string_view(*text).substr(0, text->find('\n'))));
  if (text.error().code() == Code::kNotFound || text.error().code() == Code::kPermissionDenied)
    return std::string();
  return fail(std::move(text.error()));
}

Result<std::string> host_name(Host& host) {
  if (host.is_live()) {
    auto name = small_file(host, "/proc/sys/kernel/hostname");
    if (!name || !name->empty()) return name;
  }
  return small_file(host, "/etc/hostname");
}

// PRETTY_HOSTNAME of machine-info(5), which has the form of os-release.
Result<std::string> pretty_name(Host& host) {
  const auto text = host.read_file("/etc/machine-info", kMaxConfigBytes);
  if (!text) {
    if (text.error().code() == Code::kNotFound) return std::string();
    return fail(text.error());
  }
  const auto info = parse_os_release(*text);
  return info ? std::string(value_of(*info, "PRETTY_HOSTNAME")) : std::string();
}

}  // namespace

Result<evidence::Table> collect_system_info(Host& host) {
  const auto name = host_name(host);
  if (!name) return fail(name.error());
  const auto pretty = pretty_name(host);
  if (!pretty) return fail(pretty.error());

  CpuInfo cpu;
  std::optional<std::int64_t> memory;
  std::string cpu_type;
  std::map<std::string_view, std::string> dmi;
  if (host.is_live()) {
    const auto cpu_text = host.read_file("/proc/cpuinfo", kMaxCpuInfoBytes);
    if (!cpu_text) return fail(cpu_text.error());
    cpu = parse_cpu_info(*cpu_text);
    const auto memory_text = host.read_file("/proc/meminfo", kMaxConfigBytes);
    if (!memory_text) return fail(memory_text.error());
    memory = parse_memory_total(*memory_text);
    cpu_type = architecture(host);
    for (const std::string_view field :
         {"product_uuid", "sys_vendor", "product_name", "product_version", "product_serial",
          "board_vendor", "board_name", "board_version", "board_serial"}) {
      auto value = small_file(host, std::string("/sys/class/dmi/id/").append(field));
      if (!value) return fail(value.error());
      dmi.emplace(field, std::move(*value));
    }
  }

  evidence::Table table(*evidence::find_table("system_info"));
  table.add({{"hostname", text_or_null(*name)},
             {"uuid", text_or_null(dmi["product_uuid"])},
             {"cpu_type", text_or_null(cpu_type)},
             {"cpu_subtype", text_or_null(cpu.subtype)},
             {"cpu_brand", text_or_null(cpu.brand)},
             {"cpu_physical_cores", number_or_null(cpu.physical_cores)},
             {"cpu_logical_cores", number_or_null(cpu.logical_cores)},
             {"cpu_sockets", number_or_null(cpu.sockets)},
             {"cpu_microcode", text_or_null(cpu.microcode)},
             {"physical_memory", number_or_null(memory)},
             {"hardware_vendor", text_or_null(dmi["sys_vendor"])},
             {"hardware_model", text_or_null(dmi["product_name"])},
             {"hardware_version", text_or_null(dmi["product_version"])},
             {"hardware_serial", text_or_null(dmi["product_serial"])},
             {"board_vendor", text_or_null(dmi["board_vendor"])},
             {"board_model", text_or_null(dmi["board_name"])},
             {"board_version", text_or_null(dmi["board_version"])},
             {"board_serial", text_or_null(dmi["board_serial"])},
             {"computer_name", text_or_null(pretty->empty() ? *name : *pretty)},
             {"local_hostname", text_or_null(std::string_view(*name).substr(0, name->find('.')))}});
  return table;
}

}  // namespace assay::agent
