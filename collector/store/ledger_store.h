// The ledger's place in the store: an append-only log of accepted snapshots and of what people did,
// its tree in tiles, and the checkpoints that were signed over it (docs/formats/ledger.md).
//
// Safe from any thread and from any number of collectors: append_to_ledger() is one transaction,
// which fails when somebody else was quicker. A write is durable when the call returns.
// Any call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "evidence/digest.h"
#include "evidence/ledger/act.h"
#include "evidence/ledger/entry.h"
#include "evidence/ledger/tiles.h"
#include "evidence/result.h"
#include "evidence/text.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct StoredCheckpoint {
  evidence::TreeHead head;
  evidence::Seconds at;
  std::string note;  // signed over that head
};

struct LedgerAppend {
  std::int64_t old_size = 0;                      // of the log that `entries` come behind
  std::vector<evidence::LedgerEntry> entries;     // exactly what unsequenced() says comes next
  std::map<evidence::TileId, std::string> tiles;  // that change by it, each as it is afterwards
  StoredCheckpoint checkpoint;                    // over all of it
  bool replaces_last = false;                     // the checkpoint before need not be kept
};

// An authority's word on when a checkpoint was there (RFC 3161).
struct StoredTimeStamp {
  std::int64_t number = 0;  // given by the store, in the order in which they were added
  std::int64_t size = 0;    // of the log at that checkpoint
  evidence::Seconds at;     // by the authority's clock
  std::string note;         // the checkpoint itself: the store may keep it no longer
  std::string token;        // DER
  evidence::Digest digest;  // of the token; made by the store
};

// What a witness last said of the ledger (C2SP tlog-cosignature).
struct StoredCosignature {
  std::string witness;    // its public key, as people pass it on
  std::int64_t size = 0;  // of the log at that checkpoint
  evidence::Seconds at;   // by the witness's clock
  std::string note;       // the checkpoint, as the log signed it
  std::string line;       // the co-signature, as a note has it
};

// Why a witness did not co-sign when it was asked last.
struct WitnessTrouble {
  std::string witness;
  evidence::Seconds since;
  bool is_alarm = false;  // it has seen another ledger than this
  Text what;
};

// Of one append.
inline constexpr std::size_t kMaxLedgerBatch = 4096;

class LedgerStore : public virtual Metered {
 public:
  virtual ~LedgerStore() = default;

  // What is not in the log yet: accepted snapshots, in the order in which they were accepted, and
  // behind them acts, in theirs.
  [[nodiscard]] Result<std::vector<evidence::LedgerEntry>> unsequenced(std::size_t limit);
  // All or nothing. kConflict when the log has another size by now, or something else comes next.
  [[nodiscard]] Status append_to_ledger(const LedgerAppend& append);

  // The tile's hashes as far as it has grown. kNotFound.
  [[nodiscard]] Result<std::string> ledger_tile(const evidence::TileId& tile);
  // The latest, or the one that is kept of this size. kNotFound.
  [[nodiscard]] Result<StoredCheckpoint> checkpoint(
      std::optional<std::int64_t> size = std::nullopt);
  // All that are kept, the smallest first.
  [[nodiscard]] Result<Page<StoredCheckpoint>> checkpoints(const PageRequest& page);
  // Where in the log a manifest or an act is. kNotFound when it is not, or not yet.
  [[nodiscard]] Result<std::int64_t> ledger_index(const evidence::Digest& digest);
  // From index `first` on; fewer at the end of the log.
  [[nodiscard]] Result<std::vector<evidence::LedgerEntry>> ledger_entries(std::int64_t first,
                                                                          std::size_t limit);
  // What people did, as it is on record, the first first; the cursor is an act's number.
  [[nodiscard]] Result<Page<evidence::Act>> acts(const PageRequest& page);

  [[nodiscard]] Status add_time_stamp(const StoredTimeStamp& stamp);
  // kNotFound.
  [[nodiscard]] Result<StoredTimeStamp> time_stamp(std::int64_t number);
  // The first over a checkpoint that has entry `index` in it. kNotFound while there is none.
  [[nodiscard]] Result<StoredTimeStamp> time_stamp_over(std::int64_t index);
  // The latest first.
  [[nodiscard]] Result<Page<StoredTimeStamp>> time_stamps(const PageRequest& page);
  // Whether the caller is the one of all collectors that asks an authority now; then nobody else is
  // until `until`. A claim that ends more than a day ahead was made by a wrong clock and is void.
  [[nodiscard]] Result<bool> claim_time_stamping(evidence::Seconds now, evidence::Seconds until);

  // In place of what the witness said before, unless that was of a larger log; its trouble is over.
  [[nodiscard]] Status add_cosignature(const StoredCosignature& cosignature);
  // Of every witness the last, by their keys.
  [[nodiscard]] Result<std::vector<StoredCosignature>> cosignatures();
  // In place of the witness's last trouble; the same one goes on since it began.
  [[nodiscard]] Status set_witness_trouble(const WitnessTrouble& trouble);
  [[nodiscard]] Result<std::vector<WitnessTrouble>> witness_troubles();
  // As claim_time_stamping(), of those who ask witnesses.
  [[nodiscard]] Result<bool> claim_witnessing(evidence::Seconds now, evidence::Seconds until);

 private:
  virtual Result<std::vector<evidence::LedgerEntry>> do_unsequenced(std::size_t limit) = 0;
  virtual Status do_append_to_ledger(const LedgerAppend& append) = 0;
  virtual Result<std::string> do_ledger_tile(const evidence::TileId& tile) = 0;
  virtual Result<StoredCheckpoint> do_checkpoint(std::optional<std::int64_t> size) = 0;
  virtual Result<Page<StoredCheckpoint>> do_checkpoints(const PageRequest& page) = 0;
  virtual Result<std::int64_t> do_ledger_index(const evidence::Digest& digest) = 0;
  virtual Result<std::vector<evidence::LedgerEntry>> do_ledger_entries(std::int64_t first,
                                                                       std::size_t limit) = 0;
  virtual Result<Page<evidence::Act>> do_acts(const PageRequest& page) = 0;
  virtual Status do_add_time_stamp(const StoredTimeStamp& stamp) = 0;
  virtual Result<StoredTimeStamp> do_time_stamp(std::int64_t number) = 0;
  virtual Result<StoredTimeStamp> do_time_stamp_over(std::int64_t index) = 0;
  virtual Result<Page<StoredTimeStamp>> do_time_stamps(const PageRequest& page) = 0;
  virtual Result<bool> do_claim_time_stamping(evidence::Seconds now, evidence::Seconds until) = 0;
  virtual Status do_add_cosignature(const StoredCosignature& cosignature) = 0;
  virtual Result<std::vector<StoredCosignature>> do_cosignatures() = 0;
  virtual Status do_set_witness_trouble(const WitnessTrouble& trouble) = 0;
  virtual Result<std::vector<WitnessTrouble>> do_witness_troubles() = 0;
  virtual Result<bool> do_claim_witnessing(evidence::Seconds now, evidence::Seconds until) = 0;
};

}  // namespace assay::collector
