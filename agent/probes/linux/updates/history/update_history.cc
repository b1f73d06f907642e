#include "agent/probes/linux/updates/history/update_history.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/flags.h"
#include "agent/probes/linux/updates/history/package_logs.h"
#include "agent/probes/linux/updates/history/past_run.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxRuns = 500;

class History final : public PackageLogReader {
 public:
  Status text(PackageLog log, const std::string& path, std::string_view text) override {
    switch (log) {
      case PackageLog::kApt: return keep(path, parse_apt_history(text));
      case PackageLog::kDpkg: return keep(path, parse_dpkg_log(text));
      case PackageLog::kZypp: return keep(path, parse_zypp_history(text));
      case PackageLog::kApk: return keep(path, parse_apk_log(text));
    }
    return {};
  }
  Status database(const std::string& path, ByteSource& database, ByteSource* log) override {
    return keep(path, read_dnf_history(database, log));
  }

  evidence::Table table() {
    std::ranges::stable_sort(runs_, std::ranges::greater{}, &PastRun::time);
    if (runs_.size() > kMaxRuns) {
      runs_.resize(kMaxRuns);
      auto& note = runs_.back().note;
      note.append(note.empty() ? "" : "; ").append("older ones are left out");
    }
    evidence::Table table(*evidence::find_table("update_history"));
    for (const auto& run : runs_)
      table.add({{"manager", run.manager},
                 {"time", run.time},
                 {"program", text_or_null(run.program)},
                 {"automatic", flag_or_null(run.is_automatic)},
                 {"installed", number_or_null(run.installed)},
                 {"upgraded", number_or_null(run.upgraded)},
                 {"removed", number_or_null(run.removed)},
                 {"succeeded", flag_or_null(run.has_succeeded)},
                 {"source", run.source},
                 {"note", text_or_null(run.note)}});
    return table;
  }

 private:
  Status keep(const std::string& path, Result<std::vector<PastRun>> runs) {
    if (!runs) return fail(std::move(runs.error()));
    for (auto& run : *runs) {
      run.source = path;
      runs_.push_back(std::move(run));
    }
    return {};
  }

  std::vector<PastRun> runs_;
};

}  // namespace

Result<evidence::Table> collect_update_history(Host& host) {
  History history;
  if (auto read = read_package_logs(host, history); !read) return fail(std::move(read.error()));
  return history.table();
}

}  // namespace assay::agent
