#include "agent/probes/linux/updates/yum_repos.h"

#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/flags.h"
#include "agent/probes/linux/updates/rpm/repositories.h"

namespace assay::agent {

Result<evidence::Table> collect_yum_repos(Host& host) {
  const auto repositories = read_repositories(host);
  if (!repositories) return fail(repositories.error());
  evidence::Table table(*evidence::find_table("yum_repos"));
  for (const auto& repository : *repositories) {
    const auto addresses = [&](std::string_view key) {
      return text_or_null(public_addresses(std::string(repository.text(key))));
    };
    table.add({{"name", text_or_null(repository.text("name"))},
               {"source", repository.file},
               {"baseurl", addresses("baseurl")},
               {"mirrorlist", addresses("mirrorlist")},
               {"metalink", addresses("metalink")},
               {"enabled", std::int64_t{repository.is_enabled() ? 1 : 0}},
               {"gpgcheck", flag_or_null(repository.flag({"gpgcheck", "pkg_gpgcheck"}))},
               {"gpgkey", addresses("gpgkey")},
               {"id", repository.id},
               {"manager", std::string(repository.manager)},
               {"repo_gpgcheck", flag_or_null(repository.flag({"repo_gpgcheck"}))},
               {"sslverify", flag_or_null(repository.flag({"sslverify"}))},
               {"priority", number_or_null(decimal(repository.text("priority")))},
               {"exclude", text_or_null(repository.excludes())},
               {"line", repository.line}});
  }
  return table;
}

}  // namespace assay::agent
