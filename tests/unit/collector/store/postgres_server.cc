#include "tests/unit/collector/store/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

namespace assay::collector::postgres {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

// The server refuses to be root: then it is whoever Debian made for it.
const passwd* server_user() {
  return ::getuid() == 0 ? ::getpwnam("postgres") : nullptr;
}

pid_t launch(const std::vector<std::string>& words, const std::string& log) {
  const auto* user = server_user();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  // A group of its own, so that it can be killed with all its processes; and never left behind.
  ::setpgid(0, 0);
  if (user != nullptr &&
      (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(127);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != parent) ::_exit(127);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

PostgresServer::PostgresServer() {
  std::string pattern = (std::filesystem::temp_directory_path() / "assay-pg-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  if (const auto* user = server_user())
    if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) return;
  const pid_t making =
      launch({std::string(kPrograms) + "initdb", "-D", (folder_ / "data").string(), "-U", "assay",
              "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"},
             (folder_ / "log").string());
  int status = -1;
  ::waitpid(making, &status, 0);
  if (status == 0) start();
}

PostgresServer::~PostgresServer() {
  stop();
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

void PostgresServer::start() {
  const auto launch_it = [&] {
    process_ = launch({std::string(kPrograms) + "postgres", "-D", (folder_ / "data").string(), "-k",
                       folder_.string(), "-c", "listen_addresses=", "-c", "shared_buffers=32MB",
                       "-c", "max_connections=60", "-c", "log_min_messages=fatal"},
                      (folder_ / "log").string());
  };
  launch_it();
  for (int i = 0; i < 600; ++i) {
    if (run("SELECT 1")) return;
    // While children of one that was killed are still on their way out it ends at once.
    if (::waitpid(process_, nullptr, WNOHANG) == process_) launch_it();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  kill();
}

void PostgresServer::wait_for_end(int signal) {
  if (process_ <= 0) return;
  if (signal == SIGKILL)
    ::kill(-process_, signal);
  else
    ::kill(process_, signal);
  ::waitpid(process_, nullptr, 0);
  ::kill(-process_, SIGKILL);  // its children, should they still be there
  process_ = -1;
}

void PostgresServer::kill() {
  wait_for_end(SIGKILL);
}

void PostgresServer::stop() {
  wait_for_end(SIGINT);
}

std::string PostgresServer::conninfo(const std::string& schema) const {
  return "host=" + folder_.string() +
         " user=assay dbname=postgres options='-csearch_path=" + schema + "'";
}

bool PostgresServer::run(const std::string& sql, const std::string& schema) const {
  PGconn* connection = PQconnectdb(conninfo(schema).c_str());
  PGresult* result = PQexec(connection, sql.c_str());
  const auto status = PQresultStatus(result);
  PQclear(result);
  PQfinish(connection);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

std::string PostgresServer::new_schema() {
  auto name = "company_" + std::to_string(++schemas_);
  (void)run("CREATE SCHEMA " + name);  // the store says so when it is not there
  return name;
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

}  // namespace assay::collector::postgres
