// SSH (RFC 4253 §4.2): its greeting; all that follows is encrypted.
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

Verdict look_for_ssh(const Exchange& exchange, Recognised* found) {
  constexpr std::string_view kBegin = "SSH-";
  const auto greeted = text_of(exchange.server);
  if (greeted.empty()) {
    const auto said = text_of(exchange.client);
    return said.substr(0, kBegin.size()) == kBegin.substr(0, said.size()) ? Verdict::kMore
                                                                          : Verdict::kNo;
  }
  if (greeted.substr(0, kBegin.size()) != kBegin.substr(0, greeted.size())) return Verdict::kNo;
  if (greeted.size() < kBegin.size()) return Verdict::kMore;
  found->is_certain = true;
  return Verdict::kYes;
}

}  // namespace assay::agent::sensor
