#include "agent/probes/linux/operations/logging/log_parts.h"

namespace assay::agent {
namespace {

std::span<const Product> services() {
  static const std::vector<Product> kServices = {
      {.kind = "journald",
       .programs = {"/usr/lib/systemd/systemd-journald", "/lib/systemd/systemd-journald"},
       .units = {"systemd-journald.service"},
       .processes = {"systemd-journal"}},
      {.kind = "rsyslog",
       .packages = {"rsyslog"},
       .programs = {"/usr/sbin/rsyslogd", "/sbin/rsyslogd"},
       .units = {"rsyslog.service"},
       .processes = {"rsyslogd"}},
      {.kind = "syslog-ng",
       .packages = {"syslog-ng-core", "syslog-ng"},
       .programs = {"/usr/sbin/syslog-ng"},
       .units = {"syslog-ng.service"},
       .processes = {"syslog-ng"}},
      {.kind = "busybox-syslogd",
       .programs = {},
       .units = {"busybox-syslogd.service", "syslog.service"},
       .processes = {"syslogd"}},
      {.kind = "auditd",
       .packages = {"auditd"},
       .programs = {"/sbin/auditd", "/usr/sbin/auditd"},
       .units = {"auditd.service"},
       .processes = {"auditd"}},
      {.kind = "logrotate",
       .packages = {"logrotate"},
       .programs = {"/usr/sbin/logrotate"},
       .units = {"logrotate.timer"}},
      {.kind = "journal-remote",
       .packages = {"systemd-journal-remote"},
       .programs = {"/usr/lib/systemd/systemd-journal-upload",
                    "/lib/systemd/systemd-journal-upload"},
       .units = {"systemd-journal-upload.service"},
       .processes = {"systemd-journal-u"}},
      {.kind = "filebeat",
       .packages = {"filebeat"},
       .programs = {"/usr/share/filebeat/bin/filebeat", "/usr/bin/filebeat"},
       .units = {"filebeat.service"},
       .processes = {"filebeat"}},
      {.kind = "elastic-agent",
       .packages = {"elastic-agent"},
       .programs = {"/opt/Elastic/Agent/elastic-agent", "/usr/bin/elastic-agent"},
       .units = {"elastic-agent.service"},
       .processes = {"elastic-agent"}},
      {.kind = "fluent-bit",
       .packages = {"fluent-bit", "td-agent-bit"},
       .programs = {"/opt/fluent-bit/bin/fluent-bit", "/usr/bin/fluent-bit"},
       .units = {"fluent-bit.service"},
       .processes = {"fluent-bit"}},
      {.kind = "fluentd",
       .packages = {"fluent-package", "td-agent"},
       .programs = {"/opt/fluent/bin/fluentd", "/opt/td-agent/bin/fluentd"},
       .units = {"fluentd.service", "td-agent.service"}},
      {.kind = "vector",
       .packages = {"vector"},
       .programs = {"/usr/bin/vector"},
       .units = {"vector.service"},
       .processes = {"vector"}},
      {.kind = "promtail",
       .packages = {"promtail"},
       .programs = {"/usr/bin/promtail"},
       .units = {"promtail.service"},
       .processes = {"promtail"}},
      {.kind = "alloy",
       .packages = {"alloy"},
       .programs = {"/usr/bin/alloy"},
       .units = {"alloy.service"},
       .processes = {"alloy"}},
      {.kind = "nxlog",
       .packages = {"nxlog-ce", "nxlog"},
       .programs = {"/usr/bin/nxlog", "/opt/nxlog/bin/nxlog"},
       .units = {"nxlog.service"},
       .processes = {"nxlog"}},
      {.kind = "splunk-forwarder",
       .packages = {"splunkforwarder"},
       .programs = {"/opt/splunkforwarder/bin/splunkd"},
       .units = {"SplunkForwarder.service", "splunk.service"},
       .processes = {}},
  };
  return kServices;
}

// journald is started by sockets and by whoever logs first: nothing has to want it.
bool is_always_started(std::string_view component) {
  return component == "journald";
}

}  // namespace

Status add_log_services(PresenceFinder& finder, LogRows& rows) {
  for (const auto& service : services()) {
    const auto presence = finder.find(service);
    if (!presence) return fail(presence.error());
    if (!*presence) continue;
    const auto add = [&](std::string_view setting, std::optional<bool> flag) {
      rows.add({.component = service.kind,
                .setting = setting,
                .value = flag ? std::optional<std::int64_t>(*flag ? 1 : 0) : std::nullopt,
                .place = {.source = joined((*presence)->sources, ", ")},
                .note = flag ? std::string() : joined((*presence)->notes, "; ")});
    };
    add("installed", (*presence)->installed);
    if (service.kind != std::string_view("logrotate")) add("running", (*presence)->running);
    if (!is_always_started(service.kind) && service.kind != std::string_view("logrotate"))
      add("enabled", (*presence)->enabled);
  }
  return {};
}

}  // namespace assay::agent
