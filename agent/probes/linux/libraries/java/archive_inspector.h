// Looks into one Java archive and the archives within it, and writes what they
// say of themselves as rows of java_archives.
#pragma once

#include <string>
#include <string_view>

#include "agent/probes/linux/libraries/file_pieces.h"
#include "agent/probes/linux/libraries/java/jar_facts.h"
#include "agent/probes/linux/libraries/java/zip_archive.h"
#include "evidence/table.h"

namespace assay::agent {

class ArchiveInspector {
 public:
  // Rows go to `table`, which must outlive this.
  ArchiveInspector(std::string path, evidence::Table& table)
      : path_(std::move(path)), table_(table) {}

  // At least one row, whatever the file is.
  void inspect(ByteSource& file);
  // The row of a file that could not be looked into.
  void add_failure(const Error& why) { add_failure({}, why); }

 private:
  struct Contents;

  void inspect_one(ByteSource& source, std::string_view nested, bool goes_deeper);
  [[nodiscard]] static Result<Contents> list(ByteSource& source);
  void inspect_nested(ByteSource& source, const ZipMember& member);
  [[nodiscard]] Status take_from_budget(const ZipMember& member);
  // True when a row was written.
  bool add_maven(ByteSource& source, std::string_view nested, const ZipMember& pom,
                 const JarManifest& manifest, std::string& note);
  void add_manifest(std::string_view nested, const JarManifest& manifest, const std::string& note);
  void add_failure(std::string_view nested, const Error& why);
  [[nodiscard]] std::string_view kind(std::string_view nested) const;

  std::string path_;
  evidence::Table& table_;
  std::uint64_t unpacked_bytes_ = 0;
  bool has_manifests_version_ = false;  // a Maven row has the version that the manifest says
};

}  // namespace assay::agent
