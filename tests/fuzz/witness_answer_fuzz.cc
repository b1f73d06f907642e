// Answers of witnesses: nothing crashes, a size is one that is written so, and a line that is taken
// is one that the witness's key has made, as it stands in the answer.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/witness_exchange.h"

namespace {

using namespace assay::evidence;

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr std::string_view kCheckpoint = R"(example.com/log
3
SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=

— example.com/log B2hdbBkJX4JN0rE9sy4LXWXaC0jdi5rBQ8kT2FJ2gGZ5WDgR2CQhzzry2ysNmivJPfAy+yCe6G9NlDO10h81uzLeFQo=
)";
constexpr std::string_view kLog =
    "example.com/log+07685d6c+AUbtAGYNSW8Xa+ss34n04M9MXVqKJmc/JQqz2OJVzDxP";
constexpr std::string_view kWitness =
    "witness.example/w1+d8faa81b+BH9SeAgh28bbGUiKZJBwoCWy4OayZIdRTI3oW1Myxwqc";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  static const auto kLogKey = verifier_key_from(kLog).value();
  static const auto kWitnessKey = verifier_key_from(kWitness).value();
  if (const auto seen = tree_size_in(answer))
    require(answer.starts_with(std::to_string(*seen)) && *seen >= 0);
  if (const auto found = cosignature_in(answer, kCheckpoint, kWitnessKey)) {
    require(answer.find(to_text(found->line)) != std::string_view::npos);
    const auto note = with_cosignatures(kCheckpoint, std::vector{found->line}).value();
    const auto opened =
        open_checkpoint(note, kLogKey, kLogKey.name, std::vector{kWitnessKey}).value();
    require(opened.witnesses.size() == 1 && opened.witnesses[0].at == found->at);
  }
  if (const auto line = note_signature_from(answer)) require(to_text(*line) == answer);
  return 0;
}
