#include "agent/probes/linux/presence/presence.h"

namespace assay::agent {
namespace {

constexpr std::string_view kHidden = "running: processes of others are hidden";
constexpr std::string_view kInImage = "running: an image is read, so nothing runs";

// Of what a link leads to. A removed product often leaves its link in the PATH: it is not there.
Status target_status(Host& host, std::string_view program) {
  const auto status = host.status(program);
  if (!status) return fail(status.error());
  if (status->kind != FileKind::kSymlink) return {};
  const auto start = host.read_start(program, 1);
  if (!start && start.error().code() == Code::kNotFound) return fail(start.error());
  return {};
}

}  // namespace

// True when a place where a program may be could not be looked at.
Result<bool> PresenceFinder::find_programs(const Product& product, Presence& presence) {
  bool is_hidden = false;
  for (const auto program : product.programs) {
    const auto status = target_status(host_, program);
    if (status) {
      presence.installed = true;
      presence.sources.emplace_back(program);
    } else if (status.error().code() == Code::kPermissionDenied) {
      is_hidden = true;
    } else if (status.error().code() != Code::kNotFound) {
      return fail(status.error());
    }
  }
  return is_hidden;
}

PresenceFinder::PackageTrace PresenceFinder::find_package(const Product& product,
                                                          Presence& presence) {
  using enum PackageTrace;
  if (!wants_versions_) return versions_.has_list(product.packages) ? kRemoved : kNone;
  auto package = versions_.find(product.packages);
  if (!package) {
    presence.notes.push_back("version: " + package.error().message());
    return versions_.has_list(product.packages) ? kUnknown : kNone;
  }
  if (!*package) return kNone;
  const bool is_installed = (*package)->is_installed;
  // A program that did not come with the package that was removed has another version.
  if (is_installed || !presence.installed) {
    presence.version = std::move((*package)->version);
    presence.sources.push_back(std::move((*package)->source));
  }
  return is_installed ? kInstalled : kRemoved;
}

Status PresenceFinder::find_service(const Product& product, Presence& presence) {
  const auto enabled = services_.is_enabled(product.units);
  if (!enabled) return fail(enabled.error());
  presence.enabled = *enabled;
  if (!*enabled) presence.notes.emplace_back(kNoService);
  auto processes = product.processes;
  processes.insert(processes.end(), product.programs.begin(), product.programs.end());
  const auto running = services_.is_running(product.units, processes);
  if (!running) return fail(running.error());
  presence.running = *running;
  if (!*running) presence.notes.emplace_back(host_.is_live() ? kHidden : kInImage);
  return {};
}

Result<std::optional<Presence>> PresenceFinder::find(const Product& product) {
  Presence presence;
  const auto is_hidden = find_programs(product, presence);
  if (!is_hidden) return fail(is_hidden.error());
  const auto package = find_package(product, presence);
  if (!presence.installed && package == PackageTrace::kNone && !*is_hidden) return std::nullopt;
  if (!presence.installed) {
    if (*is_hidden)
      presence.notes.emplace_back("installed: its folder may not be read");
    else if (package == PackageTrace::kRemoved)
      presence.installed = false;
    else
      presence.notes.emplace_back(
          "installed: a package of it is known, but no program of it is where we look");
  }
  if (auto done = find_service(product, presence); !done) return fail(std::move(done.error()));
  return presence;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string all;
  for (const auto& text : texts) {
    if (!all.empty()) all += separator;
    all += text;
  }
  return all;
}

}  // namespace assay::agent
