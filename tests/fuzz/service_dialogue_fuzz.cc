// What servers say to the recognition of services: the first byte chooses the protocol, the second
// how the rest is cut. Follow-ups are gone through on the same bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/network/services/protocols/registry.h"

namespace {

using namespace assay::agent::services;  // NOLINT: a fuzz target is about one thing

constexpr std::size_t kMaxSent = 128U << 10U;

void talk(Dialogue& dialogue, std::string_view said, std::size_t piece) {
  std::string sent = dialogue.opening();
  std::string received;
  for (std::size_t at = 0; at < said.size(); at += piece) {
    received += said.substr(at, piece);
    const auto before = received.size();
    const auto turn = dialogue.take(received, sent);
    if (received.size() > before || sent.size() > kMaxSent) std::abort();
    if (turn == Turn::kDone && dialogue.facts.protocol.empty()) std::abort();
    if (turn == Turn::kForeign || turn == Turn::kDone) return;
    if (received.empty()) continue;
  }
  const auto turn = dialogue.end(received, piece % 2 == 0 ? Last::kHungUp : Last::kGivenUp);
  if (turn != Turn::kDone && turn != Turn::kForeign) std::abort();
}

void expect_bounded(const Facts& facts) {
  if (facts.details.size() > kMaxDetails || facts.product.size() > 100 ||
      facts.version.size() > 100)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view said(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto count = protocols().size();
  const std::size_t place = data[0] % (count + datagrams().size());
  if (place >= count) {
    Facts facts;
    (void)datagrams()[place - count].take(said, {true, true}, &facts);
    expect_bounded(facts);
    return 0;
  }
  const Setting setting{(data[0] & 0x80U) != 0, "host", {true, true}};
  auto dialogue = protocols()[place].make(setting);
  for (int i = 0; i < 12 && dialogue; ++i) {
    talk(*dialogue, said, std::size_t{data[1]} + 1);
    expect_bounded(dialogue->facts);
    if (dialogue->facts.protocol.empty()) break;
    dialogue = dialogue->follow_up();
  }
  return 0;
}
