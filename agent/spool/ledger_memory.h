// What the courier remembers of the collector's ledger, in courier/ledger.json: the key, the latest
// checkpoint that held, which receipts are not proven yet, and what was wrong. The agent's process
// reads it for agent_gaps, and does not trust it: everything is bounded.
//
// Pure but read_ledger_memory(). Used by one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/spool/gap_log.h"
#include "agent/state/state_folder.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::agent {

inline constexpr std::string_view kLedgerGap = "ledger";
inline constexpr std::size_t kMaxUnproven = 1024;
inline constexpr std::size_t kMaxLedgerAlarms = 32;
inline constexpr std::size_t kMaxLedgerMemoryBytes = 512U << 10U;

// A snapshot that has a receipt, and no proof yet that it is logged.
struct Unproven {
  evidence::Digest manifest;
  evidence::Seconds accepted;
  bool operator==(const Unproven&) const = default;
};

struct LedgerMemory {
  std::string key;         // as text; empty: none was seen yet
  std::string checkpoint;  // a signed note
  std::optional<evidence::Seconds> checked;  // when it was last found in order
  std::vector<Unproven> unproven;            // oldest first
  std::vector<Gap> alarms;                   // oldest first; equal ones are one, counted

  // The oldest goes when there are too many, and is an alarm: nobody will ask for it again.
  void add_unproven(const Unproven& receipt, evidence::Seconds now);
  void alarm(evidence::Seconds now, std::string_view detail);
};

[[nodiscard]] std::string to_json(const LedgerMemory& memory);
// kInvalidData, kTooLarge.
[[nodiscard]] Result<LedgerMemory> ledger_memory_from_json(std::string_view json);
// Empty when there is no such file.
[[nodiscard]] Result<LedgerMemory> read_ledger_memory(const StateFolder& state);

}  // namespace assay::agent
