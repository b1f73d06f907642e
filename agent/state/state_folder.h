// The agent's own folder (/var/lib/assay), shared by two processes of different rights.
//
//   spool/ accepted/ set-aside/ tables/   written by the agent (root), read by the courier
//   gaps.jsonl status.json digests lock   written by the agent
//   verdicts/                             written by the courier: what the collector answered
//   courier/status.json settings.json ledger.json   written by the courier
//   identity/                             written by the courier; the agent reads it to sign
//
// Every folder has exactly one writer. docs/decisions/0030-two-processes.md says why.
#pragma once

#include <string>
#include <string_view>

#include "agent/host/file_descriptor.h"
#include "evidence/result.h"

namespace assay::agent {

// The user that the courier runs as, when the machine has it and the courier is started by root.
inline constexpr const char* kCourierUser = "assay";

class StateFolder {
 public:
  explicit StateFolder(std::string path) : path_(std::move(path)) {}

  // Makes what is missing, with owners and modes as above (root only; otherwise all belongs to
  // the caller). Safe to call at any time, by either process.
  [[nodiscard]] Status prepare() const;
  // Held by the one process that may write the spool; freed when it ends, however it ends.
  // kConflict when another holds it.
  [[nodiscard]] Result<FileDescriptor> lock() const;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string in(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }

  [[nodiscard]] std::string spool() const { return in("spool"); }
  [[nodiscard]] std::string accepted() const { return in("accepted"); }
  [[nodiscard]] std::string set_aside() const { return in("set-aside"); }
  [[nodiscard]] std::string tables() const { return in("tables"); }
  [[nodiscard]] std::string verdicts() const { return in("verdicts"); }
  [[nodiscard]] std::string identity() const { return in("identity"); }
  [[nodiscard]] std::string gaps() const { return in("gaps.jsonl"); }
  [[nodiscard]] std::string digests() const { return in("digests"); }
  [[nodiscard]] std::string status() const { return in("status.json"); }
  [[nodiscard]] std::string courier_status() const { return in("courier/status.json"); }
  [[nodiscard]] std::string collector_settings() const { return in("courier/settings.json"); }
  [[nodiscard]] std::string ledger_memory() const { return in("courier/ledger.json"); }

 private:
  std::string path_;
};

}  // namespace assay::agent
