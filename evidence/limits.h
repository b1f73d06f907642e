// Every limit of the evidence formats in one place. docs/formats/evidence.md
// lists the same numbers; a reader refuses what is larger before allocating.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::evidence {

// A table in canonical form, uncompressed.
inline constexpr std::size_t kMaxTableBytes = 64U << 20U;
inline constexpr std::size_t kMaxColumns = 64;
inline constexpr std::size_t kMaxRows = 1'000'000;
// One text cell, before escaping. A longer value is cut by its probe, which says so.
inline constexpr std::size_t kMaxCellBytes = 64U << 10U;
// Table and column names: [a-z][a-z0-9_]{0,63}.
inline constexpr std::size_t kMaxNameBytes = 64;

inline constexpr std::size_t kMaxManifestBytes = 256U << 10U;
inline constexpr std::size_t kMaxTablesPerManifest = 256;
inline constexpr std::size_t kMaxReasonBytes = 1024;
// A manifest's number has at most twelve decimal digits.
inline constexpr std::int64_t kMaxSequence = 999'999'999'999;

// A bundle file, uncompressed.
inline constexpr std::size_t kMaxBundleBytes = 1U << 30U;
inline constexpr std::size_t kMaxBundleEntries = 100'000;

inline constexpr std::size_t kDigestBytes = 32;        // SHA-256
inline constexpr std::size_t kMaxSignatureBytes = 72;  // DER of a P-256 signature (RFC 3279 §2.2.3)

// A certificate or key, PEM; a host id, [a-z0-9-]; a certificate's serial, hexadecimal.
inline constexpr std::size_t kMaxPemBytes = 16U << 10U;
inline constexpr std::size_t kMaxHostIdBytes = 40;
inline constexpr std::size_t kMaxSerialDigits = 40;

}  // namespace assay::evidence
