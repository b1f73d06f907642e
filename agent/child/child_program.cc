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

// In the child: nothing but calls that are safe after fork().
[[noreturn]] void become(const ChildCall& call, char** arguments, char** environment,
                         pid_t parent) {
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
  const pid_t child = ::fork();
  if (child < 0) return fail(system_error(errno, "starting " + call.program));
  if (child == 0) become(call, argv.data(), envp.data(), parent);
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
