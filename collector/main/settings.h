// What may be set in collector.yaml. The command line wins over the file.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/applicability.h"
#include "checks/engine/content.h"
#include "collector/content/trust.h"
#include "collector/ingest/attendance_service.h"
#include "collector/ingest/quota.h"
#include "collector/retention/terms.h"
#include "collector/witnesses/witness_client.h"
#include "evidence/result.h"

namespace assay::collector {

// Of the ledger: whom to ask for time stamps.
struct TimeStampSettings {
  std::string url;  // empty: nobody is asked
  std::string ca;   // file of certificates, PEM; below the state folder unless absolute
  std::chrono::seconds every = std::chrono::hours(1);
};

// Of the ledger: whom to ask for co-signatures.
struct WitnessSettings {
  std::vector<Witness> witnesses;  // none: nobody is asked
  std::chrono::seconds every = std::chrono::hours(1);
};
inline constexpr std::size_t kMaxWitnesses = 16;

enum class LogFormat { kText, kJson };

struct Settings {
  // Where everything is kept: empty for store.db in the state folder, or postgres:CONNINFO (or
  // postgresql://…). Never with a password: libpq has passfile and service for that.
  std::string store;
  std::string listen = "127.0.0.1:7443";      // agents: gRPC
  std::string api_listen = "127.0.0.1:7444";  // people: HTTPS
  AgentSettings agents;
  QuotaLimits quotas;  // what one agent may send
  TimeStampSettings timestamps;
  WitnessSettings witnessing;
  checks::Organisation organisation;  // to whom the documents' controls are put
  std::chrono::days stale_after{7};   // a host whose last scan is older says nothing of today
  RetentionTerms retention;
  bool has_weekly_reports = true;  // what changed in each week is worked out and kept
  LogFormat log_format = LogFormat::kText;
  // Rules of one's own; only this folder may be missing.
  std::string content = std::string(checks::kOwnContentFolder);
  // Who may sign bundles of content: a certificate, or a folder of them. Likewise.
  std::string content_trust = kTrustFolder;
};

// Every unknown key or impossible value at once, with file and line (kConfiguration).
[[nodiscard]] Result<Settings> parse_settings(std::string_view yaml, std::string_view file);

// <state>/collector.yaml; the defaults when there is no such file.
[[nodiscard]] Result<Settings> load_settings(const std::string& state);

// The names of those that were changed and are read at the start alone.
[[nodiscard]] std::vector<std::string_view> changed_at_start(const Settings& before,
                                                             const Settings& now);

// The authorities that time stamps are trusted of, PEM; empty when the settings name none.
// kConfiguration with what is wrong with their file.
[[nodiscard]] Result<std::string> stamp_authorities(const Settings& settings,
                                                    const std::string& state);

}  // namespace assay::collector
