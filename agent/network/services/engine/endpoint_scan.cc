#include "agent/network/services/engine/endpoint_scan.h"

#include <algorithm>
#include <utility>

namespace assay::agent::services {

using tls::Ending;

namespace {

// How long an answer in clear waits for the question whether TLS is spoken.
constexpr auto kTlsFirst = std::chrono::milliseconds(400);
// Before a server that turned everybody away is asked again, and by how many at a time.
constexpr auto kPause = std::chrono::milliseconds(1'500);
constexpr std::size_t kWidthOfSecondTime = 2;

}  // namespace

EndpointScan::EndpointScan(Endpoint endpoint, tls::Addresses addresses, tls::Addresses own,
                           const Options& options, const Limits& limits, Time now, Time latest)
    : endpoint_(std::move(endpoint)),
      addresses_(std::move(addresses)),
      own_(std::move(own)),
      options_(options),
      limits_(limits),
      budget_(now + limits.endpoint, latest),
      width_(limits.connections_per_host) {
  begin_layer();
}

const tls::SocketAddress* EndpointScan::source() const {
  if (!endpoint_.is_as_neighbour || !address().is_loopback()) return nullptr;
  const auto of_family = std::ranges::find_if(own_, [&](const tls::SocketAddress& one) {
    return one.storage.ss_family == address().storage.ss_family;
  });
  return of_family == own_.end() ? nullptr : &*of_family;
}

Setting EndpointScan::setting() const {
  return {is_in_tls_, endpoint_.host, options_};
}

void EndpointScan::begin_layer() {
  ++round_;
  running_ = 0;
  has_listener_ = is_listening_ = listener_heard_ = false;
  connected_.reset();
  queue_.clear();
  const auto is_usual = [&](const Protocol& protocol) {
    return std::ranges::find(protocol.usual_ports, endpoint_.port) != protocol.usual_ports.end();
  };
  for (const bool usual : {true, false})
    for (const auto& protocol : protocols())
      if (protocol.begins == Begins::kClient && is_usual(protocol) == usual)
        queue_.push_back(&protocol);
}

bool EndpointScan::may_probe(Time now) const {
  if (!has_listener_ || waiting_) return false;
  if (!is_listening_) return true;
  return connected_ && !listener_heard_ && now >= *connected_ + limits_.grace;
}

bool EndpointScan::wants_to_ask(Time now) const {
  if (is_over_ || now < not_before_ || running_ >= static_cast<int>(width_)) return false;
  if (is_following_) return next_ != nullptr;
  if (!has_listener_) return true;
  return may_probe(now) && ((!is_in_tls_ && !is_tls_asked_) || !queue_.empty());
}

EndpointScan::Attempt EndpointScan::begin(std::vector<Talk::Candidate> candidates, bool is_tls,
                                          Kind kind, Time now) const {
  const auto name = tls::is_address(endpoint_.host) ? std::string() : endpoint_.host;
  auto talk = std::make_unique<Talk>(std::move(candidates), Stream(is_tls, name), limits_);
  Attempt attempt;
  attempt.talk = talk.get();
  attempt.kind = kind;
  attempt.begun = now;
  attempt.round = round_;
  attempt.connection = std::make_unique<tls::Connection>(
      address(), nullptr, std::move(talk), std::min(now + limits_.connection, budget_.end()),
      source());
  return attempt;
}

std::optional<EndpointScan::Attempt> EndpointScan::ask(Time now) {
  if (!wants_to_ask(now)) return std::nullopt;
  ++running_;
  std::vector<Talk::Candidate> candidates;
  if (is_following_) {
    candidates.push_back({nullptr, std::move(next_), {}});
    return begin(std::move(candidates), is_in_tls_, Kind::kFollowUp, now);
  }
  if (!has_listener_) {
    has_listener_ = is_listening_ = true;
    for (const auto& protocol : protocols())
      if (protocol.begins == Begins::kServer)
        candidates.push_back({&protocol, protocol.make(setting()), {}});
    return begin(std::move(candidates), is_in_tls_, Kind::kListener, now);
  }
  if (!is_in_tls_ && !is_tls_asked_) {
    is_tls_asked_ = is_tls_running_ = true;
    return begin({}, true, Kind::kTls, now);
  }
  const auto* protocol = queue_.front();
  queue_.pop_front();
  candidates.push_back({protocol, protocol->make(setting()), {}});
  return begin(std::move(candidates), is_in_tls_, Kind::kProbe, now);
}

void EndpointScan::noticed(const Attempt& attempt) {
  if (!is_wanted(attempt) || attempt.kind != Kind::kListener) return;
  connected_ = attempt.talk->begun();
  listener_heard_ = attempt.talk->has_heard();
}

void EndpointScan::answered(const Attempt& attempt, Time now) {
  if (!is_wanted(attempt) || is_over_) return;
  --running_;
  if (attempt.talk->heard_anything()) heard_anything_ = true;
  auto& talk = *attempt.talk;
  if (attempt.kind == Kind::kTls) {
    is_tls_running_ = false;
    tls_ended(attempt);
  } else if (attempt.connection->ending() == Ending::kAnswered) {
    if (auto winner = talk.take_winner()) return win(std::move(winner), attempt.kind, now);
  }
  if (!is_over_ && is_following_) return follow_up_failed(attempt);
  if (!is_over_ && attempt.kind == Kind::kListener) listener_ended(attempt);
  is_refused_ = is_refused_ || (connected_ && attempt.connection->ending() == Ending::kRefused);
  for (const auto* protocol : talk.left_over()) queue_.push_front(protocol);
  finish_if_nothing_is_left(now);
}

void EndpointScan::listener_ended(const Attempt& attempt) {
  is_listening_ = false;
  const auto ending = attempt.connection->ending();
  const bool never_connected = !attempt.talk->is_connected();
  hangs_up_ = ending == Ending::kClosed;
  if (!never_connected && ending != Ending::kFailed) return;
  // Somebody listens, as the first time has shown.
  if (has_come_again_ && !is_in_tls_)
    return finish("unrecognised", "it turned connections away, and again after a pause");
  if (!is_in_tls_ && address_ + 1 < addresses_.size()) {
    ++address_;
    has_listener_ = false;
    return;
  }
  if (is_in_tls_) return;
  finish(ending == Ending::kAnswered ? "failed" : std::string(tls::name_of(ending)),
         attempt.connection->detail());
}

void EndpointScan::tls_ended(const Attempt& attempt) {
  if (attempt.talk->begun()) {
    waiting_.reset();
    waits_until_ = Time::max();
    is_in_tls_ = true;
    begin_layer();
    return;
  }
  if (attempt.talk->spoke_tls()) {
    waiting_.reset();
    is_in_tls_ = true;
    return finish("unrecognised", "TLS is spoken; " + attempt.connection->detail());
  }
  if (waiting_) follow(std::exchange(waiting_, nullptr));
}

void EndpointScan::win(std::unique_ptr<Dialogue> dialogue, Kind kind, Time now) {
  // A server of TLS may say in clear that it wants TLS.
  if (kind == Kind::kProbe && !is_in_tls_ && is_tls_running_) {
    if (waiting_) return;
    waiting_ = std::move(dialogue);
    waits_until_ = now + kTlsFirst;
    return;
  }
  follow(std::move(dialogue));
}

void EndpointScan::follow(std::unique_ptr<Dialogue> dialogue) {
  ++round_;
  running_ = 0;
  is_following_ = true;
  // What it asks next is not known until it is answered: the facts are taken behind that.
  next_ = dialogue->follow_up();
  facts_ = dialogue->facts;
  has_failed_ = false;
  asking_ = std::move(dialogue);
  if (!next_) finish("ok", {});
}

// One that came to nothing is tried once more. Then what it would have told stays unknown.
void EndpointScan::follow_up_failed(const Attempt& attempt) {
  if (!has_failed_) {
    has_failed_ = true;
    next_ = asking_->follow_up();
    return;
  }
  finish("ok", "not all was found out: " + attempt.connection->detail());
}

bool EndpointScan::comes_again(Time now) {
  const bool is_turned_away = is_refused_ || (hangs_up_ && !heard_anything_);
  if (!is_turned_away || is_in_tls_ || std::exchange(has_come_again_, true)) return false;
  begin_layer();
  is_tls_asked_ = false;
  width_ = std::min(width_, kWidthOfSecondTime);
  not_before_ = now + kPause;
  return true;
}

void EndpointScan::finish_if_nothing_is_left(Time now) {
  if (is_over_ || running_ > 0 || is_following_) return;
  if (!has_listener_ || waiting_ || !queue_.empty() || (!is_in_tls_ && !is_tls_asked_)) return;
  if (comes_again(now)) return;
  if (heard_anything_)
    return finish("unrecognised", "what it answers is of no protocol that is known");
  finish("unrecognised", hangs_up_ ? "it takes connections and hangs up without a word, as rsh "
                                     "does to whoever comes from a port above 1023"
                                   : "it takes connections and says nothing");
}

void EndpointScan::pass(Time now) {
  if (is_over_) return;
  if (now >= waits_until_ && waiting_) {
    waits_until_ = Time::max();
    follow(std::exchange(waiting_, nullptr));
  }
  if (is_over_ || now < budget_.end()) return;
  if (is_following_) return finish("ok", "the time was up before all was asked");
  if (!connected_ && !is_in_tls_ && !heard_anything_)
    return finish("timed_out", "while connecting");
  finish("unrecognised", "the time was up before all was asked");
}

EndpointScan::Time EndpointScan::next_moment(Time now) const {
  auto until = std::min(budget_.end(), waits_until_);
  if (now < not_before_) until = std::min(until, not_before_);
  if (is_listening_ && connected_ && now < *connected_ + limits_.grace)
    until = std::min(until, *connected_ + limits_.grace);
  return until;
}

void EndpointScan::finish(std::string status, std::string detail) {
  is_over_ = true;
  status_ = std::move(status);
  detail_ = std::move(detail);
}

EndpointResult EndpointScan::result() && {
  auto address = addresses_[address_].text();
  if (detail_.empty()) detail_ = facts_.detail;
  return {std::move(endpoint_), std::move(address), std::move(status_),
          std::move(detail_),   is_in_tls_,         std::move(facts_)};
}

}  // namespace assay::agent::services
