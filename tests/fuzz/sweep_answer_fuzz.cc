// Any bytes as a captured answer: nothing, or one whose ports and addresses stand in the bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "agent/network/sweep/wire/answer.h"

using namespace assay::agent::sweep;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes all(data, size);
  const auto plain = answer_from(all);
  const auto cooked = answer_from_cooked(all);
  for (const auto& answer : {plain, cooked}) {
    if (!answer) continue;
    if (answer->kind > AnswerKind::kRejected) std::abort();
    if (answer->target.is_v4() != answer->source.is_v4()) std::abort();
    if (size < 40) std::abort();  // no answer is shorter than two headers
  }
  return 0;
}
