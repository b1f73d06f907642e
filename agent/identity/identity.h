// Who this machine is to the collector: identity/ of the state folder.
//
//   agent.key (0600) agent.crt ca.crt host_id collector
//
// The courier writes them, as the collector's answer to enroll and renew; the agent's process
// reads them to sign manifests. Used by one thread at a time.
#pragma once

#include <string>

#include "agent/state/state_folder.h"
#include "evidence/result.h"
#include "evidence/signature.h"

namespace assay::agent {

struct Identity {
  std::string host_id;
  std::string key;          // PEM; never in a message, log or table
  std::string certificate;  // PEM
  std::string ca;           // PEM; the only root that this machine trusts its collector by
  std::string collector;    // HOST:PORT
};

// kNotFound: not enrolled. kInvalidData: files that do not belong together; to enroll again helps.
// An expired certificate loads: it still says who the machine was, and why it cannot connect.
// Sees either the old or the new certificate while another process renews.
[[nodiscard]] Result<Identity> load_identity(const StateFolder& state);

// Checks what store_identity() would store: key, certificate and CA belong together, the host id
// is the certificate's, and the certificate is good at `now`.
[[nodiscard]] Status check_identity(const Identity& identity, evidence::Seconds now);

// Durable when it returns. What was there before is replaced.
[[nodiscard]] Status store_identity(const StateFolder& state, const Identity& identity);

// Replaces key and certificate only. Killed at any point, load_identity() finds a pair that fits.
[[nodiscard]] Status store_renewed(const StateFolder& state, std::string_view key,
                                   std::string_view certificate);

// When two thirds of the certificate's time are over.
[[nodiscard]] evidence::Seconds renewal_due(const evidence::CertificateFacts& facts);

}  // namespace assay::agent
