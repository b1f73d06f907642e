#include "tests/bench/fleet/stores.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "collector/store/postgres/postgres_store.h"
#include "collector/store/sqlite/sqlite_store.h"

namespace assay::bench {
namespace {

template <typename Opened>
std::unique_ptr<collector::Store> taken(Opened opened) {
  if (!opened) throw std::runtime_error(opened.error().message());
  return std::move(*opened);
}

struct Times {
  pid_t parent = 0;
  double own = 0;
  double ended_children = 0;
};

// From /proc/PID/stat, whose second field may hold anything, in parentheses (proc(5)).
Times times_of(const std::string& stat) {
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  Times times;
  long user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> skipped >> times.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  fields >> user >> system >> children_user >> children_system;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  times.own = static_cast<double>(user + system) / ticks;
  times.ended_children = static_cast<double>(children_user + children_system) / ticks;
  return times;
}

}  // namespace

std::unique_ptr<collector::Store> open_store(const std::string& state,
                                             const std::string& conninfo) {
  if (conninfo.empty()) return taken(collector::sqlite::SqliteStore::open({state + "/store.db"}));
  collector::postgres::Options options;
  options.conninfo = conninfo;
  return taken(collector::postgres::PostgresStore::open(options));
}

double cpu_with_children(pid_t process) {
  double seconds = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::string stat;
    std::ifstream file(entry.path() / "stat");
    if (!std::getline(file, stat)) continue;  // it has ended meanwhile
    const auto times = times_of(stat);
    if (std::stol(name) == process) seconds += times.own + times.ended_children;
    if (times.parent == process) seconds += times.own;
  }
  return seconds;
}

}  // namespace assay::bench
