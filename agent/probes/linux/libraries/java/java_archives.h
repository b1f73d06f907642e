// Table java_archives.
#pragma once

#include <memory>
#include <string_view>

#include "agent/probes/probe.h"

namespace assay::agent {

// Keeps the places of Java archives, which are opened when the walk is over.
[[nodiscard]] std::unique_ptr<Walker> make_java_archives();

// "jar", "war", "ear" or "par", from the end of a name; empty for other names.
[[nodiscard]] std::string_view kind_of_archive(std::string_view name);

inline constexpr std::size_t kMaxJavaArchives = 20'000;
inline constexpr std::size_t kMaxJavaRows = 40'000;
inline constexpr std::size_t kMaxJarManifestBytes = 64U << 10U;  // its main section stands first
inline constexpr std::size_t kMaxPomBytes = 64U << 10U;
inline constexpr std::size_t kMaxPoms = 2'000;    // of one archive
inline constexpr std::size_t kMaxNested = 2'000;  // archives within one
// A packed archive within another is unpacked in memory; one that is only stored there is read
// in place, however large.
inline constexpr std::size_t kMaxNestedBytes = 12U << 20U;
inline constexpr std::uint64_t kMaxUnpackedBytes = 512U << 20U;  // out of one file

}  // namespace assay::agent
