#include "agent/network/tls/audit/recognition.h"

#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/connection/greeting_conversation.h"
#include "agent/network/tls/suites/cipher_suite.h"

namespace assay::agent::tls {

namespace {

// TLS 1.2 with all suites, which every server of TLS answers, if only with an alert.
// What follows it ends a line: a server of a protocol in lines has then something to say, too.
std::string opening() {
  Findings none;
  auto hello = hello_to({.server_name = {}, .findings = &none}, Protocol::kTls12);
  for (const auto& suite : all_suites())
    if (!is_for_tls13(suite)) hello.suites.push_back(suite.code);
  return write_client_hello(hello) + "\r\n\r\n";
}

}  // namespace

bool Recognition::has_question() const {
  switch (step_) {
    case Step::kListen:
    case Step::kHello: return asked_ == 0;
    case Step::kGreeted: return asked_ == answered_;
    case Step::kSilent: return asked_ < probes_.size() + dialogues_.size();
    case Step::kOver: break;
  }
  return false;
}

Recognition::Question Recognition::next() {
  const auto number = asked_++;
  if (step_ == Step::kListen)
    return {nullptr, std::make_unique<GreetingConversation>(""), limits_.greeting, number};
  if (step_ == Step::kHello)
    return {nullptr, std::make_unique<GreetingConversation>(opening()), limits_.recognition,
            number};
  if (number < probes_.size())
    return {nullptr,
            std::make_unique<GreetingConversation>(std::string(probes_[number].words),
                                                   kSilentAnswerBytes),
            limits_.recognition, number};
  return {start_tls(dialogues_[number - probes_.size()]), std::make_unique<ReadyConversation>(),
          limits_.recognition, number};
}

void Recognition::take(std::size_t number, Ending ending, const std::string& detail,
                       Conversation& conversation) {
  ++answered_;
  if (number >= probes_.size() && (step_ == Step::kGreeted || step_ == Step::kSilent)) {
    take_dialogue(dialogues_[number - probes_.size()], ending, detail);
  } else if (const auto* talk = dynamic_cast<const GreetingConversation*>(&conversation)) {
    if (step_ == Step::kSilent)
      hear_probe(probes_[number], talk->heard());
    else if (!talk->heard().empty())
      return hear(talk->heard());
    else if (step_ == Step::kListen)
      return begin(Step::kHello, {});
    else
      return begin(Step::kSilent, dialogues_of_the_silent());
  }
  if (!is_over() && answered_ == probes_.size() + dialogues_.size()) end_without_an_answer();
}

void Recognition::begin(Step step, std::vector<std::string_view> dialogues) {
  step_ = step;
  if (step == Step::kSilent) probes_ = silent_probes();
  dialogues_ = std::move(dialogues);
  asked_ = answered_ = 0;
}

void Recognition::hear(const std::string& heard) {
  auto greeting = greeting_of(heard);
  if (greeting.is_tls) return end({}, {}, {});
  if (!greeting.dialogues.empty()) return begin(Step::kGreeted, std::move(greeting.dialogues));
  // An error before anything was said is how POP3 and Redis say that they are full.
  if (step_ == Step::kListen && heard.starts_with("-ERR"))
    return end({}, std::string(name_of(Ending::kTurnedAway)),
               "it speaks Redis or POP3, and says no");
  end({}, "not_tls",
      greeting.other.empty() ? "it speaks another protocol"
                             : "it speaks " + std::string(greeting.other));
}

void Recognition::hear_probe(const SilentProbe& probe, const std::string& heard) {
  if (probe.is_answer(heard)) end({}, "not_tls", "it speaks " + std::string(probe.name));
  // It answers in TLS that this was none; the ClientHello was only too slow for it.
  else if (!heard.empty() && greeting_of(heard).is_tls)
    end({}, {}, {});
}

void Recognition::take_dialogue(std::string_view protocol, Ending ending,
                                const std::string& detail) {
  // kNotTls: it has said yes, and something more. What becomes of that the audit will see.
  if (ending == Ending::kAnswered || ending == Ending::kNotTls)
    return end(std::string(protocol), {}, {});
  // One that did not greet hangs up on what it takes for nonsense.
  if (ending == Ending::kTurnedAway && step_ == Step::kGreeted) turned_away_ = detail;
  if (ending != Ending::kNoStartTls) return;
  refused_in_ = protocol;
  refusal_ = detail;
}

void Recognition::end_without_an_answer() {
  if (!refused_in_.empty()) return end(refused_in_, "no_start_tls", refusal_);
  if (!turned_away_.empty())
    return end({}, std::string(name_of(Ending::kTurnedAway)), turned_away_);
  // A greeting is no TLS, also where nothing came of its dialogue. The silent may still speak TLS.
  const bool has_greeted = step_ == Step::kGreeted;
  end({}, has_greeted ? "not_tls" : "", has_greeted ? "it begins with a greeting" : "");
}

void Recognition::end(std::string protocol, std::string status, std::string detail) {
  step_ = Step::kOver;
  protocol_ = std::move(protocol);
  status_ = std::move(status);
  detail_ = std::move(detail);
}

}  // namespace assay::agent::tls
