#include "agent/probes/linux/updates/history/package_installs.h"

#include <algorithm>
#include <map>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/flags.h"
#include "agent/probes/linux/updates/history/package_logs.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxInstalls = 20'000;

// Keeps the last installation of each package.
class Installs final : public PackageLogReader {
 public:
  Status text(PackageLog log, const std::string& path, std::string_view text) override {
    switch (log) {
      case PackageLog::kApt: return keep(path, installs_in_apt_history(text));
      case PackageLog::kDpkg: return keep(path, installs_in_dpkg_log(text));
      case PackageLog::kZypp: return keep(path, installs_in_zypp_history(text));
      case PackageLog::kApk: return keep(path, installs_in_apk_log(text));
    }
    return {};
  }
  Status database(const std::string& path, ByteSource& database, ByteSource* log) override {
    return keep(path, installs_in_dnf_history(database, log));
  }

  evidence::Table table() && {
    leave_out_of_dpkg_what_apt_tells();
    std::vector<PackageInstall> all;
    for (auto& [key, install] : last_) all.push_back(std::move(install));
    std::ranges::stable_sort(all, std::ranges::greater{}, &PackageInstall::time);
    if (all.size() > kMaxInstalls) all.resize(kMaxInstalls);
    evidence::Table table(*evidence::find_table("package_installs"));
    for (const auto& install : all)
      table.add({{"manager", install.manager},
                 {"name", install.name},
                 {"architecture", text_or_null(install.architecture)},
                 {"version", text_or_null(install.version)},
                 {"time", install.time},
                 {"username", text_or_null(install.username)},
                 {"uid", number_or_null(install.uid)},
                 {"automatic", flag_or_null(install.is_automatic)},
                 {"repository", text_or_null(install.repository)},
                 {"source", install.source}});
    return table;
  }

 private:
  struct Key {
    std::string manager;
    std::string name;
    std::string architecture;
    auto operator<=>(const Key&) const = default;
  };

  Status keep(const std::string& path, Result<std::vector<PackageInstall>> installs) {
    if (!installs) return fail(std::move(installs.error()));
    for (auto& install : *installs) {
      install.source = path;
      auto& last = last_[{install.manager, install.name, install.architecture}];
      if (last.time < install.time) last = std::move(install);
    }
    return {};
  }

  // dpkg logs what apt had it do, a moment after apt began, and never who asked for it.
  void leave_out_of_dpkg_what_apt_tells() {
    std::map<std::string, std::string, std::less<>> days;  // by name, the last of apt
    const auto day = [](const PackageInstall& install) { return install.time.substr(0, 10); };
    for (const auto& [key, install] : last_)
      if (key.manager == "apt") days[key.name] = std::max(days[key.name], day(install));
    std::erase_if(last_, [&](const auto& entry) {
      if (entry.first.manager != "dpkg") return false;
      const auto by_apt = days.find(entry.first.name);
      return by_apt != days.end() && by_apt->second >= day(entry.second);
    });
  }

  std::map<Key, PackageInstall> last_;
};

}  // namespace

Result<evidence::Table> collect_package_installs(Host& host) {
  Installs installs;
  if (auto read = read_package_logs(host, installs); !read) return fail(std::move(read.error()));
  return std::move(installs).table();
}

}  // namespace assay::agent
