// Reading a file of settings: a zero byte in it says that it is none, or that it is damaged.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

// As Host::read_file() with the limit of settings; kInvalidData also when the file is no text.
// Whoever passes over what it does not understand needs this: a damaged file would read as one
// that sets nothing.
[[nodiscard]] inline Result<std::string> read_text(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text && text->find('\0') != std::string::npos)
    return fail(Code::kInvalidData,
                "reading " + std::string(path) + ": no text: it holds a zero byte");
  return text;
}

}  // namespace assay::agent
