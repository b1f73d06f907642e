// Content in one signed file, to be carried into a network that has no other way in: rules,
// catalogues and reference data as they were compiled, who vouches for them, and for how long.
//
// One zstd frame around a POSIX ustar archive (as evidence/bundle.h), so that tar, zstd and openssl
// are enough to look at one:
//   about.json       what it is: {"assay":"content-bundle/1","created":…,"digest":…,"title":…,
//                    "valid_days":…}, one line
//   about.sig        DER signature over about.json (evidence/signature.h)
//   certificate.pem  of the key that signed
//   content.json     the compiled content; its SHA-256 is about.json's digest
//
// All functions are pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::checks {

struct ContentBundle {
  std::string title;            // whose it is, in the maker's words; at most 200 bytes
  std::string created;          // RFC 3339, UTC
  std::int64_t valid_days = 0;  // how long its reference data may be judged by; 1 to 3650
  std::string content;          // compiled, as to_json() writes it
  std::string certificate;      // PEM of the key that signed
  std::string about;            // the signed line, as it stands in the file
  std::string signature;        // DER
};

inline constexpr std::size_t kMaxContentBytes = 64U << 20U;

// Signs and writes. kInvalidData for what a reader would refuse, or a key that is not the
// certificate's.
[[nodiscard]] Result<std::string> to_bytes(const ContentBundle& bundle,
                                           std::string_view private_key_pem);

// Reads one, and believes nothing in it before it is verified: kInvalidData for anything but what
// to_bytes() writes, kUnauthenticated when the signature is of none of the `trusted` certificates
// (PEM), or is not over this content.
[[nodiscard]] Result<ContentBundle> bundle_from_bytes(std::string_view bytes,
                                                      const std::vector<std::string>& trusted);

// The content, every reference table of which ends `valid_days` after its own day, unless it says
// itself when it does, and in any case when the bundle does: `valid_days` after it was made. What
// the company has approved does not get old.
[[nodiscard]] Result<Content> content_of(const ContentBundle& bundle);

}  // namespace assay::checks
