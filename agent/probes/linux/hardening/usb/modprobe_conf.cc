#include "agent/probes/linux/hardening/usb/modprobe_conf.h"

#include <array>
#include <map>
#include <utility>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// Later hides earlier.
constexpr std::array<std::string_view, 5> kFolders = {"/lib/modprobe.d", "/usr/lib/modprobe.d",
                                                      "/usr/local/lib/modprobe.d",
                                                      "/run/modprobe.d", "/etc/modprobe.d"};

std::string_view next_word(std::string_view& line) {
  line = trimmed(line);
  const auto word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word;
}

bool is_same_module(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) {
           return x == y || ((x == '-' || x == '_') && (y == '-' || y == '_'));
         });
}

// The shell runs it: what follows "||" or ";" may load the module after all.
bool does_nothing(std::string_view command) {
  const auto program = next_word(command);
  const auto name = program.substr(program.rfind('/') + 1);
  return (name == "true" || name == "false") &&
         command.find_first_of(";|&`$") == std::string_view::npos;
}

}  // namespace

std::vector<ModuleRule> parse_modprobe_conf(std::string_view text, std::string_view module,
                                            const std::string& source) {
  std::vector<ModuleRule> rules;
  Lines lines(text);
  std::string joined;  // a line that ends in a backslash goes on
  std::int64_t number = 0;
  while (const auto line = lines.next()) {
    if (joined.empty()) number = lines.number();
    joined.append(*line);
    if (joined.ends_with('\\')) {
      joined.back() = ' ';
      continue;
    }
    const auto whole = std::exchange(joined, {});
    std::string_view rest = whole;
    const auto word = next_word(rest);
    if (word != "install" && word != "blacklist") continue;
    if (!is_same_module(next_word(rest), module)) continue;
    if (word == "blacklist")
      rules.push_back({ModuleRule::Kind::kBlacklist, source, number});
    else
      rules.push_back({does_nothing(rest) ? ModuleRule::Kind::kInstall : ModuleRule::Kind::kCommand,
                       source, number});
  }
  return rules;
}

Result<std::vector<ModuleRule>> module_rules(Host& host, std::string_view module) {
  std::map<std::string, std::string> paths;
  for (const auto folder : kFolders) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names) {
      if (names.error().code() == Code::kNotFound) continue;
      return fail(names.error());
    }
    for (const auto& name : *names)
      if (name.ends_with(".conf")) paths[name] = std::string(folder).append("/").append(name);
  }
  std::vector<ModuleRule> all;
  for (const auto& [name, path] : paths) {
    const auto text = host.read_file(path, kMaxConfigBytes);
    if (!text) {
      if (text.error().code() == Code::kNotFound) continue;  // a link that leads nowhere
      return fail(text.error());
    }
    const auto rules = parse_modprobe_conf(*text, module, path);
    all.insert(all.end(), rules.begin(), rules.end());
  }
  return all;
}

}  // namespace assay::agent
