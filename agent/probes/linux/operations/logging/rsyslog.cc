#include "agent/probes/linux/operations/logging/log_parts.h"
#include "agent/probes/linux/operations/logging/rsyslog_files.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kRsyslog = "rsyslog";
constexpr std::string_view kFile = "/etc/rsyslog.conf";
using Kind = RsyslogStatement::Kind;

struct Target {
  std::string address;   // host:port
  std::string protocol;  // tcp, udp, relp, …
  std::optional<bool> is_encrypted;
  std::string selector;
};

std::string with_port(std::string_view host, std::string_view port) {
  std::string address = without_secrets(host);
  if (port.empty()) return address;
  if (address.find(':') != std::string::npos && !address.starts_with('[') &&
      address.find("://") == std::string::npos)
    address = "[" + address + "]";
  return address.append(":").append(port);
}

// "@@(o)[2001:db8::1]:6514;template"
Target legacy_target(std::string_view text) {
  Target target{.protocol = text.starts_with("@@") ? "tcp" : "udp"};
  text.remove_prefix(text.starts_with("@@") ? 2 : 1);
  if (text.starts_with('(')) text = text.substr(std::min(text.find(')'), text.size() - 1) + 1);
  text = trimmed(text.substr(0, text.find(';')));
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (const auto colon = text.find(':', std::min(end, text.size())); colon != text.npos)
      port = text.substr(colon + 1);
    text = text.substr(1, end == text.npos ? text.npos : end - 1);
  } else if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    port = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  target.address = with_port(text, trimmed(port).empty() ? "514" : trimmed(port));
  if (target.protocol == "udp") target.is_encrypted = false;
  return target;
}

// ":omrelp:host:port;template", ":ommysql:host,database,user,password": what is before the comma.
std::optional<Target> legacy_module_target(std::string_view text) {
  for (const std::string_view module : {"relp", "mysql", "pgsql", "libdbi"}) {
    const auto prefix = std::string(":om").append(module) + ":";
    if (!text.starts_with(prefix)) continue;
    text.remove_prefix(prefix.size());
    if (module == "relp") {
      auto target = legacy_target(std::string("@").append(text));
      target.protocol = module;
      return target;  // this form knows no TLS
    }
    return Target{.address = without_secrets(trimmed(text.substr(0, text.find_first_of(",;")))),
                  .protocol = std::string(module)};
  }
  return std::nullopt;
}

class Rows {
 public:
  Rows(LogFiles& files, LogRows& rows) : files_(files), rows_(rows) {}

  Status add(const RsyslogSettings& settings);

 private:
  void directive(const RsyslogStatement& statement, const Place& place);
  Status object(const RsyslogStatement& statement, const Place& place);
  Status action(const RsyslogStatement& statement, const Place& place);
  Status write_file(std::string_view path, std::string_view selector, const Place& place);
  void dynamic_file(std::string_view name, std::string_view selector, const Place& place);
  void forward(const Target& target, const Place& place);
  void forward_object(const RsyslogStatement& statement, const Place& place);
  void listen(std::string_view protocol, std::string_view port, const Place& place);
  void setting(std::string_view name, std::string_view text, const Place& place);

  LogFiles& files_;
  LogRows& rows_;
  bool is_stream_encrypted_ = false;  // $ActionSendStreamDriverMode 1
  bool has_tls_driver_ = false;       // the default driver of streams is one of TLS
};

bool is_tls_driver(std::string_view driver) {
  return driver == "gtls" || driver == "ossl" || driver == "mbedtls";
}

void Rows::setting(std::string_view name, std::string_view text, const Place& place) {
  rows_.add({.component = kRsyslog, .setting = name, .text = std::string(text), .place = place});
}

void Rows::listen(std::string_view protocol, std::string_view port, const Place& place) {
  rows_.add({.component = kRsyslog,
             .setting = "receives",
             .target = std::string(port),
             .text = std::string(protocol),
             .place = place});
}

void Rows::forward(const Target& target, const Place& place) {
  rows_.add({.component = kRsyslog,
             .setting = "forward",
             .target = target.address,
             .text = target.protocol,
             .place = place});
  LogRow tls{
      .component = kRsyslog, .setting = "forward_tls", .target = target.address, .place = place};
  if (target.is_encrypted)
    tls.value = *target.is_encrypted ? 1 : 0;
  else
    tls.note = "whether it is encrypted is not known of " + target.protocol;
  rows_.add(tls);
  rows_.add({.component = kRsyslog,
             .setting = "forward_selector",
             .target = target.address,
             .text = target.selector,
             .place = place,
             .note = target.selector.empty() ? "chosen by the script or rule set around it" : ""});
}

