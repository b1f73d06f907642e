#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "checks/engine/compiler.h"
#include "checks/engine/content.h"
#include "checks/engine/content_format.h"

namespace assay::checks {

namespace {

namespace fs = std::filesystem;

Result<std::string> read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(system_error(errno, path.string()));
  std::error_code unknown;
  auto size = fs::file_size(path, unknown);
  if (unknown) size = 0;
  std::string text;
  // In one piece: the compiled content is some megabytes, and each program begins with it.
  text.reserve(size + kReadPastTheEnd);
  text.resize_and_overwrite(size, [&](char* into, std::size_t most) {
    in.read(into, static_cast<std::streamsize>(most));
    return static_cast<std::size_t>(in.gcount());
  });
  // It may have grown, or tell no size.
  for (std::array<char, 4096> more; in.read(more.data(), more.size()), in.gcount() > 0;)
    text.append(more.data(), static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return fail(Code::kIo, path.string());
  return text;
}

// *.yaml in the folder itself and one level below, sorted, so that "later wins" means something.
Result<std::vector<fs::path>> yaml_files(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  if (error) return fail(system_error(error.value(), folder));
  for (const auto end = fs::recursive_directory_iterator(); at != end; at.increment(error)) {
    if (at.depth() >= 1) at.disable_recursion_pending();
    const auto& path = at->path();
    std::error_code unknown;
    if (at->is_directory(unknown)) continue;
    // A rule that is passed over in silence looks like one that found nothing.
    if (path.extension() == ".yml")
      return fail(Code::kConfiguration, path.string() + ":1: its name must end in .yaml");
    if (path.extension() != ".yaml") continue;
    // An editor's lock is a link to nowhere: ".#local.yaml".
    const bool is_hidden = path.filename().string().starts_with('.');
    if (!at->is_regular_file(unknown) && is_hidden) continue;
    if (!at->is_regular_file(unknown))
      return fail(Code::kConfiguration,
                  path.string() + ":1: " + (unknown ? unknown.message() : "not a regular file"));
    files.push_back(path);
  }
  // The step that fails is the last one, whatever would have followed.
  if (error) return fail(system_error(error.value(), folder));
  std::ranges::sort(files);
  return files;
}

Status add_folder(Compiler& compiler, const std::string& folder) {
  const auto files = yaml_files(folder);
  if (!files) return fail(files.error());
  for (const auto& file : *files) {
    const auto text = read_whole(file);
    if (!text) return fail(text.error());
    compiler.add(*text, file.string());
  }
  return {};
}

Result<fs::path> find_compiled() {
  if (const char* named = std::getenv("ASSAY_CONTENT"); named != nullptr && *named != '\0')
    return fs::path(named);
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& candidate : {program.parent_path() / "share/assay/content.json",
                                    fs::path("/usr/share/assay/content.json")})
    if (fs::exists(candidate, error)) return candidate;
  return fail(
      Code::kNotFound,
      "the compiled content (share/assay/content.json) is missing; name it in ASSAY_CONTENT");
}

}  // namespace

Result<Content> compile_content(const std::vector<std::string>& folders) {
  Compiler compiler;
  for (const auto& folder : folders)
    if (auto added = add_folder(compiler, folder); !added) return fail(added.error());
  return std::move(compiler).finish();
}

Result<std::string> find_content() {
  const auto path = find_compiled();
  if (!path) return fail(path.error());
  return path->string();
}

Result<std::vector<std::string>> content_files(const std::string& folder) {
  const auto paths = yaml_files(folder);
  if (!paths && paths.error().code() == Code::kNotFound) {
    if (folder == kOwnContentFolder) return std::vector<std::string>();
    return fail(Code::kConfiguration, "content: " + paths.error().message());
  }
  if (!paths) return fail(paths.error());
  std::vector<std::string> files;
  for (const auto& path : *paths) files.push_back(path.string());
  return files;
}

Result<Content> content_over(Content base, const std::vector<std::string>& overlay_folders) {
  bool has_overlay = false;
  Compiler compiler(std::move(base));
  for (const auto& folder : overlay_folders) {
    const auto files = content_files(folder);
    if (!files) return fail(files.error());
    has_overlay = has_overlay || !files->empty();
    for (const auto& file : *files) {
      const auto text = read_whole(file);
      if (!text) return fail(text.error());
      compiler.add(*text, file);
    }
  }
  if (!has_overlay) return std::move(compiler).take();
  return std::move(compiler).finish();
}

Result<Content> load_content(const std::vector<std::string>& overlay_folders, Digests digests) {
  const auto path = find_compiled();
  if (!path) return fail(path.error());
  const auto text = read_whole(*path);
  if (!text) return fail(text.error());
  auto content = content_from_json(*text, digests);
  if (!content) return fail(content.error().within(path->string()));
  return content_over(std::move(*content), overlay_folders);
}

}  // namespace assay::checks
