#include "agent/probes/linux/updates/history/package_logs.h"

#include <array>

#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxLogBytes = 16U << 20U;

struct Log {
  PackageLog kind;
  std::string_view folder;
  std::string_view name;
  int older;  // how many of them matter
};
constexpr std::array kLogs = {
    Log{PackageLog::kApt, "/var/log/apt", "history.log", 12},
    Log{PackageLog::kDpkg, "/var/log", "dpkg.log", 1},
    Log{PackageLog::kZypp, "/var/log/zypp", "history", 0},
    Log{PackageLog::kApk, "/var/log", "apk.log", 1},
};
constexpr std::array<std::string_view, 2> kDatabases = {
    "/usr/lib/sysimage/libdnf5/transaction_history.sqlite", "/var/lib/dnf/history.sqlite"};
constexpr std::string_view kYumFolder = "/var/lib/yum/history";

class Logs {
 public:
  Logs(Host& host, PackageLogReader& reader) : host_(host), reader_(reader) {}

  Status read() {
    for (const auto& log : kLogs) {
      const auto path = std::string(log.folder).append("/").append(log.name);
      if (auto done = read_text(log.kind, path); !done) return done;
      for (int i = 1; i <= log.older; ++i) {
        const auto older = path + "." + std::to_string(i);
        if (auto done = read_text(log.kind, older); !done) return done;
        if (auto done = read_text(log.kind, older + ".gz"); !done) return done;
      }
    }
    for (const auto path : kDatabases)
      if (auto done = read_database(std::string(path)); !done) return done;
    if (auto done = read_yum(); !done) return done;
    if (!is_any_there_) return fail(Code::kNotFound, "no package manager left a log");
    return {};
  }

 private:
  Status read_text(PackageLog kind, const std::string& path) {
    const auto text = read_stored_file(host_, path, kMaxLogBytes);
    if (!text && text.error().code() == Code::kNotFound) return {};
    if (!text) return fail(text.error());
    return kept(path, reader_.text(kind, path, *text));
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
    return kept(path, reader_.database(path, database, log.size() == 0 ? nullptr : &log));
  }

  // A file for each time that yum began anew.
  Status read_yum() {
    const auto names = host_.list_directory(kYumFolder, kMaxDirectoryEntries);
    if (!names) return names.error().code() == Code::kNotFound ? Status() : fail(names.error());
    std::string newest;
    for (const auto& name : *names)
      if (name.starts_with("history-") && name.ends_with(".sqlite")) newest = name;
    return newest.empty() ? Status() : read_database(std::string(kYumFolder) + "/" + newest);
  }

  Status kept(const std::string& path, Status read) {
    is_any_there_ = true;
    if (!read) return fail(read.error().within("reading " + path));
    return {};
  }

  Host& host_;
  PackageLogReader& reader_;
  bool is_any_there_ = false;
};

}  // namespace

Status read_package_logs(Host& host, PackageLogReader& reader) {
  return Logs(host, reader).read();
}

}  // namespace assay::agent
