// Units of systemd as its folders of files have them: which are there, and which are wanted by
// another and so started by themselves. Nothing is asked of a running systemd.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct TimerUnit {
  std::string name;                    // "logrotate.timer"
  std::vector<std::string> schedules;  // "OnCalendar=daily"
  std::string unit;                    // that it starts: "logrotate.service"
  std::string path;
};

struct ServiceUnit {
  std::string user;                   // empty: root
  std::vector<std::string> commands;  // of ExecStart, in full: never for a table
};

class UnitFiles {
 public:
  // Lists the folders once. A system without any is one without units. `host` must outlive this.
  [[nodiscard]] static Result<UnitFiles> load(Host& host);

  [[nodiscard]] bool has(std::string_view unit) const { return !path_of(unit).empty(); }
  // Whether something wants it and it is not masked; nothing when there is no such unit.
  [[nodiscard]] std::optional<bool> is_enabled(std::string_view unit) const;
  // Names of all timers, instances of templates included, aliases not; sorted.
  [[nodiscard]] std::vector<std::string> timers() const;
  [[nodiscard]] Result<TimerUnit> read_timer(const std::string& name) const;
  // Empty when there is no such service.
  [[nodiscard]] Result<ServiceUnit> read_service(const std::string& name) const;

 private:
  explicit UnitFiles(Host& host) : host_(&host) {}
  [[nodiscard]] Status load_folder(const std::string& folder);
  [[nodiscard]] Status load_wants(const std::string& folder);
  [[nodiscard]] std::string path_of(std::string_view unit) const;
  [[nodiscard]] bool is_masked(const std::string& path) const;
  // Name and path of each drop-in that counts, in the order in which they do.
  [[nodiscard]] Result<std::map<std::string, std::string>> drop_ins_of(
      const std::string& unit) const;
  // The unit's file and its drop-ins.
  [[nodiscard]] Result<std::vector<std::string>> texts_of(const std::string& unit) const;

  Host* host_;
  std::map<std::string, std::string, std::less<>> files_;  // unit → path; the first folder wins
  std::set<std::string, std::less<>> drop_ins_;            // paths of folders "….timer.d"
  std::set<std::string, std::less<>> wanted_;
  std::set<std::string, std::less<>> masked_;
  std::set<std::string, std::less<>> aliases_;  // timers under a second name
};

// What the text of one unit file adds.
[[nodiscard]] Status add_timer_text(std::string_view text, TimerUnit& timer);
[[nodiscard]] Status add_service_text(std::string_view text, ServiceUnit& service);

}  // namespace assay::agent
