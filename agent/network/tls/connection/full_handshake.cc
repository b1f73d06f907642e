#include "agent/network/tls/connection/full_handshake.h"

#include "agent/network/tls/wire/answer.h"

namespace assay::agent::tls {

namespace {

using std::chrono::steady_clock;

constexpr auto kLeastPatience = std::chrono::milliseconds(10);

}  // namespace

Result<Need> FullHandshake::advance(int descriptor, std::string& received) {
  if (!begin_) begin_ = steady_clock::now();
  const bool was_finished = facts().is_finished;
  auto need = take(descriptor, received);
  // What comes behind the handshake, or does not, changes nothing of what is known.
  if (!need && facts().is_finished) return Need::kNothing;
  if (!need || !facts().is_finished || was_finished) return need;
  const auto now = steady_clock::now();
  patience_ = now + std::max<steady_clock::duration>(now - *begin_, kLeastPatience);
  return need;
}

Result<Need> FullHandshake::take(int descriptor, std::string& received) {
  auto& pending = handshake_.pending();
  if (auto sent = write_some(descriptor, pending); !sent) return fail(sent.error());
  if (!pending.empty()) return Need::kWrite;
  if (auto more = read_some(descriptor, received, kMaxAnswerBytes); !more)
    return fail(more.error());
  if (auto taken = handshake_.take(received); !taken) return fail(taken.error());
  if (auto sent = write_some(descriptor, pending); !sent) return fail(sent.error());
  if (!pending.empty()) return Need::kWrite;
  const bool is_enough =
      facts().is_finished && (!waits_for_tickets_ || facts().tickets > 0 || facts().has_data);
  return is_enough ? Need::kNothing : Need::kRead;
}

}  // namespace assay::agent::tls
