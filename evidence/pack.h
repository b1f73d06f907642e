// An auditor's pack: what a framework asked of which machines, as of a moment or over a period, in
// one file: reports for people, the same as data, the evidence itself with its signatures, waivers
// and attestations with their files, and the proof that all of it is what the collector put on
// record then.
//
// One zstd frame around a POSIX ustar archive, as bundles are (bundle.h):
//   act.json                  the act by which it was made (ledger/act.h); names pack.json's digest
//   act.tlog-proof, act.tst, act.witness-<01 to 16>   that the act is in the ledger
//   pack.json                 what it is of, and every file of those below with size and digest
//   ca.pem, certificates/…, manifests/…, tables/…, timestamps/…   a bundle, proofs included
//   files/<digest>            what was attached to attestations
//   *.csv, *.json, *.html     reports
// act.*, the proofs in manifests/ and timestamps/ prove themselves and are in no list: they differ
// by when the pack is fetched. All else is the same bytes for the same question, whenever it is asked.
// docs/formats/pack.md is the normative page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/bundle.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

inline constexpr std::string_view kPackList = "pack.json";
inline constexpr std::string_view kPackAct = "act.json";
inline constexpr std::string_view kPackMade = "pack_made";  // the kind of that act
inline constexpr std::size_t kMaxPackListBytes = 32U << 20U;
inline constexpr std::size_t kMaxPackHosts = 20'000;

struct PackHost {
  std::string id;
  std::optional<Digest> manifest;  // of the snapshot that it was judged by; none: it sent none yet
  bool operator==(const PackHost&) const = default;
};

struct PackFile {
  std::string name;
  std::int64_t bytes = 0;
  Digest digest;
  bool operator==(const PackFile&) const = default;
};

struct PackList {
  std::string ledger;  // origin of the collector's ledger; empty: it keeps none
  std::string framework;
  std::string edition;
  Digest content;                // of the rules and catalogues that the reports were made by
  std::optional<Seconds> since;  // of a period; else it is as of one moment
  Seconds as_of;
  std::vector<PackHost> hosts;  // sorted by id
  std::vector<PackFile> files;  // sorted by name
  bool operator==(const PackList&) const = default;
};

// pack.json: a line for each host and file.
[[nodiscard]] std::string to_text(const PackList& list);
// Accepts exactly what to_text() writes. kInvalidData, kTooLarge.
[[nodiscard]] Result<PackList> pack_list_from(std::string_view text);

// Whether the archive, not yet compressed, is a pack: it has a pack.json. Hostile input.
[[nodiscard]] bool is_pack(std::string_view archive);

// Everything that verify() says of the bundle in it; that every file is listed and as it is listed,
// and nothing else is there; that the hosts' manifests are those of the list; that the act names
// the list and is in the ledger, since when, and who witnessed it; and what was not looked at.
// kInvalidData, kTooLarge when it is no archive or has no list that can be read.
[[nodiscard]] Result<VerificationReport> verify_pack(std::string_view archive, const Trust& trust);

}  // namespace assay::evidence
