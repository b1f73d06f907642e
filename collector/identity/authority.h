// The collector's own certificate authority: who an agent is, is what its certificate says.
//
//   <folder>/ca.key  ca.pem          P-256, 10 years; the key never leaves this folder
//   <folder>/server.key server.pem   what the collector shows to agents and people
//   <folder>/names                   the names and addresses in it, one per line; may be edited
//
// Files have mode 0600, the folder 0700; keys that others may read are refused. After create() or
// open() an Authority is not changed and may be used from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

inline constexpr std::string_view kTrustDomain = "assay";
inline constexpr std::chrono::days kCaLifetime{3650};
inline constexpr std::chrono::days kServerLifetime{398};
inline constexpr std::chrono::days kAgentLifetime{30};

struct KeyPair {
  std::string key;          // PKCS #8 PEM
  std::string certificate;  // PEM
};

class Authority {
 public:
  // Makes a CA in `folder`. kConflict when there is one. `names` are DNS names and addresses by
  // which agents and people reach the collector.
  [[nodiscard]] static Result<Authority> create(const std::string& folder,
                                                const std::vector<std::string>& names,
                                                evidence::Seconds now);
  // kNotFound when there is none, kRefused when the key file can be read by others.
  [[nodiscard]] static Result<Authority> open(const std::string& folder);

  [[nodiscard]] const std::string& ca_certificate() const { return ca_.certificate; }
  // SHA-256 over the CA's DER form: the second part of every token.
  [[nodiscard]] const evidence::Digest& fingerprint() const { return fingerprint_; }

  // The collector's key and certificate; made anew when the names changed or less than two
  // thirds of its life are left. Called when `serve` starts.
  [[nodiscard]] Result<KeyPair> server(evidence::Seconds now) const;

  // A certificate for the key in `signing_request` (PKCS #10, PEM) with the SAN
  // spiffe://assay/agent/<host_id>, for client authentication only. Names in the request
  // are ignored. kInvalidData: not a request, not signed by its own key, or not P-256.
  [[nodiscard]] Result<std::string> issue_agent(std::string_view signing_request,
                                                std::string_view host_id,
                                                evidence::Seconds now) const;

 private:
  Authority(std::string folder, KeyPair ca, evidence::Digest fingerprint)
      : folder_(std::move(folder)), ca_(std::move(ca)), fingerprint_(fingerprint) {}

  std::string folder_;
  KeyPair ca_;
  evidence::Digest fingerprint_;
};

}  // namespace assay::collector
