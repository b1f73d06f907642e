#include "agent/network/tls/audit/endpoint_audit.h"

#include <algorithm>

namespace assay::agent::tls {

namespace {

// So often the same thing, with nothing in TLS beside it, and there is no more to learn.
constexpr std::size_t kOftenEnough = 3;

}  // namespace

EndpointAudit::EndpointAudit(Target target, Addresses addresses, const AuditLimits& limits,
                             Time now)
    : target_(std::move(target)),
      addresses_(std::move(addresses)),
      limits_(limits),
      deadline_(now + limits.endpoint) {
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

bool EndpointAudit::wants_to_ask() const {
  if (is_over_ || running_ >= limits_.connections_per_endpoint) return false;
  if (recognition_) return recognition_->has_question();
  return std::ranges::any_of(lines_,
                             [](const Line& line) { return !line.is_asking && !line.is_over; });
}

std::optional<EndpointAudit::Asked> EndpointAudit::ask(Time now) {
  if (is_over_ || running_ >= limits_.connections_per_endpoint) return std::nullopt;
  if (recognition_)
    return recognition_->has_question() ? std::optional(ask_what_is_spoken(now)) : std::nullopt;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].is_asking || lines_[i].is_over) continue;
    auto conversation = lines_[i].inquiry->next();
    if (!conversation) {
      lines_[i].is_over = true;
      add_what_follows();
      continue;
    }
    if (connections_ == limits_.connections) {
      finish("too_large", "it accepts more than is asked for");
      return std::nullopt;
    }
    auto dialogue = target_.start_tls.empty() ? nullptr : start_tls(target_.start_tls);
    auto patience = limits_.connection;
    if (dialogue) patience += limits_.dialogue;
    lines_[i].is_asking = true;
    ++lines_[i].tries;
    ++running_;
    ++connections_;
    return Asked{
        std::make_unique<Connection>(addresses_[address_], std::move(dialogue),
                                     std::move(conversation), std::min(deadline_, now + patience)),
        i, address_};
  }
  if (running_ == 0) finish({}, {});
  return std::nullopt;
}

// A question that got no answer for want of a connection is asked once more, and at the next
// address of a name when nobody has been met at this one.
bool EndpointAudit::asks_again(const Asked& asked, Line& line) {
  const auto ending = asked.connection->ending();
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
  const bool is_often = times >= kOftenEnough && ending != Ending::kClosed;
  if (is_certain || is_often) finish(std::string(name_of(ending)), connection.detail());
}

EndpointAudit::Asked EndpointAudit::ask_what_is_spoken(Time now) {
  auto question = recognition_->next();
  ++running_;
  ++connections_;
  return {std::make_unique<Connection>(addresses_[address_], std::move(question.dialogue),
                                       std::move(question.conversation),
                                       std::min(deadline_, now + question.patience)),
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

void EndpointAudit::answered(const Asked& asked) {
  if (asked.inquiry == kRecognition) return recognise(asked);
  auto& line = lines_[asked.inquiry];
  line.is_asking = false;
  --running_;
  if (is_over_) return;
  auto& connection = *asked.connection;
  const bool again = asks_again(asked, line);
  const bool is_of_ssl2 = dynamic_cast<Ssl2Conversation*>(&connection.conversation()) != nullptr;
  const bool is_met =
      connection.ending() != Ending::kRefused && connection.ending() != Ending::kUnreachable;
  // That an answer is not SSLv2 says nothing of the server.
  if ((!again || is_met) && !(is_of_ssl2 && connection.ending() == Ending::kNotTls))
    count(connection);
  if (is_over_ || again) return;
  line.tries = 0;
  line.inquiry->take({connection.ending(), connection.detail(), connection.conversation()});
  add_what_follows();
}

void EndpointAudit::time_out() {
  if (is_over_) return;
  const auto detail =
      "more than " + std::to_string(limits_.endpoint.count() / 1000) + " s for this endpoint";
  finish(understood_ > 0 ? std::string() : std::string(name_of(Ending::kTimedOut)), detail);
}

void EndpointAudit::finish(std::string status, std::string detail) {
  is_over_ = true;
  const auto why = status.empty() || status == "ok" ? Ending::kTimedOut : Ending::kFailed;
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
  else
    status_ = name_of(endings_[static_cast<std::size_t>(Ending::kClosed)] > 0 ? Ending::kClosed
                                                                              : Ending::kTimedOut);
}

EndpointResult EndpointAudit::result() && {
  return {std::move(target_), addresses_[address_].text(), std::move(status_), std::move(detail_),
          std::move(findings_)};
}

}  // namespace assay::agent::tls
