#include "agent/probes/linux/libraries/python/python_packages.h"

#include "agent/probes/linux/libraries/candidates.h"
#include "agent/probes/linux/libraries/package_url.h"
#include "agent/probes/linux/libraries/python/python_metadata.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

struct Place {
  std::string_view path;       // of the package's own record: the .dist-info folder
  std::string_view directory;  // where its modules are
};

std::string_view parent_of(std::string_view path) {
  return path.substr(0, path.rfind('/'));
}

Place place_of(std::string_view file) {
  const auto path = file.ends_with(".egg-info") ? file : parent_of(file);
  return {.path = path, .directory = parent_of(path)};
}

class PythonPackages final : public Walker {
 public:
  void visit(const TreeEntry& entry) override {
    const auto name = entry.name;
    if (name != "METADATA" && name != "PKG-INFO" && !name.ends_with(".egg-info")) return;
    if (entry.status.kind != FileKind::kRegular || !is_python_metadata(entry.path)) return;
    if (!is_in_container_layer(entry.path)) found_.add(entry);
  }

  Result<evidence::Table> finish(Host& host, const WalkSummary& walk) override {
    const auto files = found_.take(walk);
    if (!files) return fail(files.error());
    evidence::Table table(*evidence::find_table("python_packages"));
    for (const auto& file : *files) add_row(host, file, table);
    for (auto& place : found_.unseen(walk))
      table.add({{"path", std::move(place.path)}, {"note", std::move(place.note)}});
    return table;
  }

 private:
  static void add_row(Host& host, const std::string& file, evidence::Table& table) {
    const auto status = host.status(file);
    const auto text = host.read_start(file, kMaxPythonMetadataBytes);
    if (!text && text.error().code() == Code::kNotFound) return;  // removed since the walk
    const auto parsed = text ? parse_python_metadata(*text) : fail(text.error());
    const auto package = parsed.value_or(PythonMetadata{});
    const auto place = place_of(file);
    table.add({{"name", text_or_null(package.name)},
               {"uid", status ? evidence::Value(std::int64_t{status->uid}) : evidence::kNull},
               {"version", text_or_null(package.version)},
               {"summary", text_or_null(package.summary)},
               {"author", text_or_null(package.author)},
               {"license", text_or_null(package.license)},
               {"path", std::string(place.path)},
               {"directory", std::string(place.directory)},
               {"purl", text_or_null(pypi_url(package.name, package.version))},
               {"note", parsed ? evidence::kNull : text_or_null(parsed.error().message())}});
  }

  Candidates found_{"Python packages", kMaxPythonPackages};
};

}  // namespace

std::unique_ptr<Walker> make_python_packages() {
  return std::make_unique<PythonPackages>();
}

}  // namespace assay::agent
