#include "agent/probes/linux/system/architecture.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kElfHeaderBytes = 20;

}  // namespace

std::string_view elf_architecture(std::string_view start) {
  if (start.size() < kElfHeaderBytes || start[0] != 0x7f || start.substr(1, 3) != "ELF") return {};
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(start[i]));
  };
  const bool is_64_bit = byte(4) == 2;
  const bool is_big_endian = byte(5) == 2;
  switch (is_big_endian ? byte(18) << 8U | byte(19) : byte(19) << 8U | byte(18)) {
    case 3: return "i686";
    case 8: return is_64_bit ? "mips64" : "mips";
    case 21: return is_big_endian ? "ppc64" : "ppc64le";
    case 22: return "s390x";
    case 40: return "arm";
    case 62: return "x86_64";
    case 183: return "aarch64";
    case 243: return is_64_bit ? "riscv64" : "riscv32";
    case 258: return "loongarch64";
    default: return {};
  }
}

std::string architecture(Host& host) {
  if (host.is_live())
    if (const auto arch = host.read_file("/proc/sys/kernel/arch", kMaxConfigBytes))
      return std::string(trimmed(*arch));
  for (const auto* program : {"/bin/sh", "/usr/bin/sh", "/usr/bin/env", "/bin/busybox"}) {
    const auto start = host.read_start(program, kElfHeaderBytes);
    if (start && !elf_architecture(*start).empty()) return std::string(elf_architecture(*start));
  }
  return {};
}

}  // namespace assay::agent
