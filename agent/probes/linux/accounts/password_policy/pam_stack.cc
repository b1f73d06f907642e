#include "agent/probes/linux/accounts/password_policy/pam_stack.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace assay::agent {
namespace {

// Where distributors put the files when /etc is left to the administrator: SUSE the third.
constexpr std::array<std::string_view, 4> kPamFolders = {"/etc/pam.d", "/usr/lib/pam.d",
                                                         "/usr/etc/pam.d", "/usr/share/pam.d"};
constexpr std::string_view kPamConf = "/etc/pam.conf";
constexpr std::string_view kOther = "other";
constexpr std::size_t kMaxDepth = 32;     // libpam's own bound
constexpr std::size_t kMaxEntries = 256;  // real stacks have some thirty; each pair is examined
constexpr std::size_t kMaxIncludes = 1024;

std::string module_name(std::string_view path) {
  path.remove_prefix(std::min(path.size(), path.rfind('/') + 1));
  if (path.ends_with(".so")) path.remove_suffix(3);
  // Old names of the same module, kept as links by some distributions.
  if (path == "pam_unix_passwd" || path == "pam_unix_auth" || path == "pam_unix_acct") {
    return "pam_unix";
  }
  return std::string(path);
}

// What editors and package managers leave behind ("sshd.dpkg-old", "sshd~") is no service.
bool is_service_name(std::string_view name) {
  return !name.empty() && !name.ends_with('~') && name.find('.') == std::string_view::npos;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

}  // namespace

std::string Location::text() const {
  return fmt::format("{}:{}", path, line);
}

bool PamEntry::has_argument(std::string_view name) const {
  return std::ranges::any_of(arguments, [&](const std::string& text) {
    return text.starts_with(name) && (text.size() == name.size() || text[name.size()] == '=');
  });
}

std::optional<std::string_view> PamEntry::argument(std::string_view name) const {
  std::optional<std::string_view> value;
  for (std::string_view text : arguments) {
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == '=') {
      value = text.substr(name.size() + 1);
    }
  }
  return value;
}

struct PamReader::Load {
  std::string service;
  PamType type = PamType::kAuth;
  PamStack stack;
  int level = 0;
  std::size_t includes = 0;
  std::vector<std::string> chain;       // files being read, outermost first
  std::vector<Location> include_lines;  // where each was included, one fewer
};

Status PamReader::open() {
  for (const auto folder : kPamFolders) {
    const auto status = host_.status(folder);
    if (status && status->kind == FileKind::kDirectory) has_folder_ = true;
    if (!status && status.error().code() != Code::kNotFound) return fail(status.error());
  }
  if (has_folder_) return {};
  const auto file = read(std::string(kPamConf), PamFileFormat::kPamConf);
  if (!file) return fail(file.error());
  if (*file != nullptr) return {};
  return fail(Code::kNotFound,
              "no PAM configuration: neither /etc/pam.d, /usr/lib/pam.d nor /etc/pam.conf exists");
}

Result<const PamReader::File*> PamReader::read(const std::string& path, PamFileFormat format) {
  if (const auto known = files_.find(path); known != files_.end()) {
    return known->second ? &*known->second : nullptr;
  }
  const auto text = host_.read_file(path, kMaxConfigBytes);
  if (!text) {
    if (text.error().code() == Code::kNotFound) {
      files_[path] = std::nullopt;
      return nullptr;
    }
    return fail(text.error().within(fmt::format("reading {}", path)));
  }
  auto lines = parse_pam_file(*text, format);
  if (!lines) return fail(lines.error().within(fmt::format("reading {}", path)));
  auto& slot = files_[path];
  slot = File{.path = path, .lines = std::move(*lines)};
  return &*slot;
}

Result<const PamReader::File*> PamReader::find(std::string_view name) {
  if (name.starts_with('/')) return read(std::string(name), PamFileFormat::kService);
  if (!is_plain_name(name)) return nullptr;
  for (const auto folder : kPamFolders) {
    auto file = read(fmt::format("{}/{}", folder, name), PamFileFormat::kService);
    if (!file || *file != nullptr) return file;
  }
  return nullptr;
}

Result<bool> PamReader::has_service(std::string_view service) {
  if (has_folder_) {
    const auto file = find(service);
    if (!file) return fail(file.error());
    return *file != nullptr;
  }
  const auto file = read(std::string(kPamConf), PamFileFormat::kPamConf);
  if (!file) return fail(file.error());
  return *file != nullptr && std::ranges::any_of((*file)->lines, [&](const PamLine& line) {
    return equals_ignoring_case(line.service, service);
  });
}

