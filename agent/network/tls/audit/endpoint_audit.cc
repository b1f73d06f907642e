#include "agent/network/tls/audit/endpoint_audit.h"

#include <algorithm>

namespace assay::agent::tls {

namespace {

// So often the same thing, with nothing in TLS beside it, and there is no more to learn.
constexpr std::size_t kOftenEnough = 3;
// Before a server that has turned us away is asked again.
constexpr std::array kPauses{std::chrono::milliseconds(250), std::chrono::milliseconds(500),
                             std::chrono::milliseconds(1'000), std::chrono::milliseconds(2'000),
                             std::chrono::milliseconds(3'000)};
// Between two connections to one that has room for no more than one of ours.
constexpr auto kMostSpacing = std::chrono::milliseconds(400);
// Of a server that refuses by closing: so many questions before what is answered is asked again.
constexpr std::size_t kMostUnconfirmed = 12;
// For a server to see that the connections of before are gone.
constexpr auto kBreath = std::chrono::milliseconds(100);

}  // namespace

EndpointAudit::EndpointAudit(Target target, Addresses addresses, const AuditLimits& limits,
                             Time now, Time latest)
    : target_(std::move(target)),
      addresses_(std::move(addresses)),
      limits_(limits),
      budget_(now + limits.endpoint, latest),
      width_(limits.connections_per_host) {
  subject_.findings = &findings_;
  if (target_.is_automatic) recognition_.emplace(limits_);
  if (!is_address(target_.host)) subject_.server_name = target_.host;
  // What most servers speak first, so that it is soon known whether this one speaks TLS at all.
  for (const auto protocol :
       {Protocol::kTls12, Protocol::kTls13, Protocol::kTls10, Protocol::kTls11, Protocol::kSsl3})
    add(suites_inquiry(subject_, protocol), protocol);
  add(ssl2_inquiry(subject_), Protocol::kSsl2);
}

void EndpointAudit::add(std::unique_ptr<Inquiry> inquiry, std::optional<Protocol> protocol) {
  lines_.push_back({std::move(inquiry), protocol});
}

bool EndpointAudit::is_known(Protocol protocol) const {
  return std::ranges::any_of(
      lines_, [&](const Line& line) { return line.protocol == protocol && line.is_over; });
}

void EndpointAudit::add_what_follows() {
  if (findings_.offers(Protocol::kTls13) && !std::exchange(has_handshake_, true))
    add(handshake_inquiry(subject_));
  if (is_known(Protocol::kTls13) && findings_.offers(Protocol::kTls13) &&
      !std::exchange(has_tls13_, true)) {
    add(groups_inquiry(subject_, Protocol::kTls13));
    add(signatures_tls13_inquiry(subject_));
  }
  const bool knows_tls12 =
      std::ranges::all_of(std::array{Protocol::kTls10, Protocol::kTls11, Protocol::kTls12},
                          [this](Protocol protocol) { return is_known(protocol); });
  if (!knows_tls12) return;
  const auto best = findings_.highest(Protocol::kTls10, Protocol::kTls12);
  if (best && !std::exchange(has_tls12_, true)) {
    add(extensions_inquiry(subject_, *best));
    add(groups_inquiry(subject_, *best));
    if (best == Protocol::kTls12) add(signatures_inquiry(subject_));
  }
  const bool knows_all =
      std::ranges::all_of(kAllProtocols, [this](Protocol protocol) { return is_known(protocol); });
  if (!knows_all || std::exchange(has_fallback_, true)) return;
  const auto top = findings_.highest(Protocol::kSsl3, Protocol::kTls13);
  if (!top || *top == Protocol::kSsl3) return;
  const auto below = static_cast<Protocol>(static_cast<int>(*top) - 1);
  if (const auto lower = findings_.highest(Protocol::kSsl3, below))
    add(fallback_inquiry(subject_, *lower));
}

bool EndpointAudit::has_room() const {
  return !is_over_ && !is_alone_ && running_ < width_;
}

bool EndpointAudit::may_ask(const Line& line) {
  return !line.is_asking && !line.is_over && line.check == Check::kNone;
}

EndpointAudit::Time EndpointAudit::moment() const {
  return spacing_.count() > 0 ? std::max(not_before_, last_ended_ + spacing_) : not_before_;
}

EndpointAudit::Time EndpointAudit::moment_of(const Line& line) const {
  return line.check == Check::kAlone ? std::max(moment(), last_ended_ + kBreath) : moment();
}

bool EndpointAudit::may_check(const Line& line, Time now) const {
  return !line.is_asking && !line.is_over && line.check != Check::kNone && now >= moment_of(line);
}

bool EndpointAudit::wants_to_ask(Time now) const {
  if (!has_room() || now < moment()) return false;
  if (recognition_) return recognition_->has_question();
  return std::ranges::any_of(lines_, [&](const Line& line) {
    return may_ask(line) || (running_ == 0 && may_check(line, now));
  });
}

EndpointAudit::Time EndpointAudit::next_moment(Time now) const {
  auto next = Time::max();
  for (const auto& line : lines_)
    if (!line.is_over && !line.is_asking && moment_of(line) > now)
      next = std::min(next, moment_of(line));
  return next;
}

std::optional<EndpointAudit::Asked> EndpointAudit::ask(Time now) {
  if (!has_room() || now < moment()) return std::nullopt;
  if (recognition_)
    return recognition_->has_question() ? std::optional(ask_what_is_spoken(now)) : std::nullopt;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!may_ask(lines_[i])) continue;
    auto conversation = lines_[i].inquiry->next();
    if (conversation) return begin(i, std::move(conversation), now);
    lines_[i].is_over = true;
    add_what_follows();
  }
  if (running_ > 0) return std::nullopt;
  // Nobody else has a question, so this stands in nobody's way.
  bool has_moved = false;
  for (std::size_t i = 0; i < lines_.size() && !is_over_; ++i) {
    if (!may_check(lines_[i], now)) continue;
    if (auto asked = check(i, now)) return asked;
    has_moved = true;
  }
  if (has_moved) return ask(now);
  if (!std::ranges::all_of(lines_, &Line::is_over)) return std::nullopt;
  if (unconfirmed_ > 0) return control(0, now);
  finish({}, {});
  return std::nullopt;
}

std::optional<EndpointAudit::Asked> EndpointAudit::begin(std::size_t place,
                                                         std::unique_ptr<Conversation> conversation,
                                                         Time now) {
  if (connections_ == limits_.connections) {
    finish("too_large", "it accepts more than is asked for");
    return std::nullopt;
  }
  auto dialogue = target_.start_tls.empty() ? nullptr : start_tls(target_.start_tls);
  auto patience = limits_.connection;
  if (dialogue) patience += limits_.dialogue;
  for (auto& line : lines_) line.has_company = line.has_company || line.is_asking;
  auto& line = lines_[place];
  line.has_company = running_ > 0 || now < last_ended_ + kBreath;
  line.is_asking = true;
  ++line.tries;
  ++running_;
  ++connections_;
  return Asked{std::make_unique<Connection>(addresses_[address_], std::move(dialogue),
                                            std::move(conversation),
                                            std::min(budget_.end(), now + patience)),
               place, address_};
}

std::optional<EndpointAudit::Asked> EndpointAudit::check(std::size_t place, Time now) {
  auto& line = lines_[place];
  const bool is_control = line.check == Check::kControl;
  // Nothing has been answered yet: who knows whether anything would be.
  if (line.hung_up && !known_) {
    take_control(line, Ending::kClosed, now);
    return std::nullopt;
  }
  if (is_control) return control(place, now);
  auto conversation = line.inquiry->next();
  line.check = Check::kNone;
  line.hung_up.reset();
  if (!conversation) return std::nullopt;
  auto asked = begin(place, std::move(conversation), now);
  is_alone_ = asked.has_value();
  return asked;
}

std::optional<EndpointAudit::Asked> EndpointAudit::control(std::size_t place, Time now) {
  auto asked = begin(place, known_->same(), now);
  is_alone_ = asked.has_value();
  if (asked) asked->is_control = true;
  return asked;
}

void EndpointAudit::take_control(Line& line, Ending ending, Time now) {
  const auto asked = std::move(line.hung_up);
  line.check = Check::kNone;
  if (ending != Ending::kAnswered && unconfirmed_ > 0)
    return finish({}, "the server began to close connections whatever is asked",
                  Ending::kTurnedAway);
  if (ending == Ending::kAnswered) take_answer();
  if (!asked) return finish({}, {});  // it was the last question of all
  // It is one that refuses like this: what follows is asked so that it can be told at once.
  if (ending == Ending::kAnswered) {
    refuses_by_closing_ = true;
    return deliver(line, {Ending::kClosed, line.detail, *asked}, Check::kAlone);
  }
  const std::string why = "the server closes connections whatever is asked";
  if (comes_again(line, why, now) || is_over_) return;
  deliver(line, {Ending::kTurnedAway, why, *asked});
}

// The server is there for us.
void EndpointAudit::take_answer() {
  unconfirmed_ = 0;
  times_turned_away_ = 0;
}

// A server that turned us away is given time, by whatever would be asked next. False: the question
// was turned away often enough, or the audit is over because all of them were.
bool EndpointAudit::comes_again(Line& line, const std::string& why, Time now) {
  if (now >= not_before_) {  // not just one more of those that were open then
    if (width_ == 1) spacing_ = std::clamp(2 * spacing_, kBreath, kMostSpacing);
    if (times_turned_away_ == kPauses.size()) {
      finish({}, why, Ending::kTurnedAway);
      return false;
    }
    not_before_ = now + kPauses[times_turned_away_++];
  }
  width_ = std::max<std::size_t>(width_ - 1, 1);
  return line.times_turned_away++ < kPauses.size();
}

// A question that got no answer for want of a connection is asked once more, and at the next
// address of a name when nobody has been met at this one.
bool EndpointAudit::asks_again(const Asked& asked, Line& line, Time now) {
  const auto ending = asked.connection->ending();
  if (ending == Ending::kTurnedAway) return comes_again(line, asked.connection->detail(), now);
  const bool is_not_met = ending == Ending::kRefused || ending == Ending::kUnreachable;
  if (is_not_met && understood_ == 0) {
    if (asked.address < address_) return true;  // the next address is being tried already
    if (address_ + 1 >= addresses_.size()) return false;
    ++address_;
    return true;
  }
  return (is_not_met || ending == Ending::kTimedOut) && line.tries < 2;
}

void EndpointAudit::count(const Connection& connection) {
  const auto ending = connection.ending();
  const auto times = ++endings_[static_cast<std::size_t>(ending)];
  if (ending == Ending::kAnswered) ++understood_;
  if (understood_ > 0 || is_over_) return;
  const bool is_certain = ending == Ending::kRefused || ending == Ending::kUnreachable ||
                          ending == Ending::kNoStartTls || ending == Ending::kNotSpoken ||
                          ending == Ending::kFailed;
  const bool is_often =
      times >= kOftenEnough && ending != Ending::kClosed && ending != Ending::kTurnedAway;
  if (!is_certain && !is_often) return;
  // Its protocol offers TLS, and nobody gets it.
  const bool is_broken = ending == Ending::kNotTls && !target_.start_tls.empty();
  finish(is_broken ? "broken_start_tls" : std::string(name_of(ending)), connection.detail());
}

EndpointAudit::Asked EndpointAudit::ask_what_is_spoken(Time now) {
  auto question = recognition_->next();
  ++running_;
  ++connections_;
  return {std::make_unique<Connection>(addresses_[address_], std::move(question.dialogue),
                                       std::move(question.conversation),
                                       std::min(budget_.end(), now + question.patience)),
          kRecognition, address_, question.number};
}

void EndpointAudit::recognise(const Asked& asked) {
  --running_;
  if (is_over_ || !recognition_) return;
  auto& connection = *asked.connection;
  const auto ending = connection.ending();
  const bool is_refused = ending == Ending::kRefused || ending == Ending::kUnreachable;
  if (ending == Ending::kFailed || (is_refused && !recognition_->is_met())) {
    if (!is_refused || address_ + 1 >= addresses_.size())
      return finish(std::string(name_of(ending)), connection.detail());
    ++address_;
    recognition_.emplace(limits_);
    return;
  }
  recognition_->take(asked.question, ending, connection.detail(), connection.conversation());
  if (!recognition_->is_over()) return;
  target_.start_tls = recognition_->protocol();
  const auto status = recognition_->status();
  if (!status.empty()) return finish(status, recognition_->detail());
  recognition_.reset();
}

void EndpointAudit::answered(const Asked& asked, Time now) {
  if (asked.inquiry == kRecognition) return recognise(asked);
  auto& line = lines_[asked.inquiry];
  line.is_asking = false;
  is_alone_ = false;
  if (asked.connection->ending() != Ending::kClosed) last_ended_ = now;
  --running_;
  if (is_over_) return;
  auto& connection = *asked.connection;
  const auto ending = connection.ending();
  if (asked.is_control) return take_control(line, ending, now);
  const bool again = asks_again(asked, line, now);
  const bool is_of_ssl2 = dynamic_cast<Ssl2Conversation*>(&connection.conversation()) != nullptr;
  const bool is_met = ending != Ending::kRefused && ending != Ending::kUnreachable;
  // That an answer is not SSLv2 says nothing of the server.
  if ((!again || is_met) && !(is_of_ssl2 && ending == Ending::kNotTls)) count(connection);
  if (is_over_ || again) return;
  line.tries = 0;
  if (ending == Ending::kAnswered) {
    take_answer();
    learn(connection.conversation());
  }
  const bool may_be_checked = line.has_company || connection.conversation().same();
  if (ending != Ending::kClosed || !may_be_checked)
    return deliver(line, {ending, connection.detail(), connection.conversation()});
  if (!line.has_company && refuses_by_closing_ && unconfirmed_ < kMostUnconfirmed) {
    ++unconfirmed_;
    return deliver(line, {ending, connection.detail(), connection.conversation()}, Check::kAlone);
  }
  line.check = line.has_company ? Check::kAlone : Check::kControl;
  line.detail = connection.detail();
  line.hung_up = connection.take_conversation();
}

void EndpointAudit::learn(const Conversation& answered) {
  if (is_known_by_alert_) return;
  const auto* hello = dynamic_cast<const HelloConversation*>(&answered);
  is_known_by_alert_ = hello != nullptr && !hello->answer().hello;
  if (known_ && !is_known_by_alert_) return;
  if (auto same = answered.same()) known_ = std::move(same);
}

void EndpointAudit::deliver(Line& line, const Outcome& outcome, Check next) {
  line.tries = 0;
  line.times_turned_away = 0;
  line.inquiry->take(outcome);
  if (next != Check::kNone && line.inquiry->next()) line.check = next;
  add_what_follows();
}

void EndpointAudit::time_out() {
  if (is_over_) return;
  const auto detail =
      "more than " + std::to_string(limits_.endpoint.count() / 1000) + " s for this endpoint";
  finish(understood_ > 0 ? std::string() : std::string(name_of(Ending::kTimedOut)), detail,
         Ending::kTimedOut);
}

void EndpointAudit::finish(std::string status, std::string detail, Ending why) {
  is_over_ = true;
  // What was hung up on since something was answered is not known to be refused.
  if (status.empty() && unconfirmed_ > 0) status = name_of(why);
  for (auto& line : lines_)
    if (!line.is_over) line.inquiry->give_up(why, detail);
  status_ = std::move(status);
  detail_ = std::move(detail);
  if (!status_.empty()) return;
  const auto is_offered = [this](Protocol protocol) { return findings_.offers(protocol); };
  if (std::ranges::any_of(kAllProtocols, is_offered))
    status_ = "ok";
  else if (understood_ > 0)
    status_ = "nothing_accepted";
  else if (endings_[static_cast<std::size_t>(Ending::kTurnedAway)] > 0)
    status_ = name_of(Ending::kTurnedAway);
  else
    status_ = name_of(endings_[static_cast<std::size_t>(Ending::kClosed)] > 0 ? Ending::kClosed
                                                                              : Ending::kTimedOut);
}

EndpointResult EndpointAudit::result() && {
  return {std::move(target_), addresses_[address_].text(), std::move(status_), std::move(detail_),
          std::move(findings_)};
}

}  // namespace assay::agent::tls
