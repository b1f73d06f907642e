// Rules as rows of the table firewall_rules.
#pragma once

#include <string_view>

#include "agent/probes/linux/firewall/filter_rule.h"
#include "evidence/table.h"

namespace assay::agent {

// All rules of `table`, and the policy of each base chain at position 0. `file` is where they are
// declared; empty for those of the running kernel.
void add_rule_rows(const FilterTable& table, std::string_view file, evidence::Table& rows);

// What the rules of `table` that count have counted, and the policies at position 0. `not_before`:
// nothing was counted earlier.
void add_counter_rows(const FilterTable& table, const evidence::Value& not_before,
                      evidence::Table& rows);

// "22,80,8000-8100"; empty for none.
[[nodiscard]] std::string to_text(const NumberSet& set);
// "tcp", "tcp,udp", "58"
[[nodiscard]] std::string protocols_text(const NumberSet& set);

}  // namespace assay::agent
