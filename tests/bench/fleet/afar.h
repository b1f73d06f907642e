// A company whose collector is on another machine than those who play its agents.
#pragma once

#include <cstddef>
#include <string>

namespace assay::bench {

// Makes FOLDER/state, the state folder of a collector that is reached as `name` and is to be served
// from there, and FOLDER/machines, what has to be brought to the other machine. Throws.
void found_for_afar(const std::string& folder, const std::string& name, std::size_t agents);
// Plays the machines of that file against the collector at `address`, HOST:PORT. Each machine is
// played from its first scan on, so a company is played once. Throws.
void play_from_afar(const std::string& machines, const std::string& address, std::size_t rounds,
                    std::size_t at_once);

}  // namespace assay::bench
