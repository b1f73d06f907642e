// Names of accounts and groups by number, and which numbers belong to nobody.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

class OwnerNames {
 public:
  // Reads passwd, group, subuid, subgid and nsswitch.conf of /etc. An error when one of them is
  // there and cannot be read.
  [[nodiscard]] static Result<OwnerNames> read(Host& host);

  // Empty when there is no such account.
  [[nodiscard]] const std::string& user(std::uint32_t uid) const;
  // False for numbers that are given out without an entry: those of /etc/subuid, systemd's for
  // services and containers.
  [[nodiscard]] bool is_nobodys_uid(std::uint32_t uid) const;
  [[nodiscard]] bool is_nobodys_gid(std::uint32_t gid) const;
  // Accounts also come from a directory service: a number that is not here may be one of its.
  [[nodiscard]] bool has_directory() const { return has_directory_; }

  struct Home {
    std::string path;
    std::uint32_t uid = 0;
  };
  // Of root and of ordinary accounts.
  [[nodiscard]] const std::vector<Home>& homes() const { return homes_; }

 private:
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  [[nodiscard]] static Result<std::vector<Range>> read_ranges(Host& host, std::string_view path);
  [[nodiscard]] static bool is_in(const std::vector<Range>& ranges, std::uint32_t id);

  std::map<std::uint32_t, std::string> users_;
  std::map<std::uint32_t, std::string> groups_;
  std::vector<Range> sub_users_;
  std::vector<Range> sub_groups_;
  std::vector<Home> homes_;
  bool has_directory_ = false;
};

}  // namespace assay::agent
