// The server under test: a process of its own, so that what it costs is told apart.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace assay::bench {

class Served {
 public:
  // Starts a program that prints a line with "agents HOST:PORT" when it listens. Throws.
  explicit Served(const std::vector<std::string>& command);
  ~Served();  // SIGTERM, and waits
  // The same before the end of its life.
  void stop();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] pid_t pid() const { return child_; }
  // CPU that all its threads used so far, seconds.
  [[nodiscard]] double cpu() const;
  [[nodiscard]] double resident_mib() const;

 private:
  pid_t child_ = 0;
  int out_ = -1;
  int port_ = 0;
};

// Of this process.
[[nodiscard]] double own_cpu();

}  // namespace assay::bench
