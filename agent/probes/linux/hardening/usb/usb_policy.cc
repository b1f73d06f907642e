#include "agent/probes/linux/hardening/usb/usb_policy.h"

#include <array>
#include <map>
#include <utility>

#include "agent/probes/linux/hardening/a_system.h"
#include "agent/probes/linux/hardening/usb/modprobe_conf.h"
#include "agent/probes/linux/hardening/usb/usbguard.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

struct Control {
  std::string_view name;
  std::optional<bool> is_in_force;
  std::string value = {};
  std::string source = {};
  std::int64_t line = 0;
  std::string note = {};
};

void add(evidence::Table& table, const Control& control) {
  table.add({{"control", std::string(control.name)},
             {"in_force", control.is_in_force
                              ? evidence::Value{std::int64_t{*control.is_in_force ? 1 : 0}}
                              : evidence::Value{}},
             {"value", text_or_null(control.value)},
             {"source", text_or_null(control.source)},
             {"line", control.line == 0 ? evidence::Value{} : evidence::Value{control.line}},
             {"note", text_or_null(control.note)}});
}

// The value of `name` on the kernel's command line; the last counts. Names know no difference
// between - and _.
std::optional<std::string> kernel_option(std::string_view command_line, std::string_view name) {
  std::optional<std::string> found;
  while (!command_line.empty()) {
    const auto blank = command_line.find_first_of(" \n");
    const auto word = command_line.substr(0, blank);
    command_line.remove_prefix(blank == std::string_view::npos ? command_line.size() : blank + 1);
    const auto equals = word.find('=');
    if (word.substr(0, equals) != name) continue;
    found = equals == std::string_view::npos ? "" : std::string(word.substr(equals + 1));
  }
  return found;
}

bool names_module(std::string_view list, std::string_view module) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    std::string name(list.substr(0, comma));
    std::ranges::replace(name, '-', '_');
    if (name == module) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

constexpr std::string_view kCommandLine = "/proc/cmdline";

Result<std::string> command_line(Host& host) {
  if (!host.is_live()) return std::string();
  return host.read_file(kCommandLine, kMaxConfigBytes);
}

// Whether the driver is part of the kernel itself; no rule can keep it out then. Nothing when it
// cannot be told.
Result<std::optional<bool>> is_built_in(Host& host, std::string_view module_file) {
  if (!host.is_live()) return std::nullopt;
  const auto release = host.read_file("/proc/sys/kernel/osrelease", kMaxConfigBytes);
  if (!release) return fail(release.error());
  const auto folder = "/lib/modules/" + std::string(trimmed(*release));
  const auto built_in = host.read_file(folder + "/modules.builtin", kMaxConfigBytes);
  if (!built_in) {
    if (built_in.error().code() == Code::kNotFound) return std::nullopt;
    return fail(built_in.error());
  }
  return built_in->find(std::string("/").append(module_file).append(".ko")) != std::string::npos;
}

Status add_module(Host& host, evidence::Table& table, std::string_view control,
                  const std::string& module, std::string_view options) {
  const auto rules = module_rules(host, module);
  if (!rules) return fail(rules.error());
  auto file = module;
  if (module == "usb_storage") file = "usb-storage";
  const auto built_in = is_built_in(host, file);
  if (!built_in) return fail(built_in.error());
  Control row{.name = control, .is_in_force = false, .value = "loadable"};
  bool has_install = false;  // the first one counts
  for (const auto& rule : *rules) {
    const bool is_install = rule.kind == ModuleRule::Kind::kInstall;
    if (rule.kind != ModuleRule::Kind::kBlacklist &&
        (std::exchange(has_install, true) || !is_install))
      continue;
    if (row.is_in_force == true && !is_install) continue;
    row.is_in_force = true;
    row.value = is_install ? "install disabled" : "blacklisted";
    row.source = rule.source;
    row.line = rule.line;
    if (is_install) break;
  }
  if (row.value == "blacklisted") row.note = "it is not loaded by itself; root can still load it";
  for (const auto* name : {"module_blacklist", "modprobe.blacklist"}) {
    const auto list = kernel_option(options, name);
    if (!list || !names_module(*list, module)) continue;
    if (row.value != "install disabled")
      row = {.name = control,
             .is_in_force = true,
             .value = "blacklisted",
             .source = std::string(kCommandLine)};
  }
  if (*built_in == true) {
    row.is_in_force = false;
    row.value = "built in";
    row.note = "part of the kernel itself: no rule keeps it out";
  }
  add(table, row);
  return {};
}

void add_kernel_options(Host& host, evidence::Table& table, std::string_view options) {
  Control row{.name = "authorized_default", .is_in_force = false};
  if (!host.is_live()) {
    row.is_in_force = std::nullopt;
    row.note = "needs the running machine, and an image is read";
  } else if (const auto value = kernel_option(options, "usbcore.authorized_default")) {
    row.value = *value;
    row.is_in_force = *value == "0" || *value == "2";
    row.source = kCommandLine;
    if (*value == "2") row.note = "internal ports are authorised";
  } else if (kernel_option(options, "usbcore.nousb") || kernel_option(options, "nousb")) {
    row.value = "nousb";
    row.is_in_force = true;
    row.source = kCommandLine;
  } else {
    row.note = "the kernel's default: every device is authorised";
  }
  add(table, row);
}

