// The commands of assay-collector. Each prints its answer to stdout and says in the Error what went
// wrong.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::collector {

// What all commands have in common.
struct CommonOptions {
  std::string state;
  bool is_json = false;
  Language language = Language::kEnglish;
};

struct InitOptions {
  std::vector<std::string> names;
};
[[nodiscard]] Status run_init(const CommonOptions& common, const InitOptions& options);

struct ServeOptions {
  std::optional<std::string> listen;  // empty: as set in collector.yaml
  std::optional<std::string> api_listen;
};
// Until SIGTERM or SIGINT; SIGHUP loads the content anew.
[[nodiscard]] Status run_serve(const CommonOptions& common, const ServeOptions& options);

struct TokenCreateOptions {
  std::string ttl;     // "90s", "30m", "1h", "7d"; empty: 1h to enroll, no end for a person
  std::string person;  // empty: an enrollment token
  std::string role = "auditor";
};
[[nodiscard]] Status run_token_create(const CommonOptions& common,
                                      const TokenCreateOptions& options);
[[nodiscard]] Status run_token_list(const CommonOptions& common);
[[nodiscard]] Status run_token_revoke(const CommonOptions& common, const std::string& id);

[[nodiscard]] Status run_agent_list(const CommonOptions& common);
// `host` is an id, or a name that only one host has.
[[nodiscard]] Status run_agent_revoke(const CommonOptions& common, const std::string& host);

struct ContentInstallOptions {
  std::string file;
  bool may_be_older = false;
};
[[nodiscard]] Status run_content_install(const CommonOptions& common,
                                         const ContentInstallOptions& options);
[[nodiscard]] Status run_content_remove(const CommonOptions& common);
// What is in force by the collector that serves or, when none does, by the last one that did.
[[nodiscard]] Status run_content_show(const CommonOptions& common);

// A copy of the whole state in `folder`, also while a collector serves.
[[nodiscard]] Status run_backup(const CommonOptions& common, const std::string& folder);
struct RestoreOptions {
  std::string folder;
  bool only_check = false;  // reads the backup through, and restores nothing
};
[[nodiscard]] Status run_restore(const CommonOptions& common, const RestoreOptions& options);

struct MigrateOptions {
  std::string from;  // "sqlite:PATH"; empty: store.db of the state folder
  std::string to;    // "postgres:CONNINFO"
};
// Moves the company from the built-in store into a database and examines what arrived. Goes on
// where it broke off.
[[nodiscard]] Status run_migrate_store(const CommonOptions& common, const MigrateOptions& options);

// Whether the collector is well. kUnavailable when something is wrong.
[[nodiscard]] Status run_doctor(const CommonOptions& common, bool is_deep);

struct PruneOptions {
  bool only_tell = false;  // what would go, and removes nothing
};
// Removes what is older than collector.yaml says it must be kept. kConflict when the clock cannot
// be trusted.
[[nodiscard]] Status run_prune(const CommonOptions& common, const PruneOptions& options);

// Examines everything that is kept. kInvalidData when something is damaged.
[[nodiscard]] Status run_fsck(const CommonOptions& common);

// The public key of the ledger, to be given to auditors.
[[nodiscard]] Status run_ledger_key(const CommonOptions& common);
// The time stamps over its checkpoints, the latest first.
[[nodiscard]] Status run_ledger_timestamps(const CommonOptions& common);
// When each of its witnesses co-signed it last, and what keeps one from it.
[[nodiscard]] Status run_ledger_witnesses(const CommonOptions& common);

[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace assay::collector