Result<std::vector<std::string>> PamReader::services() {
  std::set<std::string> found;
  if (has_folder_) {
    for (const auto folder : kPamFolders) {
      const auto names = host_.list_directory(folder, kMaxDirectoryEntries);
      if (!names && names.error().code() == Code::kNotFound) continue;
      if (!names) return fail(names.error().within(fmt::format("reading {}", folder)));
      for (const auto& name : *names)
        if (is_service_name(name)) found.insert(name);
    }
  } else {
    const auto file = read(std::string(kPamConf), PamFileFormat::kPamConf);
    if (!file) return fail(file.error());
    if (*file != nullptr)
      for (const auto& line : (*file)->lines) found.insert(line.service);
  }
  return std::vector<std::string>(found.begin(), found.end());
}

Status PamReader::append_include(Load& load, const PamLine& line, const std::string& path) {
  if (++load.includes > kMaxIncludes) {
    return fail(Code::kTooLarge,
                fmt::format("{}:{}: more than {} PAM includes", path, line.line, kMaxIncludes));
  }
  const auto file = find(line.target);
  if (!file) return fail(file.error());
  const Location where{path, line.line};
  if (*file == nullptr) {
    load.stack.push_back({.kind = PamEntry::Kind::kMustFail,
                          .path = line.target,
                          .where = where,
                          .level = load.level});
    return {};
  }
  load.include_lines.push_back(where);
  const auto in_chain = std::ranges::find(load.chain, (*file)->path);
  if (in_chain != load.chain.end() || load.chain.size() >= kMaxDepth) {
    std::vector<std::string> steps;
    for (const auto& step : load.include_lines) steps.push_back(step.text());
    const bool is_loop = in_chain != load.chain.end();
    return fail(is_loop ? Code::kInvalidData : Code::kTooLarge,
                fmt::format("{}: {} -> {}",
                            is_loop ? "PAM include loop" : "PAM includes nested deeper than 32",
                            fmt::join(steps, " -> "), (*file)->path));
  }
  const bool is_substack = line.kind == PamLine::Kind::kSubstack;
  if (is_substack) {
    load.stack.push_back({.kind = PamEntry::Kind::kSubstack, .where = where, .level = load.level});
  }
  load.level += is_substack ? 1 : 0;
  const auto done = append(load, **file, line.kind == PamLine::Kind::kAtInclude);
  load.level -= is_substack ? 1 : 0;
  load.include_lines.pop_back();
  return done;
}

Status PamReader::append(Load& load, const File& file, bool every_type) {
  load.chain.push_back(file.path);
  for (const auto& line : file.lines) {
    if (!line.service.empty() && !equals_ignoring_case(line.service, load.service)) continue;
    const bool is_at_include = line.kind == PamLine::Kind::kAtInclude;
    // A word that is no type stands for the type asked for, or for auth at the top.
    const auto type = line.type.value_or(every_type ? PamType::kAuth : load.type);
    if (!is_at_include && type != load.type) continue;
    if (load.stack.size() >= kMaxEntries) {
      return fail(Code::kTooLarge, fmt::format("{}:{}: more than {} PAM modules in one stack",
                                               file.path, line.line, kMaxEntries));
    }
    if (line.kind == PamLine::Kind::kModule || line.kind == PamLine::Kind::kMalformed) {
      load.stack.push_back({.kind = line.kind == PamLine::Kind::kModule ? PamEntry::Kind::kModule
                                                                        : PamEntry::Kind::kMustFail,
                            .module = module_name(line.target),
                            .path = line.target,
                            .control = line.control,
                            .written_control = line.written_control,
                            .arguments = line.arguments,
                            .where = {file.path, line.line},
                            .level = load.level});
      continue;
    }
    if (auto included = append_include(load, line, file.path); !included) return included;
  }
  load.chain.pop_back();
  return {};
}

Result<PamStack> PamReader::stack_of_file(const std::string& service, PamType type) {
  const auto file =
      has_folder_ ? find(service) : read(std::string(kPamConf), PamFileFormat::kPamConf);
  if (!file) return fail(file.error());
  Load load{.service = service, .type = type, .stack = {}};
  if (*file == nullptr) return PamStack{};
  if (auto done = append(load, **file, true); !done) return fail(done.error());
  return std::move(load.stack);
}

Result<PamStack> PamReader::stack(std::string_view service, PamType type) {
  auto own = stack_of_file(std::string(service), type);
  if (!own || !own->empty()) return own;
  return stack_of_file(std::string(kOther), type);
}

}  // namespace assay::agent
