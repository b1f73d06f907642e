#include "agent/probes/linux/updates/kernel_modules.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kModules = "/proc/modules";
constexpr std::string_view kRelease = "/proc/sys/kernel/osrelease";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto blank = line.find(' ');
    if (blank != 0) words.push_back(line.substr(0, blank));
    line.remove_prefix(blank == std::string_view::npos ? line.size() : blank + 1);
  }
  return words;
}

}  // namespace

Status parse_proc_modules(std::string_view text, evidence::Table& table) {
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto words = words_of(*line);
    const auto size = words.size() < 5 ? std::nullopt : decimal(words[1]);
    if (!size)
      return fail(Code::kInvalidData,
                  "line " + std::to_string(lines.number()) + ": not a line of a module");
    auto users = words[3];
    if (users.ends_with(',')) users.remove_suffix(1);
    if (users == "-") users = {};
    std::string_view taints;
    if (words.size() > 6 && words.back().starts_with('(') && words.back().ends_with(')'))
      taints = words.back().substr(1, words.back().size() - 2);
    table.add({{"name", std::string(words[0])},
               {"size", *size},
               {"used_by", text_or_null(users)},
               {"status", std::string(words[4])},
               {"taints", text_or_null(taints)}});
  }
  return {};
}

Result<evidence::Table> collect_kernel_modules(Host& host) {
  if (!host.is_live())
    return fail(Code::kNotSupported, "needs the running machine, and an image is read");
  evidence::Table table(*evidence::find_table("kernel_modules"));
  const auto text = host.read_file(kModules, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) {
    // Only when /proc itself is there does a missing file mean a kernel without modules.
    if (const auto release = host.read_file(kRelease, kMaxConfigBytes); !release)
      return fail(release.error());
    return table;
  }
  if (!text) return fail(text.error());
  if (auto parsed = parse_proc_modules(*text, table); !parsed)
    return fail(parsed.error().within("reading " + std::string(kModules)));
  return table;
}

}  // namespace assay::agent