struct RuleFile {
  std::string path;
  std::string text;
};

// Files that end in one of `ends`, an earlier folder hiding a later one.
template <std::size_t Folders>
Result<std::vector<RuleFile>> rule_files(Host& host,
                                         const std::array<std::string_view, Folders>& folders,
                                         std::string_view end) {
  std::map<std::string, std::string> paths;
  for (const auto folder : folders) {
    const auto names = host.list_directory(folder, kMaxDirectoryEntries);
    if (!names) {
      if (names.error().code() == Code::kNotFound) continue;
      return fail(names.error());
    }
    for (const auto& name : *names)
      if (name.ends_with(end)) paths.emplace(name, std::string(folder).append("/").append(name));
  }
  std::vector<RuleFile> files;
  for (const auto& [name, path] : paths) {
    auto text = host.read_file(path, kMaxConfigBytes);
    if (text)
      files.push_back({path, *std::move(text)});
    else if (text.error().code() != Code::kNotFound &&
             text.error().code() != Code::kInvalidData)  // a link to /dev/null masks a file
      return fail(text.error());
  }
  return files;
}

Status add_udev(Host& host, evidence::Table& table) {
  constexpr std::array<std::string_view, 3> kFolders = {"/etc/udev/rules.d", "/run/udev/rules.d",
                                                        "/usr/local/lib/udev/rules.d"};
  const auto files = rule_files(host, kFolders, ".rules");
  if (!files) return fail(files.error());
  bool found = false;
  for (const auto& file : *files) {
    Lines lines(file.text);
    while (const auto line = lines.next()) {
      if (!takes_authorisation(*line)) continue;
      found = true;
      add(table, {.name = "udev_rule",
                  .is_in_force = true,
                  .source = file.path,
                  .line = lines.number(),
                  .note = "the rule takes the authorisation of the devices that fit it"});
    }
  }
  if (!found) add(table, {.name = "udev_rule", .is_in_force = false});
  return {};
}

// A rule's language is a program: what it decides is not worked out, only that it is there.
Status add_polkit(Host& host, evidence::Table& table) {
  constexpr std::array<std::string_view, 2> kScripts = {"/etc/polkit-1/rules.d",
                                                        "/usr/local/share/polkit-1/rules.d"};
  constexpr std::array<std::string_view, 2> kLocal = {
      "/etc/polkit-1/localauthority/50-local.d", "/etc/polkit-1/localauthority/90-mandatory.d"};
  const auto scripts = rule_files(host, kScripts, ".rules");
  if (!scripts) return fail(scripts.error());
  const auto local = rule_files(host, kLocal, ".pkla");
  if (!local) return fail(local.error());
  bool found = false;
  for (const auto* files : {&*scripts, &*local})
    for (const auto& file : *files) {
      if (file.text.find("org.freedesktop.udisks2.") == std::string::npos) continue;
      found = true;
      add(table, {.name = "polkit_udisks",
                  .is_in_force = std::nullopt,
                  .source = file.path,
                  .note = "the file rules who may mount; what it decides is not worked out"});
    }
  if (!found)
    add(table, {.name = "polkit_udisks",
                .is_in_force = false,
                .note = "no own rule: whoever sits at the machine may mount what is plugged in, if "
                        "udisks is installed"});
  return {};
}

Status add_usbguard(Host& host, evidence::Table& table) {
  const auto guard = read_usbguard(host);
  if (!guard) return fail(guard.error());
  Control row{.name = "usbguard", .is_in_force = guard->is_in_force};
  row.note = guard->note;
  if (guard->is_installed) {
    row.value =
        "ImplicitPolicyTarget=" + guard->implicit_target + " rules=" + std::to_string(guard->rules);
    row.source = guard->source;
    row.line = guard->line;
  }
  add(table, row);
  return {};
}

}  // namespace

bool takes_authorisation(std::string_view udev_line) {
  const auto line = trimmed(udev_line);
  if (line.starts_with('#')) return false;
  for (const auto* name : {"ATTR{authorized}", "ATTR{authorized_default}"}) {
    const auto at = line.find(name);
    if (at == std::string_view::npos) continue;
    const auto rest = trimmed(line.substr(at + std::string_view(name).size()));
    // One = sets it; == would only compare.
    if (rest.starts_with("=\"0\"")) return true;
  }
  return false;
}

Result<evidence::Table> collect_usb_policy(Host& host) {
  if (auto there = check_there_is_a_system(host); !there) return fail(there.error());
  const auto options = command_line(host);
  if (!options) return fail(options.error());
  evidence::Table table(*evidence::find_table("usb_policy"));
  if (auto done = add_module(host, table, "usb_storage_driver", "usb_storage", *options); !done)
    return fail(done.error());
  if (auto done = add_module(host, table, "uas_driver", "uas", *options); !done)
    return fail(done.error());
  add_kernel_options(host, table, *options);
  for (const auto part : {add_usbguard, add_udev, add_polkit})
    if (auto done = part(host, table); !done) return fail(done.error());
  return table;
}

}  // namespace assay::agent