void Rows::forward_object(const RsyslogStatement& statement, const Place& place) {
  const auto type = statement.parameter("type");
  Target target{.selector = statement.selector};
  std::string_view host;
  for (const std::string_view name : {"target", "server", "broker", "host", "serverurl", "uri"})
    if (host.empty()) host = statement.parameter(name);
  if (host.empty()) return;
  auto port = statement.parameter("port");
  if (port.empty()) port = statement.parameter("serverport");
  if (type == "omfwd") {
    const auto protocol = statement.parameter("protocol");
    target.protocol = equals_ignoring_case(protocol, "tcp") ? "tcp" : "udp";
    const auto driver = statement.parameter("streamdriver");
    const bool has_driver = is_tls_driver(driver) || (driver.empty() && has_tls_driver_);
    target.is_encrypted =
        target.protocol == "tcp" && has_driver && statement.parameter("streamdrivermode") == "1";
    if (port.empty()) port = "514";
  } else if (type == "omrelp") {
    target.protocol = "relp";
    target.is_encrypted = truth_of(statement.parameter("tls")).value_or(false);
  } else {
    target.protocol = type.starts_with("om") ? type.substr(2) : type;
    for (const std::string_view name : {"usehttps", "tls", "use_ssl"})
      if (const auto flag = truth_of(statement.parameter(name))) target.is_encrypted = *flag;
    if (host.starts_with("https://")) target.is_encrypted = true;
    if (host.starts_with("http://")) target.is_encrypted = false;
  }
  target.address = with_port(host, port);
  forward(target, place);
}

// A name with properties in it is not one file but many.
void Rows::dynamic_file(std::string_view name, std::string_view selector, const Place& place) {
  rows_.add(
      {.component = kRsyslog,
       .setting = "dynamic_file",
       .target = std::string(name),
       .text = std::string(selector),
       .place = place,
       .note = "the template decides which files are written: their modes are not looked at"});
}

Status Rows::write_file(std::string_view path, std::string_view selector, const Place& place) {
  if (path.starts_with("/dev/")) return {};
  rows_.add({.component = kRsyslog,
             .setting = "file",
             .target = std::string(path),
             .text = std::string(selector),
             .place = place});
  return files_.add(kRsyslog, std::string(path), place);
}

Status Rows::action(const RsyslogStatement& statement, const Place& place) {
  std::string_view text = statement.text;
  if (text.starts_with('@')) {
    auto target = legacy_target(text);
    target.selector = statement.selector;
    if (target.protocol == "tcp") target.is_encrypted = is_stream_encrypted_ && has_tls_driver_;
    forward(target, place);
    return {};
  }
  if (text.starts_with('?')) {
    dynamic_file(text.substr(1, text.find(';') - 1), statement.selector, place);
    return {};
  }
  if (auto target = legacy_module_target(text)) {
    target->selector = statement.selector;
    forward(*target, place);
    return {};
  }
  if (text.starts_with('-')) text.remove_prefix(1);
  if (!text.starts_with('/')) return {};
  return write_file(trimmed(text.substr(0, text.find(';'))), statement.selector, place);
}

void Rows::directive(const RsyslogStatement& statement, const Place& place) {
  const auto& name = statement.name;
  const auto& text = statement.text;
  if (name == "defaultnetstreamdriver") has_tls_driver_ = is_tls_driver(text);
  if (name == "actionsendstreamdrivermode") is_stream_encrypted_ = text == "1";
  if (name == "filecreatemode") setting("file_create_mode", text, place);
  if (name == "fileowner") setting("file_create_owner", text, place);
  if (name == "filegroup") setting("file_create_group", text, place);
  if (name == "inputtcpserverrun") listen("tcp", text, place);
  if (name == "udpserverrun") listen("udp", text, place);
  if (name == "inputrelpserverrun") listen("relp", text, place);
}

Status Rows::object(const RsyslogStatement& statement, const Place& place) {
  const auto value = [&](std::string_view name) { return statement.parameter(name); };
  if (statement.name == "global" && !value("defaultnetstreamdriver").empty())
    has_tls_driver_ = is_tls_driver(value("defaultnetstreamdriver"));
  if (statement.name == "module" && value("load") == "builtin:omfile") {
    if (!value("filecreatemode").empty())
      setting("file_create_mode", value("filecreatemode"), place);
    if (!value("fileowner").empty()) setting("file_create_owner", value("fileowner"), place);
    if (!value("filegroup").empty()) setting("file_create_group", value("filegroup"), place);
  }
  if (statement.name == "input") {
    const auto type = value("type");
    if (type == "imtcp" || type == "imudp" || type == "imrelp" || type == "imptcp")
      listen(type.substr(2), value("port"), place);
  }
  if (statement.name != "action") return {};
  if (value("type") != "omfile") {
    forward_object(statement, place);
    return {};
  }
  if (!value("dynafile").empty()) dynamic_file(value("dynafile"), statement.selector, place);
  if (value("file").empty()) return {};
  return write_file(value("file"), statement.selector, place);
}

Status Rows::add(const RsyslogSettings& settings) {
  LogRow whole{
      .component = kRsyslog, .setting = "configuration", .place = {std::string(kFile), {}}};
  if (settings.problems.empty())
    whole.value = 1;
  else
    whole.note = "not understood: " + joined(settings.problems, "; ");
  rows_.add(whole);
  for (const auto& [statement, file] : settings.items) {
    const Place place{file, statement.line};
    Status done;
    if (statement.kind == Kind::kDirective) directive(statement, place);
    if (statement.kind == Kind::kAction) done = action(statement, place);
    if (statement.kind == Kind::kObject) done = object(statement, place);
    if (!done) return done;
  }
  return {};
}

}  // namespace

Status add_rsyslog(Host& host, LogFiles& files, LogRows& rows) {
  const auto status = host.status(kFile);
  if (!status && status.error().code() == Code::kNotFound) return {};
  const auto settings = read_rsyslog(host, kFile);
  if (!settings) return fail(settings.error());
  return Rows(files, rows).add(*settings);
}

}  // namespace assay::agent
