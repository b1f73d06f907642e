// VNC servers.
#include <optional>
#include <utility>

#include "agent/probes/linux/operations/remote/remote_settings.h"
#include "agent/probes/linux/operations/settings/setting_files.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

// What stands before the next ";" of Perl outside of quotes; nothing behind "#".
std::string_view take_statement(std::string_view& text) {
  char quote = '\0';
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (quote != '\0')
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == ';' || c == '#')
      break;
  }
  const auto statement = text.substr(0, end);
  text.remove_prefix(end < text.size() && text[end] == ';' ? end + 1 : text.size());
  return trimmed(statement);
}

// The value that a statement gives to the option, without quotes; nothing if it is about another.
std::optional<std::string> assigned(std::string_view statement, std::string_view name) {
  const auto equals = statement.find('=');
  if (!equals_ignoring_case(trimmed(statement.substr(0, equals)), name)) return std::nullopt;
  if (equals == std::string_view::npos) return "yes";
  std::string value(trimmed(statement.substr(equals + 1)));
  std::erase_if(value, [](char c) { return c == '"' || c == '\'' || c == ';'; });
  return value.substr(0, 128);
}

// "securitytypes=TLSVnc", "localhost", or "$SecurityTypes = \"VncAuth\";  # why", of the vncserver
// wrapper's files. Empty when it is not set.
std::string option(std::string_view text, std::string_view name) {
  std::string found;
  Lines lines(text);
  while (const auto raw = lines.next()) {
    auto line = trimmed(*raw);
    if (line.starts_with('#')) continue;
    const bool is_perl = line.starts_with('$');
    while (!line.empty()) {
      auto statement = is_perl ? take_statement(line) : std::exchange(line, {});
      if (is_perl && !statement.starts_with('$')) continue;
      if (is_perl) statement.remove_prefix(1);
      if (auto value = assigned(statement, name)) found = *std::move(value);
    }
  }
  return found;
}

}  // namespace

// The later file has the last word.
Status inspect_tigervnc(Host& host, RemoteSettings& settings) {
  std::string is_local;
  for (const std::string_view path : {"/etc/tigervnc/vncserver-config-defaults", "/etc/vnc.conf",
                                      "/etc/tigervnc/vncserver-config-mandatory"}) {
    const auto text = read_settings(host, path);
    if (!text) return fail(text.error());
    if (!*text) continue;
    settings.from(path);
    if (const auto types = option(**text, "SecurityTypes"); !types.empty())
      settings.authentication = types;
    if (auto local = option(**text, "localhost"); !local.empty()) is_local = std::move(local);
  }
  if (!is_local.empty() && is_local != "no" && is_local != "0")
    settings.note("localhost: listens on the loopback only");
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
