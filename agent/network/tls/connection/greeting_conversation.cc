#include "agent/network/tls/connection/greeting_conversation.h"

namespace assay::agent::tls {

Result<Need> GreetingConversation::advance(int descriptor, std::string& received) {
  if (auto sent = write_some(descriptor, pending_); !sent) {
    if (sent.error().code() == Code::kUnavailable) return Need::kNothing;
    return fail(sent.error());
  }
  if (!pending_.empty()) return Need::kWrite;
  const auto more = read_some(descriptor, received, kMaxGreetingBytes);
  heard_ = received.substr(0, kMaxGreetingBytes);
  // Too much, or closed: what has come is what it says.
  if (!more) return Need::kNothing;
  const bool is_record = heard_.size() > 4 && greeting_of(heard_).is_tls;
  return is_record || heard_.size() >= enough_ || heard_.contains('\n') ? Need::kNothing
                                                                        : Need::kRead;
}

}  // namespace assay::agent::tls
