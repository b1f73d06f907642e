#include "collector/software/software_list.h"

#include <algorithm>
#include <array>

namespace assay::collector {
namespace {

struct Source {
  std::string_view kind;
  std::string_view table;
  std::string_view name;     // columns
  std::string_view version;  //
  std::string_view arch = {};
};
constexpr std::array kSources = {
    Source{"os", "os_version", "platform", "version", "arch"},
    Source{"deb", "deb_packages", "name", "version", "arch"},
    Source{"rpm", "rpm_packages", "name", "version", "arch"},
    Source{"apk", "apk_packages", "name", "version", "arch"},
    Source{"snap", "snap_packages", "name", "version"},
    Source{"flatpak", "flatpak_packages", "name", "version", "arch"},
    Source{"python", "python_packages", "name", "version"},
    Source{"npm", "npm_packages", "name", "version"},
    Source{"java", "java_archives", "name", "version"},
    Source{"go", "go_binaries", "module", "version"},
};

// What a note says of files that are not in the table.
constexpr std::string_view kNotLookedAt = "not looked at: ";
// "not_found: no rpm database is on this system": nothing is missing.
bool is_absence(std::string_view reason) {
  return reason.starts_with("not_found:") || reason.starts_with("not_supported:");
}

class Reader {
 public:
  Reader(const Source& source, const evidence::Table& table, const CpeDictionary& dictionary,
         SoftwareList& into)
      : source_(source), table_(table), dictionary_(dictionary), into_(into) {}

  void read() {
    for (std::size_t row = 0; row < table_.rows().size(); ++row) {
      if (is_removed(row)) continue;
      const auto name = text(row, source_.name);
      if (name.empty())
        note(row);
      else
        add(row, name);
    }
  }

 private:
  [[nodiscard]] std::string text(std::size_t row, std::string_view column) const {
    return column.empty() ? std::string() : evidence::to_text(table_.at(row, column));
  }

  // dpkg keeps packages whose settings remain.
  [[nodiscard]] bool is_removed(std::size_t row) const {
    return source_.kind == "deb" && !text(row, "status").ends_with(" installed");
  }

  void note(std::size_t row) {
    const auto said = text(row, "note");
    if (said.starts_with(kNotLookedAt))
      into_.missing.push_back({std::string(source_.table), text(row, "path") + ": " + said});
  }

  void add(std::size_t row, const std::string& name) {
    const auto version = text(row, source_.version);
    SoftwareItem item{.kind = std::string(source_.kind),
                      .name = name,
                      .version = version,
                      .arch = text(row, source_.arch),
                      .purl = text(row, "purl")};
    if (source_.kind == "rpm") {
      const auto epoch = text(row, "epoch");
      if (!epoch.empty() && epoch != "0") item.version = epoch + ":" + version;
      item.version += "-" + text(row, "release");
    }
    if (const auto guess = dictionary_.guess(source_.kind, name, version)) {
      item.cpe = guess->cpe;
      item.confidence = guess->confidence;
    }
    into_.items.push_back(std::move(item));
  }

  const Source& source_;
  const evidence::Table& table_;
  const CpeDictionary& dictionary_;
  SoftwareList& into_;
};

}  // namespace

Result<SoftwareList> software_of(const evidence::Manifest& manifest, const TableReader& read,
                                 const CpeDictionary& dictionary, std::string_view wanted) {
  SoftwareList list;
  for (const auto& source : kSources) {
    if (!wanted.empty() && source.kind != wanted) continue;
    const auto entry = std::ranges::find(manifest.tables, source.table,
                                         &evidence::ManifestEntry::name);
    if (entry == manifest.tables.end()) {
      list.missing.push_back({std::string(source.table), "not in the snapshot"});
      continue;
    }
    if (!entry->digest) {
      if (!is_absence(entry->reason))
        list.missing.push_back({std::string(source.table), entry->reason});
      continue;
    }
    const auto table = read(*entry->digest);
    if (!table) return fail(table.error().within("table " + std::string(source.table)));
    Reader(source, *table, dictionary, list).read();
  }
  std::ranges::sort(list.items);
  const auto [first, last] = std::ranges::unique(list.items);
  list.items.erase(first, last);
  return list;
}

const std::vector<std::string>& software_kinds() {
  static const std::vector<std::string> kKinds = [] {
    std::vector<std::string> kinds;
    for (const auto& source : kSources) kinds.emplace_back(source.kind);
    return kinds;
  }();
  return kKinds;
}

}  // namespace assay::collector
