// What snapd keeps of the snaps it installed, /var/lib/snapd/state.json, and
// what a snap says of itself, meta/snap.yaml.
//
// The state also holds macaroons and device keys: nothing but the part about
// snaps is kept while it is parsed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// One revision of a snap; several may be kept, one is current.
struct SnapRevision {
  std::string instance;  // name, with "_key" where it is installed several times
  std::string revision;  // "123" of the store, "x1" made here
  std::string snap_id;   // empty: not from the store
  std::string type;      // app, base, kernel, gadget, os, snapd; empty: not said
  std::string channel;   // that it follows
  std::string
      confinement;  // classic, devmode or jailmode as it was asked for; empty: the snap's own
  bool is_current = false;
  bool is_active = false;  // false for all revisions of a disabled snap
};

// Sorted by instance. kInvalidData when it is not snapd's state.
[[nodiscard]] Result<std::vector<SnapRevision>> parse_snap_state(std::string_view text);

// Empty: not said.
struct SnapYaml {
  std::string version;
  std::string type;
  std::string base;
  std::string confinement;
};
// The plain values at the top level; everything else in the file is passed over.
[[nodiscard]] SnapYaml parse_snap_yaml(std::string_view text);

inline constexpr std::size_t kMaxSnaps = 10'000;

}  // namespace assay::agent
