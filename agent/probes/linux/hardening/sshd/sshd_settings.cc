#include "agent/probes/linux/hardening/sshd/sshd_settings.h"

#include <array>
#include <set>

#include "agent/probes/linux/hardening/sshd/sshd_keywords.h"
#include "agent/probes/linux/hardening/sshd/sshd_lines.h"
#include "agent/probes/linux/hardening/sshd/sshd_options.h"
#include "agent/probes/linux/text/file_patterns.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

// The second is where SUSE keeps the file of the package.
constexpr std::array<std::string_view, 2> kMainFiles = {"/etc/ssh/sshd_config",
                                                        "/usr/etc/ssh/sshd_config"};
constexpr std::string_view kFolder = "/etc/ssh/";
constexpr std::size_t kMaxIncludedFiles = 1000;

class Reader {
 public:
  Reader(Host& host, const SshdProgram& program) : host_(host), program_(program) {}

  // A value of the command line, which sshd takes before any file.
  Status add_option(const SshdOption& option) {
    return take({.number = option.line, .keyword = option.keyword, .arguments = option.arguments},
                option.source, {});
  }

  Status read(const std::string& path, const std::string& match, int depth) {
    if (depth > kMaxSshdIncludeDepth)
      return fail(Code::kInvalidData, path + ": included too deeply: sshd refuses that");
    if (++files_ > kMaxIncludedFiles)
      return fail(Code::kTooLarge, path + ": more than " + std::to_string(kMaxIncludedFiles) +
                                       " files are included");
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text) return fail(text.error());
    const auto lines = parse_sshd_lines(*text);
    if (!lines) return fail(lines.error().within(path));
    return read_lines(*lines, path, match, depth);
  }

  std::vector<SshdSetting> result() && { return std::move(settings_); }

 private:
  // A Match section ends with its file.
  Status read_lines(const std::vector<SshdLine>& lines, const std::string& path,
                    const std::string& outer, int depth) {
    Section section{.match = outer, .is_for_all = false};
    for (const auto& line : lines) {
      if (line.keyword == "match") {
        section = section_of(line, outer);
        continue;
      }
      if (line.keyword == "include") {
        if (auto done = include(line, path, section.match, depth); !done) return fail(done.error());
        continue;
      }
      // "Match all" holds for every connection: it goes before what stands outside of sections,
      // and sshd -T shows it when nothing stands there.
      if (section.is_for_all)
        if (auto done = take(line, path, {}); !done) return done;
      if (auto done = take(line, path, section.match); !done) return done;
    }
    return {};
  }

  struct Section {
    std::string match;
    bool is_for_all = false;
  };

  static Section section_of(const SshdLine& line, const std::string& outer) {
    std::string criteria;
    for (const auto& argument : line.arguments)
      criteria.append(criteria.empty() ? "" : " ").append(argument);
    const bool is_all = in_small_letters(criteria) == "all";
    if (!outer.empty()) return {is_all ? outer : outer + " && " + criteria, false};
    return {is_all ? "all" : criteria, is_all};
  }

  Status include(const SshdLine& line, const std::string& path, const std::string& match,
                 int depth) {
    for (const auto& argument : line.arguments) {
      const auto pattern =
          argument.starts_with('/') ? argument : std::string(kFolder).append(argument);
      const auto files = files_that_match(host_, pattern);
      if (!files)
        return fail(files.error().within(path + ":" + std::to_string(line.number) + ": Include"));
      for (const auto& file : *files)
        if (auto done = read(file, match, depth + 1); !done) return done;
    }
    return {};
  }

  Status take(const SshdLine& line, const std::string& path, const std::string& match) {
    if (settings_.size() >= kMaxSshdSettings)
      return fail(Code::kTooLarge,
                  path + ": more than " + std::to_string(kMaxSshdSettings) + " settings");
    if (is_obsolete(line.keyword)) {
      if (first_of(match, line.keyword))
        settings_.push_back({line.keyword, std::nullopt, path, line.number, match,
                             "sshd no longer does anything with this keyword"});
      return {};
    }
    const auto name = present_name(line.keyword, program_.version);
    const auto* keyword = find_sshd_keyword(name);
    if (keyword == nullptr) {
      if (first_of(match, line.keyword))
        settings_.push_back({line.keyword, std::nullopt, path, line.number, match,
                             "the agent does not know this keyword; its value is not shown"});
      return {};
    }
    take_known(*keyword, line, path, match);
    return {};
  }

  void take_known(const SshdKeyword& keyword, const SshdLine& line, const std::string& path,
                  const std::string& match) {
    const auto add = [&](const std::vector<std::string>& arguments) {
      auto text = sshd_value_text(keyword, arguments, builtin_list(program_, keyword.name));
      settings_.push_back({std::string(keyword.name), std::move(text.value), path, line.number,
                           match, std::move(text.note)});
    };
    if (keyword.kind == SshdValue::kEach) {
      for (const auto& argument : line.arguments) add({argument});
    } else if (keyword.kind == SshdValue::kAdds) {
      add(line.arguments);
    } else if (keyword.name == "subsystem") {
      if (first_of(match, "subsystem " + line.arguments.front())) add(line.arguments);
    } else if (first_of(match, keyword.name)) {
      add(line.arguments);
    }
  }

  bool first_of(const std::string& match, std::string_view keyword) {
    return seen_.emplace(match, keyword).second;
  }

  Host& host_;
  const SshdProgram& program_;
  std::vector<SshdSetting> settings_;
  std::set<std::pair<std::string, std::string>> seen_;
  std::size_t files_ = 0;
};

// The file that sshd reads when no -f says otherwise.
Result<std::string> main_file(Host& host) {
  for (const auto path : kMainFiles) {
    const auto status = host.status(path);
    if (status) return std::string(path);
    if (status.error().code() != Code::kNotFound) return fail(status.error());
  }
  return fail(Code::kNotFound,
              std::string("sshd is installed and ").append(kMainFiles[0]) + " is not there");
}

}  // namespace

Result<std::vector<SshdSetting>> read_sshd_settings(Host& host, const SshdProgram& program) {
  const auto options = read_sshd_options(host);
  if (!options) return fail(options.error());
  Reader reader(host, program);
  std::string path;
  for (const auto& option : *options) {
    if (option.keyword == kSshdFileOption) {
      path = option.arguments.front();
    } else if (auto done = reader.add_option(option); !done) {
      return fail(done.error());
    }
  }
  if (path.empty()) {
    auto found = main_file(host);
    if (!found) return fail(found.error());
    path = *std::move(found);
  }
  if (auto done = reader.read(path, {}, 0); !done) return fail(done.error());
  return std::move(reader).result();
}

}  // namespace assay::agent
