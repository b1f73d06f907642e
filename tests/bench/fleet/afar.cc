#include "tests/bench/fleet/afar.h"

#include <algorithm>
#include <filesystem>

#include "tests/bench/fleet/company.h"
#include "tests/bench/fleet/cost.h"
#include "tests/bench/fleet/fleet.h"
#include "tests/bench/fleet/stores.h"

namespace assay::bench {

void found_for_afar(const std::string& folder, const std::string& name, std::size_t agents) {
  const auto state = folder + "/state";
  std::filesystem::create_directories(state);
  const auto store = open_store(state, {});
  write_company(folder + "/machines", found_company(state, agents, *store, {name}));
}

void play_from_afar(const std::string& machines, const std::string& address, std::size_t rounds,
                    std::size_t at_once) {
  const auto company = read_company(machines);
  Fleet fleet(company);
  const auto first = fleet.unchanged(1);
  const auto unchanged = fleet.unchanged(rounds);
  const auto updated = fleet.updated(std::max<std::size_t>(rounds / 2, 1));
  Player player(company, address);
  print_heading();
  print_cost("attach", cost_of(nullptr, [&] { return player.attend(at_once); }));
  print_cost("first snapshots", cost_of(nullptr, [&] { return player.submit(first, at_once); }));
  print_cost("unchanged snapshots",
             cost_of(nullptr, [&] { return player.submit(unchanged, at_once); }));
  print_cost("40 KB of new content",
             cost_of(nullptr, [&] { return player.submit(updated, at_once); }));
}

}  // namespace assay::bench
