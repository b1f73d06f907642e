// The settings of the part `sweep` as words: read into, and written from, what scope.h decides by.
#pragma once

#include <string>

#include "agent/network/sweep/plan/scope.h"
#include "evidence/result.h"

namespace assay::agent {

// kConfiguration for a word that is none.
[[nodiscard]] Status set_scanner(sweep::SweepSettings& settings, const std::string& word);
[[nodiscard]] Status set_addresses(sweep::AddressSet& set, const std::string& word);
[[nodiscard]] Status set_ports(sweep::PortList& ports, const std::string& word);
[[nodiscard]] Status set_rate(sweep::SweepSettings& settings, const std::string& word);
// Several, separated by semicolons: "Mon-Fri 00:00-06:00 +08:00;Sat,Sun 00:00-24:00 +08:00".
[[nodiscard]] Status set_windows(sweep::SweepSettings& settings, const std::string& word);

[[nodiscard]] std::string word_of(const sweep::AddressSet& set);

}  // namespace assay::agent
