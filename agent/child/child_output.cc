#include "agent/child/child_output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace assay::agent {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Result<std::string> read_to_end(int pipe, const OutputLimits& limits, const OutputWords& words) {
  const auto until = steady_clock::now() + limits.time;
  std::string output;
  std::vector<char> bytes(64U << 10U);
  for (;;) {
    int wait = -1;
    if (limits.time.count() > 0) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
      if (left.count() <= 0) return fail(Code::kTimedOut, words.too_slow);
      wait = static_cast<int>(left.count());
    }
    if (limits.must_end) {
      if (limits.must_end()) return fail(Code::kUnavailable, words.reading + ": asked to end");
      constexpr int kLook = 250;
      wait = wait < 0 ? kLook : std::min(wait, kLook);
    }
    ::pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, wait);
    if (ready < 0 && errno != EINTR) return fail(system_error(errno, words.reading));
    if (ready <= 0) continue;
    const auto length = ::read(pipe, bytes.data(), bytes.size());
    if (length == 0) return output;
    if (length < 0 && errno != EINTR) return fail(system_error(errno, words.reading));
    if (length > 0) output.append(bytes.data(), static_cast<std::size_t>(length));
    if (output.size() > limits.bytes) return fail(Code::kTooLarge, words.too_much);
  }
}

}  // namespace assay::agent
