// Which hosts a record of people is about: those that it names, and those that are in one of the
// groups that it names, at the moment that is asked for; every host when it names neither. Pure.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::collector {

// The ids of the hosts in each group of the register at one moment, sorted.
using GroupMembers = std::map<std::string, std::vector<std::string>, std::less<>>;

class HostScope {
 public:
  HostScope(const std::vector<std::string>& hosts, const std::vector<std::string>& groups,
            const GroupMembers& members)
      : is_all_(hosts.empty() && groups.empty()), hosts_(hosts) {
    for (const auto& group : groups)
      if (const auto its = members.find(group); its != members.end())
        std::ranges::copy(its->second, std::back_inserter(hosts_));
    std::ranges::sort(hosts_);
  }

  [[nodiscard]] bool covers(std::string_view host_id) const {
    return is_all_ || std::ranges::binary_search(hosts_, host_id);
  }

 private:
  bool is_all_;
  std::vector<std::string> hosts_;  // sorted
};

}  // namespace assay::collector
