// In which form what was verified is kept: whole, or as what differs from what the same host sent
// before and the store keeps whole. Never more than one step, so that reading stays cheap and one
// damaged frame takes nothing else with it but what differs from it.
//
// A frame that holds a difference is sealed: some bytes of it can be altered and the same comes out
// of it, as what is copied stands in more than one place; that, too, is to be found.
// A difference that cannot be made, or does not pay, is no failure: then it is kept whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "collector/store/evidence_store.h"

namespace assay::collector {

// Whether `difference` bytes are kept in place of some `whole` ones. As a machine drifts from what
// it is compared with, the difference grows: of those over an eighth, one in sixteen (by its own
// digest, so that it is the same wherever it is decided) is kept whole and compared with from then
// on; over four fifths, all.
[[nodiscard]] bool pays(std::size_t difference, std::size_t whole, const evidence::Digest& digest);

// What the host sent before.
class Predecessor {
 public:
  explicit Predecessor(KeptManifest kept) : kept_(std::move(kept)) {}
  // The latest with a number below `sequence`. nullopt: there is none, or it cannot be read, and
  // there is nothing to compare with.
  [[nodiscard]] static std::optional<Predecessor> of(EvidenceStore& store, std::string_view host_id,
                                                     std::int64_t sequence);

  [[nodiscard]] const KeptManifest& manifest() const { return kept_; }
  // The table of that name that it has; nullptr when it has none.
  [[nodiscard]] const evidence::Digest* table(std::string_view name);

 private:
  KeptManifest kept_;
  std::optional<evidence::Manifest> read_;  // when it is first asked for
};

// Sets frame and base of a manifest whose canonical form is `bytes`, with a digest and a number.
// `before` may be nullptr. kInternal when zstd fails.
[[nodiscard]] Status set_form(std::string_view bytes, const Predecessor* before,
                              NewSnapshot* snapshot);

// Keeps `table`, whose canonical form is `bytes` and which is whole, as a difference to the one
// that stood in its place before, or to what that differs from. `before` may be nullptr.
void set_form(EvidenceStore& store, std::string_view bytes, Predecessor* before,
              StoredTable* table);

}  // namespace assay::collector
