// Files that hold logs: who may read them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/operations/logging/log_rows.h"

namespace assay::agent {

class LogFiles {
 public:
  // Both must outlive this.
  LogFiles(Host& host, LogRows& rows) : host_(host), rows_(rows) {}

  // Rows file_mode, file_owner and file_group of a file or folder, once for each. A file that is
  // not there yet has one row that says so.
  [[nodiscard]] Status add(std::string_view component, const std::string& path, const Place& place);
  // The files in which every system keeps its records, as far as they are there.
  [[nodiscard]] Status add_well_known();

  // Regular files that a syslog daemon writes.
  [[nodiscard]] const std::map<std::string, Place>& written() const { return written_; }

 private:
  [[nodiscard]] Status load_names();
  void add_rows(std::string_view component, const std::string& path, const FileStatus& status,
                const Place& place);

  Host& host_;
  LogRows& rows_;
  std::set<std::string, std::less<>> seen_;
  std::map<std::string, Place> written_;
  std::optional<std::map<std::uint32_t, std::string>> users_;
  std::map<std::uint32_t, std::string> groups_;
};

}  // namespace assay::agent
