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

Recognition::Question Recognition::next() const {
  switch (step_) {
    case Step::kListen:
      return {nullptr, std::make_unique<GreetingConversation>(""), limits_.greeting};
    case Step::kHello:
      return {nullptr, std::make_unique<GreetingConversation>(opening()), limits_.recognition};
    case Step::kProbes:
      return {nullptr,
              std::make_unique<GreetingConversation>(std::string(silent_probes()[probe_].words),
                                                     kSilentAnswerBytes),
              limits_.recognition};
    case Step::kDialogues:
    case Step::kOver: break;
  }
  return {start_tls(dialogues_.front()), std::make_unique<ReadyConversation>(),
          limits_.recognition};
}

void Recognition::take(Ending ending, const std::string& detail, Conversation& conversation) {
  if (const auto* greeting = dynamic_cast<const GreetingConversation*>(&conversation)) {
    if (step_ == Step::kProbes) return hear_probe(greeting->heard());
    if (!greeting->heard().empty()) return hear(greeting->heard());
    step_ = step_ == Step::kListen ? Step::kHello : Step::kProbes;
    return;
  }
  const std::string protocol(dialogues_.front());
  dialogues_.erase(dialogues_.begin());
  if (ending == Ending::kAnswered) return end(protocol, {}, {});
  if (ending == Ending::kNoStartTls) {
    refused_in_ = protocol;
    refusal_ = detail;
  }
  try_dialogues(std::move(dialogues_));
}

void Recognition::hear_probe(const std::string& heard) {
  const auto& probe = silent_probes()[probe_];
  if (probe.is_answer(heard)) return end({}, "not_tls", "it speaks " + std::string(probe.name));
  if (++probe_ == silent_probes().size()) try_dialogues(dialogues_of_the_silent());
}

void Recognition::hear(const std::string& heard) {
  auto greeting = greeting_of(heard);
  if (greeting.is_tls) return end({}, {}, {});
  has_greeted_ = true;
  if (!greeting.dialogues.empty()) return try_dialogues(std::move(greeting.dialogues));
  end({}, "not_tls",
      greeting.other.empty() ? "it speaks another protocol"
                             : "it speaks " + std::string(greeting.other));
}

void Recognition::try_dialogues(std::vector<std::string_view> dialogues) {
  dialogues_ = std::move(dialogues);
  step_ = Step::kDialogues;
  if (!dialogues_.empty()) return;
  if (!refused_in_.empty()) return end(refused_in_, "no_start_tls", refusal_);
  // A greeting is no TLS, also where nothing came of its dialogue. The silent may still speak TLS.
  end({}, has_greeted_ ? "not_tls" : "", has_greeted_ ? "it begins with a greeting" : "");
}

void Recognition::end(std::string protocol, std::string status, std::string detail) {
  step_ = Step::kOver;
  protocol_ = std::move(protocol);
  status_ = std::move(status);
  detail_ = std::move(detail);
}

}  // namespace assay::agent::tls
