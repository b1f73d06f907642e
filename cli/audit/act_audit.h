// The acts of people that an audited ledger names, held against what the collector says of them: of
// each text that it shows, the canonical bytes are made here, and their digest must be the one that
// is logged. Texts are read page by page beside the ledger's entries, both in the order of their
// numbers, so that no more than a page is held. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "cli/audit/act_text.h"
#include "cli/audit/audit_lines.h"
#include "cli/client/remote.h"
#include "evidence/ledger/entry.h"

namespace assay::cli {

// Behind the ledger's last act, so many are read that are not logged yet; a list that goes on has
// no end.
inline constexpr std::int64_t kMostUnloggedActs = 100'000;

class ActAudit {
 public:
  // Both of them outlive it.
  ActAudit(Remote& remote, AuditLines& lines) : remote_(remote), lines_(lines) {}

  // The next entry of the ledger that is an act, and its index. Fails as the connection does.
  [[nodiscard]] Status take(const evidence::LedgerEntry& entry, std::int64_t index);
  // After the last entry: what is not logged yet, which only shows when the ledger was read to its
  // end; tells what was compared.
  [[nodiscard]] Status finish(bool is_whole);

  [[nodiscard]] std::int64_t logged() const { return logged_; }
  [[nodiscard]] std::int64_t compared() const { return compared_; }

 private:
  // The collector's next text, read when it is needed; none behind the last one, or when the rest
  // is not to be read.
  Result<const ActText*> next();
  Status read_page();
  Status read_unlogged();
  // What the collector shows is none of it to go on with.
  void stop(Text why);
  void compare(const ActText& shown, const evidence::LedgerEntry& entry, std::int64_t index);
  void tell();

  Remote& remote_;
  AuditLines& lines_;
  std::deque<ActText> page_;
  std::string cursor_;
  std::int64_t shown_ = 0;   // number of the last text that was read
  bool is_read_ = false;     // there is no further page, or it is not to be read
  bool is_stopped_ = false;  // texts are compared no further
  bool has_texts_ = true;    // an older collector has none

  std::int64_t last_ = 0;    // number of the last entry
  std::int64_t logged_ = 0;  // entries
  bool is_in_order_ = true;
  std::int64_t compared_ = 0;
  std::int64_t bad_ = 0;      // of them
  std::int64_t missing_ = 0;  // logged, and not shown
  std::int64_t unlogged_ = 0;
};

}  // namespace assay::cli
