// Suricata and Snort: the day of their rules is that of the newest file of rules.
#include "agent/probes/linux/security/products/products.h"
#include "agent/probes/linux/text/lines.h"
#include "evidence/timestamp.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxRuleFiles = 5000;

struct Settings {
  std::string_view path;
  std::string_view key;  // at the start of the line that names the folder of the rules
};

// The folder that the settings name; empty when they name none.
std::string folder_in(Host& host, const Settings& settings) {
  const auto text = host.read_file(settings.path, kMaxConfigBytes);
  if (!text) return {};
  Lines lines(*text);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    if (!line.starts_with(settings.key)) continue;
    const auto folder = trimmed(line.substr(settings.key.size()));
    if (folder.starts_with('/')) return std::string(folder);
  }
  return {};
}

// Seconds since 1970 of the newest file; nothing when the folder has no rules.
Result<std::optional<std::int64_t>> newest_rules(Host& host, const std::string& folder) {
  const auto names = host.list_directory(folder, kMaxRuleFiles);
  if (!names && names.error().code() == Code::kNotFound) return std::nullopt;
  if (!names) return fail(names.error());
  std::optional<std::int64_t> newest;
  for (const auto& name : *names) {
    if (!name.ends_with(".rules")) continue;
    const auto status = host.status(folder + "/" + name);
    if (!status) return fail(status.error());
    newest = std::max(newest.value_or(0), status->modified_ns / 1'000'000'000);
  }
  return newest;
}

// The first folder with rules counts: those of another are not in use.
void find_rules(Host& host, std::span<const Settings> settings,
                std::span<const std::string_view> usual, Findings& findings) {
  std::vector<std::string> folders;
  for (const auto& one : settings)
    if (auto folder = folder_in(host, one); !folder.empty()) folders.push_back(std::move(folder));
  if (folders.empty()) folders.assign(usual.begin(), usual.end());
  for (const auto& folder : folders) {
    const auto newest = newest_rules(host, folder);
    if (!newest) return findings.unknown("signature_date", newest.error().message());
    if (!*newest) continue;
    findings.signature_date = evidence::to_date(evidence::Seconds(std::chrono::seconds(**newest)));
    findings.note("signature date: when the newest file of rules in " + folder + " was written");
    return findings.from(folder);
  }
  findings.unknown("signature_date", "there are no rules in " + joined(folders, ", "));
}

}  // namespace

Status inspect_suricata(Host& host, PresenceFinder&, Findings& findings) {
  constexpr std::array kSettings = {
      Settings{.path = "/etc/suricata/suricata.yaml", .key = "default-rule-path:"}};
  constexpr std::array<std::string_view, 3> kUsual = {
      "/var/lib/suricata/rules", "/etc/suricata/rules", "/usr/share/suricata/rules"};
  find_rules(host, kSettings, kUsual, findings);
  return {};
}

Status inspect_snort(Host& host, PresenceFinder&, Findings& findings) {
  constexpr std::array kSettings = {
      Settings{.path = "/etc/snort/snort.conf", .key = "var RULE_PATH"}};
  constexpr std::array<std::string_view, 4> kUsual = {
      "/etc/snort/rules", "/usr/local/etc/snort/rules", "/usr/local/etc/rules",
      "/var/lib/snort/rules"};
  find_rules(host, kSettings, kUsual, findings);
  return {};
}

}  // namespace assay::agent
