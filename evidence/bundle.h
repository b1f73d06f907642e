// A bundle: snapshots in one file, to be carried to an auditor or over an air gap.
//
// One zstd frame around a POSIX ustar archive, so that `tar --zstd -xf` opens it:
//   manifests/<sequence as 12 digits>-<digest>.json   canonical manifest
//   manifests/<sequence as 12 digits>-<digest>.sig    DER signature; absent when unsigned
//   manifests/<sequence as 12 digits>-<digest>.tlog-proof   that it is in the collector's ledger
//   manifests/<sequence as 12 digits>-<digest>.witness-<01 to 16>   a proof likewise, by a
//                                                     checkpoint that witnesses have co-signed
//   tables/<digest>.jsonl                             each table once
//   certificates/<host id>-<serial>.pem               the agents' certificates
//   ca.pem                                            the CA that issued them; absent when unsigned
//   timestamps/<digest>.tst                           DER time-stamp token over a checkpoint of a
//                                                     proof, by the SHA-256 of that checkpoint
// docs/formats/evidence.md is the normative page.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/digest.h"
#include "evidence/ledger/note.h"
#include "evidence/manifest.h"
#include "evidence/result.h"
#include "evidence/tar.h"
#include "evidence/text.h"

namespace assay::evidence {

struct SignedManifest {
  std::string manifest;   // canonical bytes
  std::string signature;  // DER; empty when the host was not enrolled
  // Its file's name in the bundle, without folder and ending: "000000000012-<digest>". Set by the
  // reader for verify(); leave it empty otherwise and the writer makes it.
  std::string name;
  // A proof that a ledger has it (ledger/tlog_proof.h); empty when there is none.
  std::string logged;
  // Others, each by a checkpoint that witnesses of the ledger have co-signed. Not without `logged`.
  std::vector<std::string> witnessed = {};
  bool operator==(const SignedManifest&) const = default;
};
inline constexpr std::size_t kMaxWitnessedProofs = 16;  // of one manifest

struct Bundle {
  std::vector<SignedManifest> manifests;  // in any order; the reader's is by sequence, then digest
  std::map<Digest, std::string> tables;   // canonical bytes
  std::vector<std::string> certificates;  // PEM
  std::string ca;                         // PEM; empty when none
  // Time-stamp tokens (ledger/time_stamp_token.h) by the checkpoint's digest that they are over.
  std::map<Digest, std::string> stamps;
  bool operator==(const Bundle&) const = default;
};

// kInvalidData for a manifest or certificate that cannot be read (their names come from their
// content), kTooLarge over a limit. Tables are written under the digest they are given with.
[[nodiscard]] Result<std::string> to_bytes(const Bundle& bundle);

// Reads the container only: names, sizes, limits of limits.h. What it says is checked by verify().
[[nodiscard]] Result<Bundle> bundle_from_bytes(std::string_view bytes);

// The same without compression. Equal bundles are equal bytes here, with every version of zstd.
[[nodiscard]] Result<std::string> to_archive(const Bundle& bundle);
[[nodiscard]] Result<Bundle> bundle_from_archive(std::string_view archive);
// The same of members that were read already, sorted by name.
[[nodiscard]] Result<Bundle> bundle_from_members(std::span<const TarMember> members);

// One thing that was checked, in words, and how it came out.
struct Verification {
  enum class Outcome { kGood, kBad, kNotChecked };
  Outcome outcome = Outcome::kNotChecked;
  Text subject;  // "manifest 12 of host 3f…", "table users"
  Text detail;
};

struct VerificationReport {
  std::vector<Verification> entries;
  bool has_manifest = false;
  [[nodiscard]] bool is_good() const;  // nothing bad, and at least one manifest
};

// What the verifier brings along.
struct Trust {
  std::string_view ca_pem = {};  // empty: the bundle's own CA, for which nobody else vouches
  // Of the ledger that the manifests must be in, and of those who watch it.
  std::optional<VerifierKey> ledger = std::nullopt;
  std::vector<VerifierKey> witnesses = {};
  // The time-stamp authorities, PEM; empty: no time stamp is vouched for.
  std::string_view stamp_authorities = {};
};

// Checks every manifest's form and signature, every listed table's presence, digest and
// name, the chain between manifests of one host, the certificates against the CA, and that each
// manifest is in the ledger, and since when by the word of a time-stamp authority. A ledger's key
// that names its CA vouches for that too. Every witness that is named must have co-signed the
// ledger with the manifest in it; by others' co-signatures nothing is judged.
[[nodiscard]] VerificationReport verify(const Bundle& bundle, const Trust& trust);

}  // namespace assay::evidence
