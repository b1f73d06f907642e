#include "agent/probes/linux/operations/remote/remote_settings.h"
#include "agent/probes/linux/operations/settings/setting_files.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

// A file of settings that may not be there; nothing then.
Result<std::optional<std::vector<SectionEntry>>> entries_of(Host& host, std::string_view path,
                                                            std::string& text) {
  auto read = read_settings(host, path);
  if (!read) return fail(std::move(read.error()));
  if (!*read) return std::nullopt;
  text = **std::move(read);
  auto entries = parse_sections(text);
  if (!entries) return fail(entries.error().within("reading " + std::string(path)));
  return std::optional(*std::move(entries));
}

std::string_view value_of(const std::vector<SectionEntry>& entries, std::string_view section,
                          std::string_view key) {
  const auto* entry = last_entry_ignoring_case(entries, section, key);
  return entry == nullptr ? std::string_view() : entry->value;
}

std::string_view without_quotes(std::string_view text) {
  while (!text.empty() && (text.front() == '\'' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\'' || text.back() == '"')) text.remove_suffix(1);
  return text;
}

}  // namespace

Status inspect_cockpit(Host& host, RemoteSettings& settings) {
  constexpr std::string_view kFile = "/etc/cockpit/cockpit.conf";
  settings.authentication = "pam";
  settings.encryption = "tls";
  settings.idle_timeout_seconds = 0;
  std::string text;
  const auto entries = entries_of(host, kFile, text);
  if (!entries) return fail(entries.error());
  if (!*entries) return {};
  settings.from(kFile);
  if (truth_of(value_of(**entries, "WebService", "AllowUnencrypted")).value_or(false))
    settings.encryption = "optional";
  if (const auto idle = value_of(**entries, "Session", "IdleTimeout"); !idle.empty()) {
    const auto minutes = decimal(idle);
    settings.idle_timeout_seconds =
        minutes && *minutes < 1'000'000 ? std::optional(*minutes * 60) : std::nullopt;
  }
  return {};
}

// Only names that say how it is reached: the file of permanent passwords is another one.
Status inspect_rustdesk(Host& host, RemoteSettings& settings) {
  constexpr std::string_view kFile = "/root/.config/rustdesk/RustDesk2.toml";
  std::string text;
  const auto entries = entries_of(host, kFile, text);
  if (!entries) return fail(entries.error());
  if (!*entries) {
    settings.note("its settings are not those of root, or all are the defaults");
    return {};
  }
  settings.from(kFile);
  const auto option = [&](std::string_view name) {
    return without_quotes(value_of(**entries, "options", name));
  };
  settings.clipboard = option("enable-clipboard") != "N";
  settings.drive = option("enable-file-transfer") != "N";
  settings.printer = option("enable-remote-printer") != "N";
  const auto method = option("verification-method");
  settings.authentication = method.empty() ? "password" : std::string(method.substr(0, 64));
  if (!option("custom-rendezvous-server").empty()) settings.note("it uses a server of its own");
  return {};
}

// Its own table has the settings; here only where it listens.
Status inspect_sshd(Host& host, RemoteSettings& settings) {
  constexpr std::string_view kFile = "/etc/ssh/sshd_config";
  settings.encryption = "ssh";
  settings.note("its settings stand in the table sshd_config");
  const auto text = read_settings(host, kFile);
  if (!text) return fail(text.error());
  if (!*text) return {};
  settings.from(kFile);
  std::vector<std::uint16_t> ports;
  Lines lines(**text);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    if (line.size() < 6 || !equals_ignoring_case(line.substr(0, 5), "port ")) continue;
    if (const auto port = decimal<std::uint16_t>(trimmed(line.substr(5)));
        port && ports.size() < 16)
      ports.push_back(*port);
  }
  if (!ports.empty()) settings.ports = std::move(ports);
  return {};
}

Status inspect_webmin(Host& host, RemoteSettings& settings) {
  constexpr std::string_view kFile = "/etc/webmin/miniserv.conf";
  std::string text;
  const auto entries = entries_of(host, kFile, text);
  if (!entries) return fail(entries.error());
  if (!*entries) return {};
  settings.from(kFile);
  if (const auto port = decimal<std::uint16_t>(value_of(**entries, "", "port")))
    settings.ports = {*port};
  settings.encryption = value_of(**entries, "", "ssl") == "1" ? "tls" : "none";
  settings.authentication = value_of(**entries, "", "pam").empty() ? "password" : "pam";
  if (const auto minutes = decimal(value_of(**entries, "", "logouttime"));
      minutes && *minutes < 1'000'000)
    settings.idle_timeout_seconds = *minutes * 60;
  return {};
}

}  // namespace assay::agent
