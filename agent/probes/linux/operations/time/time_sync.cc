#include "agent/probes/linux/operations/time/time_sync.h"

#include "agent/probes/linux/operations/time/time_settings.h"
#include "agent/probes/linux/presence/presence.h"
#include "agent/probes/linux/text/addresses.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

struct TimeDaemon {
  Product product;
  Result<TimeSettings> (*read)(Host& host) = nullptr;
  std::string_view note;  // when there is nothing to read
};

std::span<const TimeDaemon> daemons() {
  static const std::vector<TimeDaemon> kDaemons = {
      {{.kind = "ntp",
        .name = "chrony",
        .packages = {"chrony"},
        .programs = {"/usr/sbin/chronyd"},
        .units = {"chrony.service", "chronyd.service"},
        .processes = {"chronyd"}},
       read_chrony},
      {{.kind = "ntp",
        .name = "systemd-timesyncd",
        .packages = {"systemd-timesyncd"},
        .programs = {"/usr/lib/systemd/systemd-timesyncd", "/lib/systemd/systemd-timesyncd"},
        .units = {"systemd-timesyncd.service"},
        .processes = {"systemd-timesyn"}},
       read_timesyncd},
      {{.kind = "ntp",
        .name = "openntpd",
        .packages = {"openntpd"},
        .programs = {"/usr/sbin/openntpd"},
        .units = {"openntpd.service"},
        .processes = {"openntpd"}},
       read_openntpd},
      {{.kind = "ntp",
        .name = "ntpd",
        .packages = {"ntpsec", "ntp"},
        .programs = {"/usr/sbin/ntpd"},
        .units = {"ntpsec.service", "ntpd.service", "ntp.service"},
        .processes = {"ntpd"}},
       read_ntp},
      {{.kind = "ntp",
        .name = "busybox-ntpd",
        .programs = {"/etc/conf.d/ntpd"},
        .processes = {"ntpd"}},
       read_busybox_ntpd},
      {{.kind = "ptp",
        .name = "linuxptp",
        .packages = {"linuxptp"},
        .programs = {"/usr/sbin/ptp4l"},
        .units = {"ptp4l.service", "phc2sys.service"},
        .processes = {"ptp4l"}},
       nullptr,
       "its settings are not read"},
      {{.kind = "guest",
        .name = "VMware Tools",
        .packages = {"open-vm-tools"},
        .programs = {"/usr/bin/vmtoolsd", "/usr/sbin/vmtoolsd"},
        .units = {"open-vm-tools.service", "vmtoolsd.service"},
        .processes = {"vmtoolsd"}},
       nullptr,
       "whether it sets the clock is decided in the hypervisor"},
      {{.kind = "guest",
        .name = "VirtualBox Guest Additions",
        .packages = {"virtualbox-guest-utils"},
        .programs = {"/usr/sbin/VBoxService"},
        .units = {"virtualbox-guest-utils.service", "vboxadd-service.service"},
        .processes = {"VBoxService"}},
       nullptr,
       "it sets the clock from the hypervisor's"},
      {{.kind = "guest", .name = "Hyper-V time source", .programs = {"/dev/ptp_hyperv"}},
       nullptr,
       "a clock of the hypervisor, for a daemon that uses it"},
  };
  return kDaemons;
}

evidence::Value flag_or_null(std::optional<bool> flag) {
  if (!flag) return evidence::kNull;
  return std::int64_t{*flag ? 1 : 0};
}

void add_row(const Product& product, const Presence& presence, const TimeSource& source,
             evidence::Table& table) {
  auto note = source.note;
  if (!presence.notes.empty()) {
    if (!note.empty()) note += "; ";
    note += joined(presence.notes, "; ");
  }
  table.add({{"service", std::string(product.name)},
             {"kind", source.kind},
             {"server", text_or_null(without_secrets(source.server))},
             {"authenticated", flag_or_null(source.is_authenticated)},
             {"installed", flag_or_null(presence.installed)},
             {"running", flag_or_null(presence.running)},
             {"enabled", flag_or_null(presence.enabled)},
             {"source", text_or_null(source.place.source.empty() ? joined(presence.sources, ", ")
                                                                 : source.place.source)},
             {"line", number_or_null(source.place.line)},
             {"note", text_or_null(note)}});
}

Status add_daemon(Host& host, PresenceFinder& finder, const TimeDaemon& daemon,
                  evidence::Table& table) {
  auto found = finder.find(daemon.product);
  if (!found) return fail(std::move(found.error()));
  if (!*found) return {};
  auto presence = **std::move(found);
  if (daemon.product.units.empty())
    std::erase(presence.notes, kNoService);
  if (presence.installed == false) {
    add_row(daemon.product, presence, {.kind = "none", .note = "only traces of it are left"},
            table);
    return {};
  }
  if (daemon.read == nullptr) {
    add_row(daemon.product, presence,
            {.kind = std::string(daemon.product.kind), .note = std::string(daemon.note)}, table);
    return {};
  }
  const auto settings = daemon.read(host);
  if (!settings) return fail(settings.error());
  for (const auto& source : settings->sources) add_row(daemon.product, presence, source, table);
  if (!settings->problems.empty())
    add_row(daemon.product, presence,
            {.kind = "unknown", .note = "not understood: " + joined(settings->problems, "; ")},
            table);
  else if (settings->sources.empty())
    add_row(daemon.product, presence, {.kind = "none", .note = "its settings name no server"},
            table);
  return {};
}

void add_kernel(Host& host, evidence::Table& table) {
  const auto state = host.clock_state();
  table.add({{"service", std::string("kernel")},
             {"kind", std::string("clock")},
             {"synchronised", state ? flag_or_null(state->is_synchronised) : evidence::kNull},
             {"source", std::string("adjtimex")},
             {"note", text_or_null(state ? std::string() : state.error().message())}});
}

}  // namespace

Result<evidence::Table> collect_time_sync(Host& host) {
  evidence::Table table(*evidence::find_table("time_sync"));
  PresenceFinder finder(host);
  add_kernel(host, table);
  for (const auto& daemon : daemons())
    if (auto done = add_daemon(host, finder, daemon, table); !done)
      return fail(std::move(done.error()));
  return table;
}

}  // namespace assay::agent
