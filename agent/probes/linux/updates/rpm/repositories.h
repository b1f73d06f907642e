// The repositories that dnf, yum and zypper are set up with.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

using RepositorySettings = std::map<std::string, std::string, std::less<>>;

// One entry of a *.repo file, or of dnf's main file; keys in small letters, dnf's variables put in
// where they are known.
struct Repository {
  std::string id;
  std::string_view manager;  // dnf or zypper
  std::string file;
  std::int64_t line = 0;
  bool minds_letters = false;  // whether keys in capital letters are none
  RepositorySettings settings;
  std::shared_ptr<const RepositorySettings> main;  // of the manager's main file

  // Its own value; empty when it has none.
  [[nodiscard]] std::string_view text(std::string_view key) const;
  // The first of `keys` that it sets, else that the main file sets.
  [[nodiscard]] std::optional<bool> flag(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] bool is_enabled() const;
  // Patterns of packages that are never taken from it: its own, not the main file's.
  [[nodiscard]] std::string excludes() const;
};

// kNotFound on a system that has none of the folders of repositories: it has no such manager.
[[nodiscard]] Result<std::vector<Repository>> read_repositories(Host& host);

}  // namespace assay::agent
