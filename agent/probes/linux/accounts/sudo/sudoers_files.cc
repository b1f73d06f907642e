#include "agent/probes/linux/accounts/sudo/sudoers_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/probes/linux/accounts/sudo/sudoers_text.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// The second is where the distributor puts it when /etc is left to the administrator.
constexpr std::array<std::string_view, 2> kMainFiles = {"/etc/sudoers", "/usr/etc/sudoers"};
constexpr std::size_t kMaxDepth = 128;  // sudo's own bound
constexpr std::size_t kMaxFiles = 4096;
constexpr std::size_t kMaxAllBytes = 16U << 20U;
constexpr std::uint32_t kGroupMayWrite = 020;
constexpr std::uint32_t kOthersMayWrite = 002;

class Reader {
 public:
  explicit Reader(Host& host) : host_(host) {}

  Result<std::vector<SudoersPlace>> read() {
    for (const auto path : kMainFiles) {
      const auto done = add_file(std::string(path), 0);
      if (!done) return fail(done.error());
      if (*done) break;
    }
    return std::move(places_);
  }

 private:
  // False when there is no such file.
  Result<bool> add_file(const std::string& path, std::size_t depth) {
    if (depth > kMaxDepth)
      return fail(Code::kInvalidData, "sudoers includes nested deeper than 128 at " + path);
    if (++files_ > kMaxFiles)
      return fail(Code::kTooLarge, "more than 4096 files of sudoers at " + path);
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text && text.error().code() == Code::kNotFound) return false;
    if (!text) return fail(text.error());
    bytes_ += text->size();
    if (bytes_ > kMaxAllBytes)
      return fail(Code::kTooLarge, "the files of sudoers are larger than the limit at " + path);
    const auto lines = sudoers_lines(*text);
    if (!lines) return fail(lines.error().within("reading " + path));
    const auto refusal = why_refused(path);
    for (const auto& line : *lines) {
      places_.push_back({line.text, path, line.line, is_include(line.text), refusal});
      if (!places_.back().is_include) continue;
      if (auto done = add_include(places_.size() - 1, depth); !done) return fail(done.error());
    }
    return true;
  }

  Status add_include(std::size_t place, std::size_t depth) {
    auto include = parse_include(places_[place].text);
    auto path = with_hostname(std::move(include.path));
    if (!path.starts_with('/')) {
      const auto& from = places_[place].path;
      path = from.substr(0, from.rfind('/') + 1) + path;
    }
    if (include.is_folder) return add_folder(place, path, depth);
    const auto done = add_file(path, depth + 1);
    if (!done) return fail(done.error());
    if (!*done) places_[place].note = "there is no such file: sudo reports an error at every use";
    return {};
  }

  Status add_folder(std::size_t place, const std::string& folder, std::size_t depth) {
    const auto names = host_.list_directory(folder, kMaxDirectoryEntries);
    if (!names && names.error().code() == Code::kNotFound) {
      places_[place].note = "there is no such folder";
      return {};
    }
    if (!names) return fail(names.error());
    std::string passed_over;
    for (const auto& name : *names) {
      // What editors and package managers leave behind.
      if (name.ends_with('~') || name.find('.') != std::string::npos) {
        if (passed_over.size() < 256) passed_over += (passed_over.empty() ? "" : ", ") + name;
        continue;
      }
      const auto path = folder + "/" + name;
      const auto status = host_.status(path);
      if (!status) return fail(status.error());
      if (status->kind == FileKind::kDirectory || status->kind == FileKind::kOther) continue;
      const auto done = add_file(path, depth + 1);
      if (!done) return fail(done.error());
    }
    if (!passed_over.empty())
      places_[place].note =
          "sudo passes over names with '.' or with '~' at the end: " + passed_over;
    return {};
  }

  // "%h" is the short name of the host, "%%" a percent sign.
  std::string with_hostname(std::string path) {
    for (std::size_t at = 0; (at = path.find('%', at)) != std::string::npos;) {
      const char kind = at + 1 < path.size() ? path[at + 1] : '\0';
      if (kind != 'h' && kind != '%') {
        ++at;
        continue;
      }
      const std::string replacement = kind == 'h' ? hostname() : "%";
      path.replace(at, 2, replacement);
      at += replacement.size();
    }
    return path;
  }

  std::string hostname() {
    const auto* path = host_.is_live() ? "/proc/sys/kernel/hostname" : "/etc/hostname";
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text) return {};
    const auto name = trimmed(*text);
    return std::string(name.substr(0, name.find('.')));
  }

  std::string why_refused(const std::string& path) {
    const auto status = host_.status(path);
    if (!status || status->kind != FileKind::kRegular) return {};
    if ((status->mode & kOthersMayWrite) != 0) return "sudo refuses this file: all may write it";
    if ((status->mode & kGroupMayWrite) != 0 && status->gid != 0)
      return "sudo refuses this file: a group may write it";
    if (status->uid != 0) return "sudo refuses this file: it is not root's";
    return {};
  }

  Host& host_;
  std::vector<SudoersPlace> places_;
  std::size_t files_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<std::vector<SudoersPlace>> read_sudoers(Host& host) {
  return Reader(host).read();
}

}  // namespace assay::agent
