// What an auditor's pack says of one framework, as rows: hosts, controls, verdicts (those that pass
// as well), findings, waivers and attestations, as they were at one moment. Everything is of that
// moment: asked again later, the rows are the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/api/fleet_standing.h"
#include "collector/api/pack/sheet.h"
#include "collector/api/posture.h"

namespace assay::collector::api {

// What a pack is of.
struct PackWish {
  std::string framework;                   // id
  std::optional<evidence::Seconds> since;  // with the history of a period that begins then
  evidence::Seconds as_of;
  std::vector<std::string> hosts;  // ids, sorted; empty: every host that was active then
};

struct PackHostFacts {
  Host host;  // as it was then
  std::optional<Snapshot> snapshot;
  std::optional<evidence::Seconds> scanned_at;
};

// Everything that the reports are made of.
struct PackFacts {
  const checks::Framework* framework = nullptr;
  std::size_t index = 0;  // of the framework in the content
  PostureTerms terms;
  // Of the hosts that are wished for, sorted by id; the controls of that framework alone.
  std::vector<HostPosture> postures;
  FrameworkStanding standing;             // of all of them
  std::vector<PackHostFacts> hosts;       // the same ones
  std::vector<Attestation> attestations;  // on record then, of the framework
};
// kNotFound for a framework that is not known, and for a host that was not active then.
[[nodiscard]] Result<PackFacts> pack_facts(const Service& service, const PackWish& wish);

[[nodiscard]] Result<std::vector<Sheet>> sheets_of(const Service& service, const PackWish& wish,
                                                   const PackFacts& facts);

}  // namespace assay::collector::api
