#include "agent/probes/linux/software/bundles/flatpak_packages.h"

#include "agent/probes/linux/software/bundles/empty_table.h"
#include "agent/probes/linux/software/bundles/flatpak_deploy.h"
#include "agent/probes/linux/software/bundles/homes.h"
#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSystem = "/var/lib/flatpak";
constexpr std::string_view kInHome = "/.local/share/flatpak";
constexpr std::size_t kMaxNames = 10'000;  // in a folder of an installation

// "app/org.gimp.GIMP/x86_64/stable" in parts.
struct Ref {
  std::string kind;
  std::string name;
  std::string arch;
  std::string branch;
};

class Installation {
 public:
  // `home` is nullptr for the system's.
  Installation(Host& host, std::string folder, const Home* home, evidence::Table& table)
      : host_(host), folder_(std::move(folder)), home_(home), table_(table) {}

  Status collect() {
    for (const std::string kind : {"app", "runtime"})
      if (auto collected = collect_kind(kind); !collected) return collected;
    return {};
  }

  // A row that only says what could not be read.
  void add_note(std::string_view note) {
    table_.add({{"installation", std::string(home_ == nullptr ? "system" : "user")},
                {"username", home_ == nullptr ? evidence::Value() : home_->username},
                {"path", folder_},
                {"note", std::string(note)}});
  }

 private:
  // Nothing there is nothing installed.
  Result<std::vector<std::string>> names_in(const std::string& folder) {
    auto names = host_.list_directory(folder, kMaxNames);
    if (!names && names.error().code() == Code::kNotFound) return std::vector<std::string>();
    // "current" beside the architectures is a link, and a file is no folder.
    if (!names && names.error().code() == Code::kInvalidData) return std::vector<std::string>();
    return names;
  }

  Status collect_kind(const std::string& kind) {
    const auto base = folder_ + "/" + kind;
    const auto ids = names_in(base);
    if (!ids) return fail(ids.error());
    for (const auto& id : *ids) {
      const auto arches = names_in(base + "/" + id);
      if (!arches) return fail(arches.error());
      for (const auto& arch : *arches) {
        if (arch == "current") continue;
        const auto branches = names_in(base + "/" + id + "/" + arch);
        if (!branches) return fail(branches.error());
        for (const auto& branch : *branches)
          if (auto added = add({kind, id, arch, branch}); !added) return added;
      }
    }
    return {};
  }

  Status add(const Ref& ref) {
    const auto folder =
        folder_ + "/" + ref.kind + "/" + ref.name + "/" + ref.arch + "/" + ref.branch + "/active";
    const auto bytes = host_.read_file(folder + "/deploy", kMaxFlatpakDeployBytes);
    if (!bytes && bytes.error().code() == Code::kNotFound) return {};  // not deployed
    if (!bytes) return fail(bytes.error());
    auto deploy = parse_flatpak_deploy(*bytes);
    if (!deploy) return fail(deploy.error().within("reading " + folder + "/deploy"));
    add_row(ref, *deploy, folder);
    return {};
  }

  void add_row(const Ref& ref, const FlatpakDeploy& deploy, const std::string& folder) {
    table_.add({{"name", ref.name},
                {"version", text_or_null(deploy.version)},
                {"kind", ref.kind},
                {"arch", ref.arch},
                {"branch", ref.branch},
                {"origin", text_or_null(deploy.origin)},
                {"commit_id", text_or_null(deploy.commit)},
                {"runtime", text_or_null(deploy.runtime)},
                {"license", text_or_null(deploy.license)},
                {"size", number_or_null(deploy.installed_bytes)},
                {"end_of_life", text_or_null(deploy.end_of_life)},
                {"installation", std::string(home_ == nullptr ? "system" : "user")},
                {"username", home_ == nullptr ? evidence::Value() : home_->username},
                {"path", folder},
                {"purl", Purl("flatpak", deploy.origin, ref.name, deploy.version)
                             .with("arch", ref.arch)
                             .with("branch", ref.branch)
                             .with("commit", deploy.commit)
                             .take()}});
  }

  Host& host_;
  std::string folder_;
  const Home* home_;
  evidence::Table& table_;
};

}  // namespace

Result<evidence::Table> collect_flatpak_packages(Host& host) {
  evidence::Table table(*evidence::find_table("flatpak_packages"));
  if (auto system = Installation(host, std::string(kSystem), nullptr, table).collect(); !system)
    return fail(std::move(system.error()));
  const auto homes = home_folders(host);
  if (!homes) return fail(homes.error());
  for (const auto& home : *homes) {
    evidence::Table rows(table.header());
    Installation installation(host, home.directory + std::string(kInHome), &home, rows);
    if (!home.why_not.empty()) {
      Installation(host, home.directory + std::string(kInHome), &home, table)
          .add_note(home.why_not);
      continue;
    }
    if (const auto collected = installation.collect(); !collected) {
      Installation(host, home.directory + std::string(kInHome), &home, table)
          .add_note(collected.error().message());
      continue;
    }
    for (const auto& row : rows.rows()) table.add_row(row);
  }
  return unless_nothing_was_there(host, std::move(table));
}

}  // namespace assay::agent
