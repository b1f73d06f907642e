#include "agent/probes/linux/libraries/java/archive_inspector.h"

#include <strings.h>

#include "agent/probes/linux/libraries/java/java_archives.h"
#include "agent/probes/linux/libraries/package_url.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";
constexpr std::string_view kSaysNothing = "it does not say what it is";

bool is_manifest(std::string_view member) {
  return member.size() == kManifest.size() &&
         ::strncasecmp(member.data(), kManifest.data(), kManifest.size()) == 0;
}

void append_note(std::string& note, std::string_view more) {
  constexpr std::size_t kMaxNoteBytes = 500;
  if (more.empty() || note.size() > kMaxNoteBytes || note.find(more) != std::string::npos) return;
  if (!note.empty()) note += "; ";
  note += more;
}

}  // namespace

struct ArchiveInspector::Contents {
  std::optional<ZipMember> manifest;
  std::vector<ZipMember> poms;
  std::vector<ZipMember> archives;
};

Result<ArchiveInspector::Contents> ArchiveInspector::list(ByteSource& source) {
  Contents contents;
  auto listed = read_zip_directory(source, [&](const ZipMember& member) -> Status {
    if (!contents.manifest && is_manifest(member.name)) contents.manifest = member;
    if (is_pom_properties(member.name)) contents.poms.push_back(member);
    if (!kind_of_archive(member.name).empty()) contents.archives.push_back(member);
    if (contents.poms.size() > kMaxPoms || contents.archives.size() > kMaxNested)
      return fail(Code::kTooLarge, "it holds more packages than are listed");
    return {};
  });
  if (!listed) return fail(std::move(listed.error()));
  return contents;
}

void ArchiveInspector::inspect(ByteSource& file) {
  inspect_one(file, {}, true);
}

void ArchiveInspector::inspect_one(ByteSource& source, std::string_view nested, bool goes_deeper) {
  const auto contents = list(source);
  if (!contents) return add_failure(nested, contents.error());
  std::string note;
  JarManifest manifest;
  if (contents->manifest) {
    const auto text = read_start_of(source, *contents->manifest, kMaxJarManifestBytes);
    if (text)
      manifest = parse_jar_manifest(*text);
    else
      append_note(note, text.error().message());
  }
  if (!goes_deeper && !contents->archives.empty())
    append_note(note, "archives within it were not looked into");
  bool has_row = false;
  has_manifests_version_ = false;
  for (const auto& pom : contents->poms)
    if (add_maven(source, nested, pom, manifest, note)) has_row = true;
  const bool says_more = !manifest.name.empty() && !has_manifests_version_;
  if (!has_row || says_more || !note.empty()) add_manifest(nested, manifest, note);
  if (!goes_deeper) return;
  for (const auto& archive : contents->archives) inspect_nested(source, archive);
}

void ArchiveInspector::inspect_nested(ByteSource& source, const ZipMember& member) {
  constexpr std::uint16_t kIsEncrypted = 1;
  if (member.is_stored() && (member.flags & kIsEncrypted) == 0) {
    const auto begin = content_offset(source, member);
    if (!begin) return add_failure(member.name, begin.error());
    PartOfBytes part(source, *begin, std::min(member.packed_bytes, source.size() - *begin));
    return inspect_one(part, member.name, false);
  }
  if (auto left = take_from_budget(member); !left) return add_failure(member.name, left.error());
  const auto content = read_whole(source, member, kMaxNestedBytes);
  if (!content) return add_failure(member.name, content.error());
  MemoryBytes memory(*content);
  inspect_one(memory, member.name, false);
}

// Many members may share the same few packed bytes: what they unpack to is bounded together.
Status ArchiveInspector::take_from_budget(const ZipMember& member) {
  unpacked_bytes_ += std::min<std::uint64_t>(member.unpacked_bytes, kMaxNestedBytes);
  if (unpacked_bytes_ <= kMaxUnpackedBytes) return {};
  return fail(Code::kTooLarge, "the archives within the file are more than is unpacked");
}

bool ArchiveInspector::add_maven(ByteSource& source, std::string_view nested, const ZipMember& pom,
                                 const JarManifest& manifest, std::string& note) {
  const auto text = read_whole(source, pom, kMaxPomBytes);
  if (!text) {
    append_note(note, text.error().message());
    return false;
  }
  const auto found = parse_pom_properties(*text);
  if (found.artifact.empty()) {
    append_note(note, "a pom.properties names no artifact");
    return false;
  }
  const bool is_manifests = found.version == manifest.version;
  if (is_manifests) has_manifests_version_ = true;
  const auto purl = maven_url(found.group, found.artifact, found.version, kind(nested));
  table_.add({{"path", path_},
              {"nested", text_or_null(nested)},
              {"kind", std::string(kind(nested))},
              {"name", found.artifact},
              {"version", text_or_null(found.version)},
              {"vendor", is_manifests ? text_or_null(manifest.vendor) : evidence::kNull},
              {"group_id", text_or_null(found.group)},
              {"source", "maven"},
              {"purl", text_or_null(purl)}});
  return true;
}

void ArchiveInspector::add_manifest(std::string_view nested, const JarManifest& manifest,
                                    const std::string& note) {
  auto why = note;
  if (manifest.name.empty()) append_note(why, kSaysNothing);
  table_.add({{"path", path_},
              {"nested", text_or_null(nested)},
              {"kind", std::string(kind(nested))},
              {"name", text_or_null(manifest.name)},
              {"version", text_or_null(manifest.version)},
              {"vendor", text_or_null(manifest.vendor)},
              {"source", "manifest"},
              {"note", text_or_null(why)}});
}

void ArchiveInspector::add_failure(std::string_view nested, const Error& why) {
  table_.add({{"path", path_},
              {"nested", text_or_null(nested)},
              {"kind", std::string(kind(nested))},
              {"note", why.message()}});
}

std::string_view ArchiveInspector::kind(std::string_view nested) const {
  return kind_of_archive(nested.empty() ? std::string_view(path_) : nested);
}

}  // namespace assay::agent
