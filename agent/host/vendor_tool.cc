#include "agent/host/vendor_tool.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>

#include "agent/child/child_output.h"
#include "agent/host/file_descriptor.h"

namespace assay::agent {
namespace {

using std::chrono::milliseconds;

std::string running(const VendorTool& tool) {
  return "running " + tool.program;
}

bool is_roots_alone(const struct ::stat& status) {
  const bool is_sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  return status.st_uid == 0 &&
         (S_ISLNK(status.st_mode) || is_sticky_folder || (status.st_mode & 022U) == 0);
}

Result<std::string> target_of(const std::string& link, const VendorTool& tool) {
  std::string target(PATH_MAX, '\0');
  const auto length = ::readlink(link.c_str(), target.data(), target.size());
  if (length < 0) return fail(system_error(errno, running(tool)));
  target.resize(static_cast<std::size_t>(length));
  return target;
}

// The file that the program's path leads to. The agent is root: what another account can write,
// another account could make it do. So could whoever may write one of the folders on the way, or
// owns a link there, by putting another program in the place of this one.
Result<std::string> trusted_program(const VendorTool& tool) {
  constexpr int kMaxLinks = 40;  // as the kernel follows
  std::string left = tool.program;
  std::string path;  // what is before `left`, without links
  for (int links = 0; links <= kMaxLinks;) {
    struct ::stat status{};
    if (::lstat(path.empty() ? "/" : path.c_str(), &status) != 0)
      return fail(system_error(errno, running(tool)));
    if (!is_roots_alone(status))
      return fail(Code::kRefused,
                  running(tool) + ": others than root may change " + (path.empty() ? "/" : path));
    if (S_ISLNK(status.st_mode)) {
      auto target = target_of(path, tool);
      if (!target) return target;
      left = *std::move(target) + left;
      path = left.starts_with('/') ? std::string() : path.substr(0, path.rfind('/'));
      ++links;
    } else if (S_ISREG(status.st_mode) && left.empty()) {
      return path;
    } else if (!S_ISDIR(status.st_mode)) {
      return fail(Code::kRefused, running(tool) + ": " + path + " is no program");
    }
    const auto name_at = left.find_first_not_of('/');
    if (name_at == std::string::npos)
      return fail(Code::kRefused, running(tool) + ": " + path + " is no program");
    const auto name_end = std::min(left.find('/', name_at), left.size());
    const auto name = left.substr(name_at, name_end - name_at);
    left.erase(0, name_end);
    if (name == "..")
      path.resize(std::min(path.size(), path.rfind('/')));
    else if (name != ".")
      path += "/" + name;
  }
  return fail(Code::kRefused, running(tool) + ": its path leads through too many links");
}

[[noreturn]] void become(const VendorTool& tool, const std::string& file, int output) {
  std::vector<char*> arguments;
  std::string program = tool.program;
  auto copies = tool.arguments;
  arguments.push_back(program.data());
  for (auto& argument : copies) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  char* no_environment[] = {nullptr};
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(null, 2) < 0 ||
      ::chdir("/") != 0 || ::setpgid(0, 0) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    ::_exit(127);
  ::execve(file.c_str(), arguments.data(), no_environment);
  ::_exit(127);
}

// Ends what may be left of the tool's process group, and gives its exit status.
int end_of(::pid_t tool) {
  ::kill(-tool, SIGKILL);
  ::kill(tool, SIGKILL);  // in case it had not yet made a group of its own
  int status = 0;
  while (::waitpid(tool, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Gives a tool that has closed its output a moment to exit by itself.
int wait_for(::pid_t tool) {
  constexpr int kTries = 50;
  for (int i = 0; i < kTries; ++i) {
    int status = 0;
    const auto ended = ::waitpid(tool, &status, WNOHANG);
    if (ended == tool) {
      ::kill(-tool, SIGKILL);  // what it left behind
      return status;
    }
    ::poll(nullptr, 0, 2);
  }
  return end_of(tool);
}

}  // namespace

Result<std::string> run_vendor_tool(const VendorTool& tool) {
  const auto file = trusted_program(tool);
  if (!file) return file;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(system_error(errno, running(tool)));
  const FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  const auto child = ::fork();
  if (child < 0) return fail(system_error(errno, running(tool)));
  if (child == 0) become(tool, *file, theirs.number());
  theirs = FileDescriptor();
  auto output = read_to_end(
      ours.number(), {.bytes = kMaxToolOutputBytes, .time = tool.time_limit},
      {.reading = running(tool),
       .too_slow = running(tool) + ": more than " + std::to_string(tool.time_limit.count()) + " ms",
       .too_much = running(tool) + ": it printed more than is read"});
  const int status = output ? wait_for(child) : end_of(child);
  if (!output) return output;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(Code::kIo, running(tool) + ": it failed");
  return output;
}

std::span<const VendorTool> vendor_tools() {
  static const std::vector<VendorTool> kTools = {
      {.program = "/opt/CrowdStrike/falconctl",
       .arguments = {"-g", "--rfm-state"},
       .time_limit = milliseconds(2000),
       .why = {"Whether CrowdStrike's sensor works in full on this kernel.",
               "CrowdStrike 感測器在此核心上是否完整運作。"}},
      {.program = "/opt/CrowdStrike/falconctl",
       .arguments = {"-g", "--version"},
       .time_limit = milliseconds(2000),
       .why = {"The version of CrowdStrike's sensor.", "CrowdStrike 感測器的版本。"}},
      {.program = "/opt/Symantec/symantec_antivirus/sav",
       .arguments = {"info", "--autoprotect"},
       .time_limit = milliseconds(2000),
       .why = {"Whether Symantec's Auto-Protect is on.", "Symantec 自動防護是否啟用。"}},
      {.program = "/opt/bitdefender-security-tools/bin/bduitool",
       .arguments = {"get", "ps"},
       .time_limit = milliseconds(2000),
       .why = {"State, version and content of Bitdefender.", "Bitdefender 的狀態、版本與病毒碼。"}},
      {.program = "/opt/ds_agent/dsa_query",
       .arguments = {"-c", "GetAgentStatus"},
       .time_limit = milliseconds(2000),
       .why = {"The manager of Trend Micro Deep Security.",
               "Trend Micro Deep Security 的管理伺服器。"}},
      {.program = "/opt/ds_agent/dsa_query",
       .arguments = {"-c", "GetComponentInfo"},
       .time_limit = milliseconds(2000),
       .why = {"State and patterns of Trend Micro Deep Security.",
               "Trend Micro Deep Security 的狀態與病毒碼。"}},
      {.program = "/opt/eset/eea/bin/upd",
       .arguments = {"--list-modules"},
       .time_limit = milliseconds(2000),
       .why = {"The detection engine of ESET.", "ESET 偵測引擎的版本與日期。"}},
      {.program = "/opt/eset/efs/bin/upd",
       .arguments = {"--list-modules"},
       .time_limit = milliseconds(2000),
       .why = {"The detection engine of ESET.", "ESET 偵測引擎的版本與日期。"}},
      {.program = "/opt/kaspersky/kesl/bin/kesl-control",
       .arguments = {"--app-info"},
       .time_limit = milliseconds(3000),
       .why = {"State, version and databases of Kaspersky.", "Kaspersky 的狀態、版本與病毒碼。"}},
      {.program = "/opt/sentinelone/bin/sentinelctl",
       .arguments = {"control", "status"},
       .time_limit = milliseconds(2000),
       .why = {"Whether SentinelOne's agent is on.", "SentinelOne 代理程式是否啟用。"}},
      {.program = "/opt/sentinelone/bin/sentinelctl",
       .arguments = {"management", "status"},
       .time_limit = milliseconds(2000),
       .why = {"The server of SentinelOne's agent.", "SentinelOne 的管理伺服器。"}},
      {.program = "/opt/sentinelone/bin/sentinelctl",
       .arguments = {"version"},
       .time_limit = milliseconds(2000),
       .why = {"Versions of SentinelOne's agent and library.",
               "SentinelOne 代理程式與程式庫的版本。"}},
      {.program = "/opt/sophos-av/bin/savdstatus",
       .arguments = {"--version"},
       .time_limit = milliseconds(2000),
       .why = {"Versions of Sophos Anti-Virus and its threat data.",
               "Sophos Anti-Virus 與病毒碼的版本。"}},
      {.program = "/opt/traps/bin/cytool",
       .arguments = {"info", "query"},
       .time_limit = milliseconds(2000),
       .why = {"The content version of Cortex XDR.", "Cortex XDR 的內容版本。"}},
      {.program = "/usr/bin/mdatp",
       .arguments = {"health", "--output", "json"},
       .time_limit = milliseconds(3000),
       .why = {"State, version and definitions of Microsoft Defender.",
               "Microsoft Defender 的狀態、版本與病毒碼。"}},
      {.program = "/usr/bin/mdatp",
       .arguments = {"scan", "list", "--output", "json"},
       .time_limit = milliseconds(3000),
       .why = {"When Microsoft Defender last scanned all files.",
               "Microsoft Defender 上次完整掃描的時間。"}},
  };
  return kTools;
}

}  // namespace assay::agent
