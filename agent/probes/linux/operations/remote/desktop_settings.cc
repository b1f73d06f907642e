// VNC servers.
#include "agent/probes/linux/operations/remote/remote_settings.h"
#include "agent/probes/linux/operations/settings/setting_files.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// "securitytypes=TLSVnc", "$SecurityTypes = \"VncAuth\";", of the vncserver wrapper's files. The
// value without quotes; empty when it is not set.
std::string option(std::string_view text, std::string_view name) {
  std::string found;
  Lines lines(text);
  while (const auto raw = lines.next()) {
    auto line = trimmed(*raw);
    if (line.starts_with('$')) line.remove_prefix(1);
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    if (!equals_ignoring_case(trimmed(line.substr(0, equals)), name)) continue;
    found = trimmed(line.substr(equals + 1));
    std::erase_if(found, [](char c) { return c == '"' || c == '\'' || c == ';'; });
  }
  return found.substr(0, 128);
}

}  // namespace

// The later file has the last word.
Status inspect_tigervnc(Host& host, RemoteSettings& settings) {
  for (const std::string_view path : {"/etc/tigervnc/vncserver-config-defaults", "/etc/vnc.conf",
                                      "/etc/tigervnc/vncserver-config-mandatory"}) {
    const auto text = read_settings(host, path);
    if (!text) return fail(text.error());
    if (!*text) continue;
    settings.from(path);
    if (const auto types = option(**text, "SecurityTypes"); !types.empty())
      settings.authentication = types;
    const auto local = option(**text, "localhost");
    if (!local.empty() && local != "no" && local != "0")
      settings.note("localhost: listens on the loopback only");
  }
  if (settings.authentication.empty())
    settings.note("authentication: set by none of its system-wide files, users may choose");
  return {};
}

Status inspect_x11vnc(Host& host, RemoteSettings& settings) {
  constexpr std::string_view kFile = "/etc/x11vnc.pass";
  const auto status = host.status(kFile);
  if (status) {
    settings.authentication = "password";
    settings.from(kFile);
  } else if (status.error().code() != Code::kNotFound &&
             status.error().code() != Code::kPermissionDenied) {
    return fail(status.error());
  } else {
    settings.note("authentication: given where it is started, which is not looked at");
  }
  return {};
}

}  // namespace assay::agent
