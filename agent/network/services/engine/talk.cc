#include "agent/network/services/engine/talk.h"

#include <algorithm>

namespace assay::agent::services {

using std::chrono::steady_clock;
using tls::Need;

namespace {

Last last_by(const Error& error) {
  return error.code() == Code::kUnavailable ? Last::kHungUp : Last::kGivenUp;
}

}  // namespace

Talk::Talk(std::vector<Candidate> candidates, Stream stream, const Limits& limits)
    : candidates_(std::move(candidates)), stream_(std::move(stream)), limits_(limits) {}

Result<Need> Talk::advance(int descriptor, std::string&) {
  if (!connected_) connected_ = steady_clock::now();
  if (!begun_) {
    const auto need = stream_.begin(descriptor);
    if (!need) return fail(need.error());
    patience_ = *connected_ + limits_.answer * 2;
    if (*need != Need::kNothing) return *need;
    begun_ = steady_clock::now();
    if (candidates_.empty()) return Need::kNothing;
    if (candidates_.size() == 1) pending_ = candidates_.front().dialogue->opening();
    patience_ = *begun_ + (pending_.empty() ? limits_.greeting : limits_.answer);
  }
  if (auto sent = stream_.write(descriptor, pending_); !sent) return fail(sent.error());
  for (;;) {
    std::string bytes;
    const auto more = stream_.read(descriptor, bytes, kMaxSaid);
    if (!more) {
      finish(last_by(more.error()));  // what came before the end may be enough
      if (is_won_) return Need::kNothing;
      return fail(more.error());
    }
    if (!*more) break;
    heard_ += bytes.size();
    if (heard_ > kMaxSaid) {
      finish(Last::kGivenUp);
      if (is_won_) return Need::kNothing;
      return fail(Code::kTooLarge, "the server sent more than is read");
    }
    const bool is_over = !feed(bytes);
    const bool has_asked = !pending_.empty();
    if (is_over) {
      // Best effort: a farewell that does not fit is not worth a wait.
      (void)stream_.write(descriptor, pending_);
      return Need::kNothing;
    }
    if (auto sent = stream_.write(descriptor, pending_); !sent) {
      finish(last_by(sent.error()));
      if (is_won_) return Need::kNothing;
      return fail(sent.error());
    }
    // An answer to what was just said takes a round trip and the server's time.
    patience_ = steady_clock::now() + patience_for(has_asked);
  }
  return pending_.empty() ? Need::kRead : Need::kWrite;
}

std::chrono::milliseconds Talk::patience_for(bool has_asked) const {
  if (is_met_ && candidates_.front().dialogue->is_kept_waiting()) return limits_.held_back;
  return is_met_ && !has_asked ? limits_.quiet : limits_.answer;
}

bool Talk::feed(std::string_view bytes) {
  std::vector<std::string> sends;
  std::optional<std::size_t> certain;
  std::optional<std::size_t> asking;
  for (std::size_t i = 0; i < candidates_.size();) {
    auto& candidate = candidates_[i];
    candidate.received += bytes;
    std::string send;
    const auto turn = candidate.dialogue->take(candidate.received, send);
    if (turn == Turn::kForeign) {
      candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    if (!certain && turn != Turn::kMore) {
      certain = i;
      is_won_ = turn == Turn::kDone;
    }
    if (!asking && !send.empty()) asking = i;
    sends.push_back(std::move(send));
    ++i;
  }
  const auto chosen = certain ? certain : asking;
  if (!chosen) return !candidates_.empty();
  is_met_ = certain.has_value();
  choose(*chosen);
  pending_ += sends[*chosen];
  return !is_won_;
}

void Talk::choose(std::size_t place) {
  for (std::size_t i = 0; i < candidates_.size() && !is_met_; ++i)
    if (i != place) left_over_.push_back(candidates_[i].protocol);
  auto chosen = std::move(candidates_[place]);
  candidates_.clear();
  candidates_.push_back(std::move(chosen));
}

void Talk::finish(Last last) {
  for (std::size_t i = 0; i < candidates_.size() && !is_won_; ++i) {
    auto& candidate = candidates_[i];
    if (candidate.dialogue->end(candidate.received, last) != Turn::kDone) continue;
    is_met_ = is_won_ = true;
    choose(i);
  }
}

bool Talk::ends_well_when_late() {
  finish(Last::kGivenUp);
  return is_won_;
}

std::unique_ptr<Dialogue> Talk::take_winner() {
  if (!is_won_ || candidates_.empty()) return nullptr;
  return std::move(candidates_.front().dialogue);
}

}  // namespace assay::agent::services
