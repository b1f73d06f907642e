// The header of one installed package, as every backend of rpm's database
// stores it: a count of index entries, a count of data bytes, the entries
// (tag, type, offset, count: big-endian), the data.
//
// Entries that rpm added when the package was installed stand behind those that
// were signed with the package, and win where both have a tag.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/probes/linux/software/bytes/byte_source.h"
#include "evidence/result.h"

namespace assay::agent {

// Empty, or nothing: the header has no such tag.
struct RpmHeader {
  std::string name;
  std::string version;
  std::string release;
  std::string arch;
  std::string source_rpm;
  std::string vendor;
  std::string group;
  std::string license;
  std::string module;       // modularity label: "nodejs:18:…"
  std::string sha1;         // of the header as it was signed, hexadecimal
  std::string signing_key;  // key id, 16 hexadecimal digits
  std::optional<std::int64_t> epoch;
  std::optional<std::int64_t> size_bytes;
  std::optional<std::int64_t> install_time;  // seconds since 1970
};

// Reads only the parts of `blob` that it needs. kInvalidData when it is no whole header or has no
// name, version or release; kTooLarge for a value that no package has.
[[nodiscard]] Result<RpmHeader> read_rpm_header(ByteSource& blob);

// What tells one version of a package from another. Fails as read_rpm_header() does.
struct RpmIdentity {
  std::string name;
  std::string version;
  std::string release;
  std::optional<std::int64_t> epoch;

  // As rpm writes it: "1:3.0.7-27.el9", without an epoch of 0.
  [[nodiscard]] std::string full_version() const;
};
[[nodiscard]] Result<RpmIdentity> read_rpm_identity(ByteSource& blob);

inline constexpr std::uint32_t kMaxRpmHeaderEntries = 0xffff;
inline constexpr std::uint32_t kMaxRpmHeaderDataBytes = 0x0fffffff;

}  // namespace assay::agent
