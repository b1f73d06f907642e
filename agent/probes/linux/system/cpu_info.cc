#include "agent/probes/linux/system/cpu_info.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

void set_once(std::string& field, std::string_view value) {
  if (field.empty()) field = value;
}

std::optional<std::int64_t> count_or_nothing(std::size_t count) {
  if (count == 0) return std::nullopt;
  return static_cast<std::int64_t>(count);
}

}  // namespace

CpuInfo parse_cpu_info(std::string_view text) {
  CpuInfo info;
  std::size_t logical = 0;
  std::set<std::string, std::less<>> sockets;
  std::set<std::pair<std::string, std::string>> cores;
  std::string socket;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = trimmed(line->substr(0, colon));
    const auto value = trimmed(line->substr(colon + 1));
    if (key == "processor" && decimal(value)) ++logical;
    if (key == "model name") set_once(info.brand, value);
    if (key == "model" || key == "CPU part") set_once(info.subtype, value);
    if (key == "microcode") set_once(info.microcode, value);
    if (key == "physical id") {
      socket = value;
      sockets.emplace(value);
    }
    if (key == "core id") cores.emplace(socket, value);
  }
  info.logical_cores = count_or_nothing(logical);
  info.physical_cores = count_or_nothing(cores.size());
  info.sockets = count_or_nothing(sockets.size());
  return info;
}

std::optional<std::int64_t> parse_memory_total(std::string_view meminfo) {
  constexpr std::string_view kKey = "MemTotal:";
  constexpr std::int64_t kMaxKibibytes = std::int64_t{1} << 50;
  Lines lines(meminfo);
  while (const auto line = lines.next()) {
    if (!line->starts_with(kKey)) continue;
    const auto value = trimmed(line->substr(kKey.size()));
    const auto kibibytes = decimal(value.substr(0, value.find(' ')));
    if (!kibibytes || *kibibytes < 0 || *kibibytes > kMaxKibibytes) return std::nullopt;
    return *kibibytes * 1024;
  }
  return std::nullopt;
}

}  // namespace assay::agent
