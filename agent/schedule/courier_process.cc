#include "agent/schedule/courier_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace assay::agent {

namespace {

constexpr int kControl = 3;
constexpr int kCannotExecute = 127;
constexpr int kPatienceMilliseconds = 5'000;

// Only what the network's process has a use for.
std::vector<std::string> courier_environment() {
  std::vector<std::string> out;
  for (const char* name : {"PATH", "LANG", "LC_ALL", "LC_MESSAGES", "TZ", "HTTPS_PROXY",
                           "https_proxy", "NO_PROXY", "no_proxy"})
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

// In the child: nothing but calls that are safe after fork().
[[noreturn]] void become(const char* program, char** arguments, char** environment, int control,
                         pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(kCannotExecute);  // it died before it could be asked for
  if (control >= 0) {
    if (control == kControl)
      ::fcntl(kControl, F_SETFD, 0);
    else
      ::dup2(control, kControl);
  }
  ::close_range(control >= 0 ? kControl + 1 : kControl, ~0U, 0);
  ::execve(program, arguments, environment);
  ::_exit(kCannotExecute);
}

// A person's own command (enroll with $ASSAY_TOKEN) keeps what it was given.
std::vector<std::string> whole_environment() {
  std::vector<std::string> out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) out.emplace_back(*at);
  return out;
}

Result<pid_t> start(const std::string& program, const std::vector<std::string>& arguments,
                    std::vector<std::string> variables, int control) {
  if (::access(program.c_str(), X_OK) != 0) return fail(system_error(errno, "starting " + program));
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto argv = pointers(words);
  const auto envp = pointers(variables);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail(system_error(errno, "starting " + program));
  if (child == 0)
    become(program.c_str(), const_cast<char**>(argv.data()), const_cast<char**>(envp.data()),
           control, parent);
  return child;
}

std::string words_for(int status) {
  if (WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
  return "ended with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

CourierProcess::CourierProcess(std::string program, std::vector<std::string> arguments)
    : program_(std::move(program)), arguments_(std::move(arguments)) {
  arguments_.insert(arguments_.end(), {"--control-fd", std::to_string(kControl)});
}

std::optional<BootTime> CourierProcess::due() const {
  return is_running() ? std::nullopt : std::optional(due_);
}

Status CourierProcess::start_if_due(BootTime now) {
  if (is_running() || now < due_) return {};
  due_ = now + delay_;
  delay_ = std::min(delay_ * 2, kLongestDelay);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail(system_error(errno, "a socket for the courier"));
  FileDescriptor ours(ends[0]);
  const FileDescriptor theirs(ends[1]);
  const auto child = start(program_, arguments_, courier_environment(), theirs.number());
  if (!child) return fail(child.error());
  pid_ = *child;
  control_ = std::move(ours);
  started_ = now;
  return {};
}

void CourierProcess::ended(int status, BootTime now) {
  pid_ = -1;
  control_ = FileDescriptor();
  last_end_ = words_for(status);
  ++restarts_;
  if (now - started_ >= kSteady) delay_ = kFirstDelay;
  due_ = now + delay_;
}

void CourierProcess::reap(BootTime now) {
  int status = 0;
  if (is_running() && ::waitpid(pid_, &status, WNOHANG) == pid_) ended(status, now);
}

void CourierProcess::stop() {
  if (!is_running()) return;
  ::kill(pid_, SIGTERM);
  control_ = FileDescriptor();
  constexpr int kStep = 20;
  for (int waited = 0; waited < kPatienceMilliseconds; waited += kStep) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) {
      pid_ = -1;
      return;
    }
    ::usleep(kStep * 1000);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void CourierProcess::tell(char byte) const {
  // A full socket holds this byte already; a dead courier looks at everything when it comes back.
  if (is_running()) (void)::send(control_.number(), &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::string CourierProcess::heard() {
  std::string out(64, '\0');
  const auto got =
      is_running() ? ::recv(control_.number(), out.data(), out.size(), MSG_DONTWAIT) : 0;
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  // It has closed its end: a courier that cannot be talked to is none. SIGCHLD will follow.
  if (got == 0 && is_running()) {
    ::kill(pid_, SIGTERM);
    control_ = FileDescriptor();
  }
  return out;
}

Result<int> run_courier(const std::string& program, const std::vector<std::string>& arguments) {
  const auto child = start(program, arguments, whole_environment(), -1);
  if (!child) return fail(child.error());
  int status = 0;
  while (::waitpid(*child, &status, 0) < 0)
    if (errno != EINTR) return fail(system_error(errno, "waiting for the courier"));
  if (!WIFEXITED(status)) return fail(Code::kIo, "the courier " + words_for(status));
  return WEXITSTATUS(status);
}

}  // namespace assay::agent
