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
bool ends_within(pid_t child, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kStep{5};
  for (auto left = patience; left.count() > 0; left -= kStep) {
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) != 0)
      return true;
    if (ended.si_pid == child) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

std::chrono::microseconds in_time(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

Result<ScannerEnd> run_scanner(const ScannerCall& call) {
  const auto input = input_file(call.input);
  if (!input) return fail(input.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(system_error(errno, "a pipe from the scanner"));
  const FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  const auto child = start_child(
      {.program = call.program,
       .arguments = call.arguments,
       // Only what looking at the network has a use for.
       .environment = variables({"PATH", "LANG", "LC_ALL", "LC_MESSAGES", "TZ"}),
       .descriptors = {{input->number(), STDIN_FILENO}, {theirs.number(), STDOUT_FILENO}}});
  if (!child) return fail(child.error());
  theirs = FileDescriptor();
  auto output = read_to_end(ours.number(), {.bytes = kMaxScannedBytes, .time = call.time_limit, .must_end = call.must_end},
                            {.reading = "reading from the scanner",
                             .too_slow = "the scanner took too long",
                             .too_much = "the scanner's answer is larger than is read"});
  // One that has closed its output and stays is not waited for either.
  if (!output || (call.time_limit.count() > 0 && !ends_within(*child, kPatience)))
    ::kill(*child, SIGKILL);
  int status = 0;
  rusage usage{};
  while (::wait4(*child, &status, 0, &usage) < 0)
    if (errno != EINTR) return fail(system_error(errno, "waiting for the scanner"));
  if (!output) return fail(output.error());
  if (!WIFEXITED(status))
    return fail(Code::kIo, "the scanner was ended by signal " + std::to_string(WTERMSIG(status)));
  return ScannerEnd{*std::move(output), WEXITSTATUS(status), in_time(usage.ru_utime) + in_time(usage.ru_stime),
                    static_cast<std::uint64_t>(usage.ru_maxrss) << 10U};
}

Result<std::string> scanner_program() {
  return program_beside_this("assay-scanner");
}

}  // namespace assay::agent
