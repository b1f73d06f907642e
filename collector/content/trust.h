// The certificates whose bundles of content are believed: a PEM file, or a folder of them.
//
// Any thread; reads files.
#pragma once

#include <string>
#include <vector>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// The folder that may be missing: then nobody is trusted.
inline constexpr const char* kTrustFolder = "/etc/assay/content-trust.d";
inline constexpr std::size_t kMaxTrusted = 100;

struct TrustedCertificate {
  std::string file;
  std::string pem;
  evidence::Digest fingerprint;
  evidence::Seconds not_before;
  evidence::Seconds not_after;
};

// Of a folder, its *.pem and *.crt, sorted. A file holds one certificate: the first counts.
// kConfiguration, with the file, for one that is none, and for a path that is not there, unless it
// is kTrustFolder.
[[nodiscard]] Result<std::vector<TrustedCertificate>> read_trusted(const std::string& path);
// The files that read_trusted() would read.
[[nodiscard]] Result<std::vector<std::string>> trust_files(const std::string& path);

}  // namespace assay::collector
