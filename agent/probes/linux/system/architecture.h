// The machine's processor architecture, in the kernel's words.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

// What the running kernel says, or what an image's programs are built for; empty when unknown.
[[nodiscard]] std::string architecture(Host& host);

// "x86_64" and so on, from the start of an ELF program; empty when it is none or unknown.
[[nodiscard]] std::string_view elf_architecture(std::string_view start);

}  // namespace assay::agent
