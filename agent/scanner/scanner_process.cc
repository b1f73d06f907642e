#include "agent/scanner/scanner_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

#include "agent/child/child_output.h"
#include "agent/child/child_program.h"
#include "agent/host/file_descriptor.h"
#include "agent/scanner/scanned_tables.h"

namespace assay::agent {

namespace {

// Between the end of its output and its own.
constexpr std::chrono::milliseconds kPatience{2'000};

// A file without a name: a pipe would have to be fed while the output is read.
Result<FileDescriptor> input_file(std::string_view input) {
  if (input.size() > kMaxScannerInputBytes) return fail(Code::kTooLarge, "input for the scanner");
  FileDescriptor file(::memfd_create("scanner-input", MFD_CLOEXEC));
  if (!file.is_open() ||
      ::write(file.number(), input.data(), input.size()) != static_cast<ssize_t>(input.size()) ||
      ::lseek(file.number(), 0, SEEK_SET) != 0)
    return fail(system_error(errno, "input for the scanner"));
  return file;
}

// Without taking its status.
bool is_over(pid_t child) {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         ended.si_pid == child;
}

bool ends_within(pid_t child, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kStep{5};
  for (auto left = patience; left.count() > 0; left -= kStep) {
    if (is_over(child)) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

std::chrono::microseconds in_time(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

Result<RunningScanner> RunningScanner::start(const ScannerCall& call) {
  const auto input = input_file(call.input);
  if (!input) return fail(input.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(system_error(errno, "a pipe from the scanner"));
  FileDescriptor ours(ends[0]);
  const FileDescriptor theirs(ends[1]);
  const auto child = start_child(
      {.program = call.program,
       .arguments = call.arguments,
       // Only what looking at the network has a use for.
       .environment = variables({"PATH", "LANG", "LC_ALL", "LC_MESSAGES", "TZ"}),
       .descriptors = {{input->number(), STDIN_FILENO}, {theirs.number(), STDOUT_FILENO}}});
  if (!child) return fail(child.error());
  return RunningScanner(*child, std::move(ours));
}

RunningScanner& RunningScanner::operator=(RunningScanner&& other) noexcept {
  std::swap(child_, other.child_);
  std::swap(output_, other.output_);
  return *this;
}

RunningScanner::~RunningScanner() {
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool RunningScanner::has_ended() const {
  return is_over(child_);
}

void RunningScanner::ask_to_end() const {
  ::kill(child_, SIGTERM);
}

Result<ScannerEnd> RunningScanner::finish(std::chrono::milliseconds time_limit,
                                          const std::function<bool()>& must_end) && {
  const pid_t child = std::exchange(child_, -1);
  auto output = read_to_end(output_.number(),
                            {.bytes = kMaxScannedBytes, .time = time_limit, .must_end = must_end},
                            {.reading = "reading from the scanner",
                             .too_slow = "the scanner took too long",
                             .too_much = "the scanner's answer is larger than is read"});
  // One that has closed its output and stays is not waited for either.
  if (!output || (time_limit.count() > 0 && !ends_within(child, kPatience))) ::kill(child, SIGKILL);
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0)
    if (errno != EINTR) return fail(system_error(errno, "waiting for the scanner"));
  if (!output) return fail(output.error());
  if (!WIFEXITED(status))
    return fail(Code::kIo, "the scanner was ended by signal " + std::to_string(WTERMSIG(status)));
  return ScannerEnd{.output = *std::move(output),
                    .code = WEXITSTATUS(status),
                    .cpu = in_time(usage.ru_utime) + in_time(usage.ru_stime),
                    .peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) << 10U};
}

Result<ScannerEnd> run_scanner(const ScannerCall& call) {
  auto running = RunningScanner::start(call);
  if (!running) return fail(running.error());
  return std::move(*running).finish(call.time_limit, call.must_end);
}

Result<std::string> scanner_program() {
  return program_beside_this("assay-scanner");
}

}  // namespace assay::agent
