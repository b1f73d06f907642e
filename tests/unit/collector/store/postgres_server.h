// A PostgreSQL server for tests: its own files in a temporary folder, reached by a unix socket
// there and by no network; gone with the object, or with the process.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace assay::collector::postgres {

class PostgresServer {
 public:
  // Makes the database files and starts the server. good() tells whether it did.
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  [[nodiscard]] bool good() const { return process_ > 0; }
  // Of which all others of the server are children.
  [[nodiscard]] pid_t process() const { return process_; }
  // Waits until it answers.
  void start();
  // SIGKILL to all of it, as when the machine loses its power but not its disk.
  void kill();
  void stop();  // in an orderly way, without waiting for clients
  // Where it keeps everything.
  [[nodiscard]] std::filesystem::path files() const { return folder_ / "data"; }
  // How to reach it; each `schema` is a database of its own to the store.
  [[nodiscard]] std::string conninfo(const std::string& schema) const;
  // Runs statements as the owner of everything, apart from any store. False when one fails.
  bool run(const std::string& sql, const std::string& schema = "public") const;
  // A new, empty schema.
  std::string new_schema();

  // One for all tests of a program.
  static PostgresServer& shared();

 private:
  void wait_for_end(int signal);

  std::filesystem::path folder_;
  pid_t process_ = -1;
  int schemas_ = 0;
};

}  // namespace assay::collector::postgres
