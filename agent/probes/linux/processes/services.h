// Whether a service starts with the system and whether it runs, read from files:
// unit links, init scripts, control groups, the names of processes.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

class Services {
 public:
  // `host` must outlive this.
  explicit Services(Host& host) : host_(host) {}

  // Whether any of `units` starts at boot. Nothing when none of them is known to the system.
  [[nodiscard]] Result<std::optional<bool>> is_enabled(std::span<const std::string_view> units);

  // Whether any of `units` has a process, or any process has one of the names (at most 15 bytes,
  // as the kernel keeps them, or the whole path of a program). Nothing when an image is read, or
  // when other users' processes are hidden from us.
  [[nodiscard]] Result<std::optional<bool>> is_running(std::span<const std::string_view> units,
                                                       std::span<const std::string_view> processes);

 private:
  [[nodiscard]] Result<bool> exists(std::string_view path);
  [[nodiscard]] Result<bool> has_unit(std::string_view unit);
  [[nodiscard]] Result<bool> is_wanted(std::string_view unit);
  [[nodiscard]] Result<std::optional<bool>> has_start_link(std::string_view script);
  [[nodiscard]] Status load_wanted();
  [[nodiscard]] Status load_processes();

  Host& host_;
  std::optional<std::set<std::string, std::less<>>> wanted_;     // units that a target starts
  std::optional<std::set<std::string, std::less<>>> processes_;  // names and paths
  bool sees_all_processes_ = false;
};

}  // namespace assay::agent
