#include "agent/child/child_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace assay::agent {

namespace {

constexpr int kCannotExecute = 127;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

// A signal that came now would run a handler in the parent's memory. What is ignored stays so, as
// execve() has it.
void forget_handlers() {
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action{};
    if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN ||
        action.sa_handler == SIG_DFL)
      continue;
    action = {};
    (void)::sigaction(number, &action, nullptr);
  }
}

// In the child, which has the parent's memory until it is another program: nothing but system
// calls.
[[noreturn]] void become(const ChildCall& call, char** arguments, char** environment,
                         pid_t parent) {
  forget_handlers();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(kCannotExecute);  // it died before it could be asked for
  int highest = STDERR_FILENO;
  for (const auto& [ours, number] : call.descriptors) {
    const bool is_handed =
        ours == number ? ::fcntl(number, F_SETFD, 0) == 0 : ::dup2(ours, number) == number;
    if (!is_handed) ::_exit(kCannotExecute);
    highest = std::max(highest, number);
  }
  ::close_range(static_cast<unsigned>(highest) + 1, ~0U, 0);
  ::execve(call.program.c_str(), arguments, environment);
  ::_exit(kCannotExecute);
}

}  // namespace

Result<pid_t> start_child(const ChildCall& call) {
  if (::access(call.program.c_str(), X_OK) != 0)
    return fail(system_error(errno, "starting " + call.program));
  std::vector<std::string> words{call.program};
  words.insert(words.end(), call.arguments.begin(), call.arguments.end());
  auto environment = call.environment;
  auto argv = pointers(words);
  auto envp = pointers(environment);
  const pid_t parent = ::getpid();
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  // fork() would copy the map of all our memory, only for it to be thrown away.
  const pid_t child = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (child == 0) become(call, argv.data(), envp.data(), parent);
  const int problem = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) return fail(system_error(problem, "starting " + call.program));
  return child;
}

std::vector<std::string> variables(std::initializer_list<const char*> names) {
  std::vector<std::string> out;
  for (const char* name : names)
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  return out;
}

Result<std::string> program_beside_this(std::string_view name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(system_error(error.value(), "finding this program's folder"));
  return (self.parent_path() / name).string();
}

}  // namespace assay::agent
