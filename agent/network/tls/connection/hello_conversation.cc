#include "agent/network/tls/connection/hello_conversation.h"

namespace assay::agent::tls {

namespace {

bool has_begun(const Answer& answer) {
  return answer.hello.has_value();
}

bool has_begun(const Ssl2Answer& answer) {
  return answer.is_complete;
}

// Sends what is pending, reads what is there, and parses all of it anew: answers are short.
template <typename T, typename Parse>
Result<Need> exchange(int descriptor, std::string& pending, std::string& received, T* answer,
                      const Parse& parse) {
  if (auto sent = write_some(descriptor, pending); !sent) return fail(sent.error());
  if (!pending.empty()) return Need::kWrite;
  const auto more = read_some(descriptor, received, kMaxAnswerBytes);
  if (!more) {
    // What came before the end may be enough.
    if (more.error().code() == Code::kUnavailable && has_begun(*answer)) return Need::kNothing;
    return fail(more.error());
  }
  if (!*more && received.empty()) return Need::kRead;
  auto parsed = parse(received);
  if (!parsed) return fail(parsed.error());
  *answer = *std::move(parsed);
  return answer->is_complete ? Need::kNothing : Need::kRead;
}

}  // namespace

Result<Need> HelloConversation::advance(int descriptor, std::string& received) {
  return exchange(descriptor, pending_, received, &answer_,
                  [this](std::string_view bytes) { return parse_answer(bytes, depth_); });
}

Result<Need> Ssl2Conversation::advance(int descriptor, std::string& received) {
  return exchange(descriptor, pending_, received, &answer_, parse_ssl2_answer);
}

}  // namespace assay::agent::tls
