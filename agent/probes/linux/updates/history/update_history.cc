#include "agent/probes/linux/updates/history/update_history.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/updates/flags.h"
#include "agent/probes/linux/updates/history/past_run.h"
#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxRuns = 500;
constexpr std::size_t kMaxLogBytes = 16U << 20U;

using Parser = Result<std::vector<PastRun>> (*)(std::string_view text);

// A log and the older ones that logrotate put beside it.
struct Log {
  std::string_view folder;
  std::string_view name;
  int older;  // how many of them matter
  Parser parse;
};
constexpr std::array kLogs = {
    Log{"/var/log/apt", "history.log", 12, parse_apt_history},
    Log{"/var/log", "dpkg.log", 1, parse_dpkg_log},
    Log{"/var/log/zypp", "history", 0, parse_zypp_history},
};
constexpr std::array<std::string_view, 2> kDatabases = {
    "/usr/lib/sysimage/libdnf5/transaction_history.sqlite", "/var/lib/dnf/history.sqlite"};
constexpr std::string_view kYumFolder = "/var/lib/yum/history";

class History {
 public:
  explicit History(Host& host) : host_(host) {}

  Status read_logs() {
    for (const auto& log : kLogs) {
      const auto path = std::string(log.folder).append("/").append(log.name);
      if (auto read = read_log(path, log.parse); !read) return read;
      for (int i = 1; i <= log.older; ++i) {
        const auto older = path + "." + std::to_string(i);
        if (auto read = read_log(older, log.parse); !read) return read;
        if (auto read = read_log(older + ".gz", log.parse); !read) return read;
      }
    }
    return {};
  }

  Status read_databases() {
    for (const auto path : kDatabases)
      if (auto read = read_database(std::string(path)); !read) return read;
    const auto names = host_.list_directory(kYumFolder, kMaxDirectoryEntries);
    if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
    std::string newest;
    if (names)
      for (const auto& name : *names)
        if (name.starts_with("history-") && name.ends_with(".sqlite")) newest = name;
    return newest.empty() ? Status() : read_database(std::string(kYumFolder) + "/" + newest);
  }

  Result<evidence::Table> table() {
    if (!has_log_) return fail(Code::kNotFound, "no package manager left a log");
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
  Status read_log(const std::string& path, Parser parse) {
    const auto text = read_stored_file(host_, path, kMaxLogBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(text.error());
    return keep(path, parse(*text));
  }

  Status read_database(const std::string& path) {
    const auto status = host_.status(path);
    if (!status && status.error().code() == Code::kNotFound) return {};
    if (!status) return fail(status.error());
    HostBytes database(host_, path, status->size_bytes);
    const auto log_path = path + "-wal";
    const auto log_status = host_.status(log_path);
    if (!log_status && log_status.error().code() != Code::kNotFound)
      return fail(log_status.error());
    HostBytes log(host_, log_path, log_status ? log_status->size_bytes : 0);
    return keep(path, read_dnf_history(database, log.size() == 0 ? nullptr : &log));
  }

  Status keep(const std::string& path, Result<std::vector<PastRun>> runs) {
    if (!runs) return fail(runs.error().within("reading " + path));
    has_log_ = true;
    for (auto& run : *runs) {
      run.source = path;
      runs_.push_back(std::move(run));
    }
    return {};
  }

  Host& host_;
  std::vector<PastRun> runs_;
  bool has_log_ = false;
};

}  // namespace

Result<evidence::Table> collect_update_history(Host& host) {
  History history(host);
  if (auto read = history.read_logs(); !read) return fail(std::move(read.error()));
  if (auto read = history.read_databases(); !read) return fail(std::move(read.error()));
  return history.table();
}

}  // namespace assay::agent
