// verify_pack() always comes to an answer; what pack_list_from() and act_from() accept is written
// again byte for byte. The first byte chooses between a pack, its list and its act.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/ledger/act.h"
#include "evidence/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::evidence;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'l') {
    const auto list = pack_list_from(bytes);
    if (list && to_text(*list) != bytes) std::abort();
  } else if (data[0] == 'a') {
    const auto act = act_from(bytes);
    if (act && to_text(*act) != bytes) std::abort();
  } else {
    const auto report = verify_pack(bytes, {});
    if (report && report->entries.empty()) std::abort();
  }
  return 0;
}
