// How the files of a bundle are named (bundle.h lists them), for all who write or read one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::evidence::bundle_names {

inline constexpr std::string_view kCa = "ca.pem";
inline constexpr std::string_view kCertificates = "certificates/";
inline constexpr std::string_view kManifests = "manifests/";
inline constexpr std::string_view kStamps = "timestamps/";
inline constexpr std::string_view kTables = "tables/";
inline constexpr std::string_view kProof = ".tlog-proof";
inline constexpr std::string_view kWitness = ".witness-";  // and two_digits()
inline constexpr std::size_t kSequenceDigits = 12;

// Without folder and ending: "000000000012-<digest>".
[[nodiscard]] std::string of_manifest(std::int64_t sequence, const Digest& digest);
// Without folder. kInvalidData for what is no certificate of a host.
[[nodiscard]] Result<std::string> of_certificate(std::string_view pem);
[[nodiscard]] std::string of_table(const Digest& digest);      // whole
[[nodiscard]] std::string of_stamp(const Digest& checkpoint);  // whole
// Two digits, so that the order of names is that of numbers.
[[nodiscard]] std::string two_digits(std::size_t number);

// Whether such a file belongs into a bundle, as far as its place tells.
[[nodiscard]] bool is_one(std::string_view name);

}  // namespace assay::evidence::bundle_names
