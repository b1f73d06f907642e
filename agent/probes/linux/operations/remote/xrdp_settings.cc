#include "agent/probes/linux/operations/remote/remote_settings.h"
#include "agent/probes/linux/operations/settings/setting_files.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

constexpr std::string_view kServer = "/etc/xrdp/xrdp.ini";
constexpr std::string_view kSessions = "/etc/xrdp/sesman.ini";

using Entries = std::vector<SectionEntry>;

std::string_view value_of(const Entries& entries, std::string_view section, std::string_view key) {
  const auto* entry = last_entry_ignoring_case(entries, section, key);
  return entry == nullptr ? std::string_view() : entry->value;
}

// "3389", "tcp://:3389", "tcp://10.0.0.1:3389", several with blanks between; what is no TCP port
// (a socket, vsock) is no way in from the network.
std::vector<std::uint16_t> ports_of(std::string_view text) {
  std::vector<std::uint16_t> ports;
  while (!text.empty() && ports.size() < 16) {
    const auto start = text.find_first_not_of(" ,");
    if (start == std::string_view::npos) break;
    const auto end = std::min(text.find_first_of(" ,", start), text.size());
    auto word = text.substr(start, end - start);
    text.remove_prefix(end);
    if (const auto colon = word.rfind(':'); colon != std::string_view::npos)
      word = word.substr(colon + 1);
    if (const auto port = decimal<std::uint16_t>(word)) ports.push_back(*port);
  }
  return ports;
}

// A channel is on unless it is switched off; without channels all are off.
std::optional<bool> channel(const Entries& entries, std::string_view name) {
  const auto all = value_of(entries, "Globals", "allow_channels");
  if (!all.empty() && !truth_of(all).value_or(true)) return false;
  const auto one = value_of(entries, "Channels", name);
  return one.empty() ? std::optional(true) : truth_of(one);
}

void take_server(const Entries& entries, RemoteSettings& settings) {
  if (const auto port = value_of(entries, "Globals", "port"); !port.empty())
    settings.ports = ports_of(port);
  const auto layer = value_of(entries, "Globals", "security_layer");
  settings.encryption = layer.empty() ? "negotiate" : std::string(layer.substr(0, 32));
  const auto devices = channel(entries, "rdpdr");  // drives, printers and USB sticks go through it
  settings.drive = devices;
  settings.printer = devices;
  settings.usb = devices;
  settings.clipboard = channel(entries, "cliprdr");
}

// "none", "all" or a true word, or a list of text, file, image, which may name all of them.
bool closes_clipboard(std::string_view value) {
  for (const std::string_view all : {"all", "true", "yes"})
    if (equals_ignoring_case(value, all)) return true;
  return value.contains("text") && value.contains("file") && value.contains("image");
}

// Only all of it in both directions is "off".
bool is_clipboard_closed(const Entries& entries) {
  return closes_clipboard(value_of(entries, "Security", "RestrictOutboundClipboard")) &&
         closes_clipboard(value_of(entries, "Security", "RestrictInboundClipboard"));
}

void take_sessions(const Entries& entries, RemoteSettings& settings) {
  const auto root = value_of(entries, "Security", "AllowRootLogin");
  settings.root_login = root.empty() ? std::optional(false) : truth_of(root);
  const auto idle = value_of(entries, "Sessions", "IdleTimeLimit");
  settings.idle_timeout_seconds = idle.empty() ? std::optional<std::int64_t>(0) : decimal(idle);
  if (is_clipboard_closed(entries)) settings.clipboard = false;
  const auto drive = value_of(entries, "Chansrv", "EnableFuseMount");
  if (!drive.empty() && !truth_of(drive).value_or(true)) settings.drive = false;
  const auto restricted = value_of(entries, "Security", "RestrictOutboundClipboard");
  if (!restricted.empty() && restricted != "none" && !closes_clipboard(restricted))
    settings.note("clipboard to the client is restricted: " +
                  std::string(restricted.substr(0, 64)));
}

Result<bool> read(Host& host, std::string_view path, RemoteSettings& settings,
                  void (*take)(const Entries&, RemoteSettings&)) {
  const auto text = read_settings(host, path);
  if (!text) return fail(text.error());
  if (!*text) return false;
  const auto entries = parse_sections(**text);
  if (!entries) return fail(entries.error().within("reading " + std::string(path)));
  take(*entries, settings);
  settings.from(path);
  return true;
}

}  // namespace

Status inspect_xrdp(Host& host, RemoteSettings& settings) {
  settings.authentication = "pam";
  for (const auto& [path, take] : {std::pair{kServer, &take_server}, {kSessions, &take_sessions}}) {
    const auto done = read(host, path, settings, take);
    if (!done) return fail(done.error());
    if (!*done) settings.note(std::string(path) + " is not there");
  }
  return {};
}

}  // namespace assay::agent
