#include "tests/bench/fleet/fleet.h"

#include <string>

namespace assay::bench {
namespace {

constexpr std::size_t kImages = 40;
constexpr std::size_t kImagePackages = 600;
constexpr std::size_t kNewPackages = 115;  // some 40 KB in canonical form

}  // namespace

Fleet::Fleet(const Company& company) : company_(company) {
  for (std::size_t i = 0; i < kImages; ++i) images_.push_back(image(i, kImagePackages));
}

std::vector<Machine>& Fleet::machines() {
  for (auto i = machines_.size(); i < company_.members.size(); ++i)
    machines_.emplace_back(company_.members[i], images_[i % kImages]);
  return machines_;
}

Rounds Fleet::unchanged(std::size_t count) {
  Rounds rounds(count);
  for (auto& round : rounds)
    for (auto& machine : machines()) round.push_back(machine.scan());
  return rounds;
}

Rounds Fleet::updated(std::size_t count) {
  Rounds rounds(count);
  for (auto& round : rounds) {
    for (auto& machine : machines()) {
      machine.replace(updated_packages(std::to_string(++marks_), kNewPackages));
      round.push_back(machine.scan());
    }
  }
  return rounds;
}

Prepared Fleet::passing(std::size_t machine) const {
  return Machine(company_.members[machine], images_[machine % kImages]).scan();
}

}  // namespace assay::bench
