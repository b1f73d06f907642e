#include "tests/bench/fleet/served.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace assay::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

int port_in(const std::string& line) {
  const auto agents = line.find("agents ");
  if (agents == std::string::npos) return 0;
  const auto colon = line.find(':', agents);
  return colon == std::string::npos ? 0 : std::atoi(line.c_str() + colon + 1);
}

}  // namespace

Served::Served(const std::vector<std::string>& command) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe");
  child_ = ::fork();
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    std::vector<char*> words;
    for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  out_ = ends[0];
  std::string line;
  for (char c = 0; port_ == 0 && ::read(out_, &c, 1) == 1; line.push_back(c))
    if (c == '\n') port_ = port_in(std::exchange(line, {}));
  if (port_ == 0) throw std::runtime_error(command[0] + " did not start");
}

Served::~Served() {
  stop();
}

void Served::stop() {
  if (child_ <= 0) return;
  ::kill(child_, SIGTERM);
  ::waitpid(std::exchange(child_, 0), nullptr, 0);
  ::close(out_);
}

double Served::cpu() const {
  clockid_t clock{};
  return ::clock_getcpuclockid(child_, &clock) == 0 ? seconds_of(clock) : 0;
}

double Served::resident_mib() const {
  std::ifstream status("/proc/" + std::to_string(child_) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

double own_cpu() {
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

}  // namespace assay::bench
