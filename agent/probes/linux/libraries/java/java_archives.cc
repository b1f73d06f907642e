#include "agent/probes/linux/libraries/java/java_archives.h"

#include <strings.h>

#include "agent/probes/linux/libraries/candidates.h"
#include "agent/probes/linux/libraries/java/archive_inspector.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"jar", "war", "ear", "par"};

class JavaArchives final : public Walker {
 public:
  void visit(const TreeEntry& entry) override {
    if (entry.status.kind != FileKind::kRegular || kind_of_archive(entry.name).empty()) return;
    if (!is_in_container_layer(entry.path)) found_.add(entry);
  }

  Result<evidence::Table> finish(Host& host, const WalkSummary& walk) override {
    const auto files = found_.take(walk);
    if (!files) return fail(files.error());
    evidence::Table table(*evidence::find_table("java_archives"));
    for (const auto& file : *files) {
      if (table.rows().size() > kMaxJavaRows) {
        table.add({{"path", file},
                   {"note", std::string(kNotLookedAt) + "this archive and all that come after it, " +
                                "because there are more than " + std::to_string(kMaxJavaRows) +
                                " packages in Java archives"}});
        break;
      }
      inspect(host, file, table);
    }
    for (auto& place : found_.unseen(walk))
      table.add({{"path", std::move(place.path)}, {"note", std::move(place.note)}});
    return table;
  }

 private:
  static void inspect(Host& host, const std::string& file, evidence::Table& table) {
    ArchiveInspector inspector(file, table);
    const auto status = host.status(file);
    if (!status) {
      // Not found: removed since the walk.
      if (status.error().code() != Code::kNotFound) inspector.add_failure(status.error());
      return;
    }
    FilePieces source(host, file, status->size_bytes);
    inspector.inspect(source);
  }

  Candidates found_{"Java archives", kMaxJavaArchives};
};

}  // namespace

std::string_view kind_of_archive(std::string_view name) {
  constexpr std::size_t kEnding = 4;  // ".jar"
  if (name.size() <= kEnding || name[name.size() - kEnding] != '.') return {};
  const auto ending = name.substr(name.size() - kEnding + 1);
  for (const auto kind : kKinds)
    if (::strncasecmp(kind.data(), ending.data(), kind.size()) == 0) return kind;
  return {};
}

std::unique_ptr<Walker> make_java_archives() {
  return std::make_unique<JavaArchives>();
}

}  // namespace assay::agent
