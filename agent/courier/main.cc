// assay-courier: the only program of the agent that speaks to the network.
#include <absl/synchronization/mutex.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "agent/courier/channel.h"
#include "agent/courier/courier.h"
#include "agent/courier/enroll.h"
#include "agent/courier/privileges.h"
#include "agent/state/disk.h"

namespace {

using namespace assay;         // NOLINT: this file is nothing but the list of its commands
using namespace assay::agent;  // NOLINT

constexpr int kDone = 0;
constexpr int kToolError = 1;
constexpr int kUsageError = 64;

int report(const Error& error, Language language) {
  if (error.code() == Code::kUsage) {
    (void)std::fprintf(stderr, "assay-courier: %s\n", error.message().c_str());
    return kUsageError;
  }
  const auto meaning = meaning_of(error.code());
  (void)std::fprintf(stderr, "assay-courier: %s (%s)\n", error.message().c_str(),
                     meaning.in(language).c_str());
  return kToolError;
}

// An enrollment that fails says itself what is wrong; "enroll it again" would not help.
int report_plainly(const Error& error) {
  (void)std::fprintf(stderr, "assay-courier: %s\n", error.message().c_str());
  return error.code() == Code::kUsage ? kUsageError : kToolError;
}

struct Arguments {
  std::string state = "/var/lib/assay";
  std::string collector;
  std::string token;
  std::string token_file;
  std::string language;
  bool once = false;
  int control = -1;
};

// The argument is visible to every user of the machine; a file or the environment is not.
Result<EnrollmentToken> token_of(const Arguments& arguments) {
  constexpr std::size_t kMaxTokenFile = 1024;
  if (!arguments.token.empty()) return enrollment_token_from(arguments.token);
  if (!arguments.token_file.empty()) {
    const auto text = read_state_file(arguments.token_file, kMaxTokenFile);
    if (!text) return fail(text.error());
    return enrollment_token_from(*text);
  }
  if (const char* variable = std::getenv("ASSAY_TOKEN")) return enrollment_token_from(variable);
  return fail(Code::kUsage, "a token is needed: --token-file FILE, ASSAY_TOKEN or --token TOKEN");
}

// The folders, then the rights: after that this process is nobody in particular.
Result<PrivilegeReport> settle_down(const StateFolder& state) {
  if (auto ready = state.prepare(); !ready) return fail(ready.error());
  return drop_privileges(state);
}

int run_enroll(const Arguments& arguments) {
  const auto language = language_from(arguments.language);
  const StateFolder state(arguments.state);
  const auto token = token_of(arguments);
  if (!token) return report(token.error(), language);
  if (const auto rights = settle_down(state); !rights) return report(rights.error(), language);
  const auto identity = enroll(state, arguments.collector, *token);
  if (!identity) return report_plainly(identity.error());
  (void)std::printf("%s\n", identity->host_id.c_str());
  return kDone;
}

int stop_descriptor() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int run_run(const Arguments& arguments) {
  const auto language = language_from(arguments.language);
  const StateFolder state(arguments.state);
  const auto rights = settle_down(state);
  if (!rights) return report(rights.error(), language);
  CourierOptions options{.state = state,
                         .collector = arguments.collector,
                         .control = arguments.control,
                         .user = rights->user,
                         .warning = rights->warning};
  if (arguments.once) {
    const auto done = upload_once(options);
    return done ? kDone : report(done.error(), language);
  }
  // Changing the user has undone what the agent's process asked for.
  if (options.control >= 0) (void)::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  options.stop = stop_descriptor();
  Courier(std::move(options)).run();
  return kDone;
}

}  // namespace

int main(int argc, char** argv) {
  const rlimit no_core{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &no_core);  // a core file would hold the key
  // A collector that hangs up in mid-handshake is an error to report, not the end of us.
  (void)::signal(SIGPIPE, SIG_IGN);
  // What gRPC would print of a failed connection is said in words, once, by us.
  (void)::setenv("GRPC_VERBOSITY", "NONE", 0);
  // Abseil as Debian builds it keeps a graph of all locks and looks for a cycle at each.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  CLI::App app("assay-courier: carries the agent's evidence to the collector");
  app.require_subcommand(1);
  Arguments arguments;
  int code = kDone;

  auto* enroll_command = app.add_subcommand("enroll", "get a certificate from the collector");
  enroll_command->add_option("--collector", arguments.collector, "HOST:PORT")->required();
  enroll_command->add_option("--token", arguments.token, "visible to other users; prefer a file");
  enroll_command->add_option("--token-file", arguments.token_file, "a file that holds the token");
  enroll_command->callback([&] { code = run_enroll(arguments); });

  auto* run_command = app.add_subcommand("run", "upload the spool and attend");
  run_command->add_option("--collector", arguments.collector, "instead of the enrolled one");
  run_command->add_option("--control-fd", arguments.control, "the socket to assay-agent");
  run_command->add_flag("--once", arguments.once, "upload what waits, then end");
  run_command->callback([&] { code = run_run(arguments); });

  for (auto* command : {enroll_command, run_command}) {
    command->add_option("--state", arguments.state, "the agent's state folder");
    command->add_option("--lang", arguments.language, "en or zh-TW; default: LANG");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsageError;
  }
  return code;
}
