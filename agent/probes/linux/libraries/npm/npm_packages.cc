#include "agent/probes/linux/libraries/npm/npm_packages.h"

#include "agent/probes/linux/libraries/candidates.h"
#include "agent/probes/linux/libraries/npm/npm_manifest.h"
#include "agent/probes/linux/libraries/package_url.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kModules = "/node_modules";

std::string_view parent_of(std::string_view path) {
  return path.substr(0, path.rfind('/'));
}

// The folder in which the package's node_modules folder is.
std::string directory_of(std::string_view file) {
  auto modules = parent_of(parent_of(file));
  if (modules.substr(modules.rfind('/') + 1).starts_with('@')) modules = parent_of(modules);
  if (modules.ends_with(kModules)) modules.remove_suffix(kModules.size());
  return modules.empty() ? "/" : std::string(modules);
}

class NpmPackages final : public Walker {
 public:
  void visit(const TreeEntry& entry) override {
    if (entry.name != "package.json" || entry.status.kind != FileKind::kRegular) return;
    if (is_npm_manifest(entry.path) && !is_in_container_layer(entry.path)) found_.add(entry);
  }

  Result<evidence::Table> finish(Host& host, const WalkSummary& walk) override {
    const auto files = found_.take(walk);
    if (!files) return fail(files.error());
    evidence::Table table(*evidence::find_table("npm_packages"));
    for (const auto& file : *files) add_row(host, file, table);
    for (auto& place : found_.unseen(walk))
      table.add({{"path", std::move(place.path)}, {"note", std::move(place.note)}});
    return table;
  }

 private:
  static void add_row(Host& host, const std::string& file, evidence::Table& table) {
    const auto text = host.read_file(file, kMaxNpmManifestBytes);
    if (!text && text.error().code() == Code::kNotFound) return;  // removed since the walk
    const auto parsed = text ? parse_npm_manifest(*text) : fail(text.error());
    if (parsed && !parsed->is_package()) return;
    const auto package = parsed.value_or(NpmManifest{});
    table.add({{"name", text_or_null(package.name)},
               {"version", text_or_null(package.version)},
               {"description", text_or_null(package.description)},
               {"author", text_or_null(package.author)},
               {"license", text_or_null(package.license)},
               {"homepage", text_or_null(package.homepage)},
               {"path", file},
               {"directory", directory_of(file)},
               {"purl", text_or_null(npm_url(package.name, package.version))},
               {"note", parsed ? evidence::kNull : text_or_null(parsed.error().message())}});
  }

  Candidates found_{"npm packages", kMaxNpmPackages};
};

}  // namespace

std::unique_ptr<Walker> make_npm_packages() {
  return std::make_unique<NpmPackages>();
}

}  // namespace assay::agent
