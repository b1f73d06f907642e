#include "agent/probes/linux/operations/time/clock_state.h"

namespace assay::agent {

Result<evidence::Table> collect_clock_state(Host& host) {
  const auto state = host.clock_state();
  if (!state) return fail(state.error());
  evidence::Table table(*evidence::find_table("clock_state"));
  table.add({{"synchronised", std::int64_t{state->is_synchronised ? 1 : 0}},
             {"offset_us", state->offset_us},
             {"estimated_error_us", state->estimated_error_us},
             {"maximum_error_us", state->maximum_error_us},
             {"frequency_ppb", state->frequency_ppb}});
  return table;
}

}  // namespace assay::agent
