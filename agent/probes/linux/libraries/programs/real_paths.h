// Where a path really leads, without any symbolic link in it.
//
// Remembers what it saw of folders, for many programs share the few they are
// in. Follows links as the kernel does, inside the Host's root. Used by one
// thread, for one look at the machine.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

class RealPaths {
 public:
  // `host` must outlive this.
  explicit RealPaths(Host& host) : host_(host) {}

  // kNotFound when a part is missing; kInvalidData when links lead in a circle.
  [[nodiscard]] Result<std::string> of(std::string_view path);

 private:
  // The text of the link at `path`; nothing when it is none.
  [[nodiscard]] Result<std::optional<std::string>> link_at(const std::string& path, bool is_folder);

  Host& host_;
  std::map<std::string, std::optional<std::string>, std::less<>> folders_;
};

inline constexpr int kMaxLinks = 40;  // as in Linux
inline constexpr std::size_t kMaxKnownFolders = 4096;

}  // namespace assay::agent
