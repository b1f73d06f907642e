#include "agent/schedule/courier_process.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "agent/child/child_program.h"

namespace assay::agent {

namespace {

constexpr int kControl = 3;
constexpr int kPatienceMilliseconds = 5'000;

// Only what the network's process has a use for.
std::vector<std::string> courier_environment() {
  return variables({"PATH", "LANG", "LC_ALL", "LC_MESSAGES", "TZ", "HTTPS_PROXY", "https_proxy",
                    "NO_PROXY", "no_proxy"});
}

// A person's own command (enroll with $ASSAY_TOKEN) keeps what it was given.
std::vector<std::string> whole_environment() {
  std::vector<std::string> out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) out.emplace_back(*at);
  return out;
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
  const auto child = start_child({.program = program_,
                                  .arguments = arguments_,
                                  .environment = courier_environment(),
                                  .descriptors = {{theirs.number(), kControl}}});
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
  const auto child = start_child({.program = program,
                                  .arguments = arguments,
                                  .environment = whole_environment(),
                                  .descriptors = {}});
  if (!child) return fail(child.error());
  int status = 0;
  while (::waitpid(*child, &status, 0) < 0)
    if (errno != EINTR) return fail(system_error(errno, "waiting for the courier"));
  if (!WIFEXITED(status)) return fail(Code::kIo, "the courier " + words_for(status));
  return WEXITSTATUS(status);
}

}  // namespace assay::agent
