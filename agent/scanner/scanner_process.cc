#include "agent/scanner/scanner_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "agent/host/file_descriptor.h"
#include "agent/scanner/scanned_tables.h"

namespace assay::agent {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kCannotExecute = 127;
constexpr std::size_t kMaxInputBytes = 64U << 10U;

// Only what looking at the network has a use for.
std::vector<std::string> environment() {
  std::vector<std::string> out;
  for (const char* name : {"PATH", "LANG", "LC_ALL", "LC_MESSAGES", "TZ"})
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
[[noreturn]] void become(const char* program, char** words, char** variables, int input, int output,
                         pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(kCannotExecute);  // it died before it could be asked for
  if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0)
    ::_exit(kCannotExecute);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::execve(program, words, variables);
  ::_exit(kCannotExecute);
}

// A file without a name: a pipe would have to be fed while the output is read.
Result<FileDescriptor> input_file(std::string_view input) {
  if (input.size() > kMaxInputBytes) return fail(Code::kTooLarge, "input for the scanner");
  FileDescriptor file(::memfd_create("scanner-input", MFD_CLOEXEC));
  if (!file.is_open() ||
      ::write(file.number(), input.data(), input.size()) != static_cast<ssize_t>(input.size()) ||
      ::lseek(file.number(), 0, SEEK_SET) != 0)
    return fail(system_error(errno, "input for the scanner"));
  return file;
}

Result<std::string> read_output(int pipe, milliseconds time_limit) {
  const auto until = steady_clock::now() + time_limit;
  std::string output;
  std::vector<char> bytes(64U << 10U);
  for (;;) {
    int wait = -1;
    if (time_limit.count() > 0) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
      if (left.count() <= 0) return fail(Code::kTimedOut, "the scanner took too long");
      wait = static_cast<int>(left.count());
    }
    ::pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, wait);
    if (ready < 0 && errno != EINTR) return fail(system_error(errno, "reading from the scanner"));
    if (ready <= 0) continue;
    const auto length = ::read(pipe, bytes.data(), bytes.size());
    if (length == 0) return output;
    if (length < 0 && errno != EINTR)
      return fail(system_error(errno, "reading from the scanner"));
    if (length > 0) output.append(bytes.data(), static_cast<std::size_t>(length));
    if (output.size() > kMaxScannedBytes)
      return fail(Code::kTooLarge, "the scanner's answer is larger than is read");
  }
}

}  // namespace

Result<ScannerEnd> run_scanner(const ScannerCall& call) {
  if (::access(call.program.c_str(), X_OK) != 0)
    return fail(system_error(errno, "starting " + call.program));
  const auto input = input_file(call.input);
  if (!input) return fail(input.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(system_error(errno, "a pipe from the scanner"));
  const FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  std::vector<std::string> words{call.program};
  words.insert(words.end(), call.arguments.begin(), call.arguments.end());
  auto variables = environment();
  const auto argv = pointers(words);
  const auto envp = pointers(variables);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail(system_error(errno, "starting " + call.program));
  if (child == 0)
    become(call.program.c_str(), const_cast<char**>(argv.data()), const_cast<char**>(envp.data()),
           input->number(), theirs.number(), parent);
  theirs = FileDescriptor();
  auto output = read_output(ours.number(), call.time_limit);
  if (!output) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fail(system_error(errno, "waiting for the scanner"));
  if (!output) return fail(output.error());
  if (!WIFEXITED(status))
    return fail(Code::kIo, "the scanner was ended by signal " + std::to_string(WTERMSIG(status)));
  return ScannerEnd{*std::move(output), WEXITSTATUS(status)};
}

Result<std::string> scanner_program() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(system_error(error.value(), "finding this program's folder"));
  return (self.parent_path() / "assay-scanner").string();
}

}  // namespace assay::agent
