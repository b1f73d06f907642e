#include "agent/probes/linux/operations/remote/remote_access.h"

#include "agent/probes/linux/operations/remote/remote_settings.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

// ScreenConnect's folder and unit end in the id of its server.
constexpr std::array<std::string_view, 2> kScreenConnect = {"connectwisecontrol-",
                                                            "screenconnect-"};
constexpr std::size_t kMaxOptEntries = 10'000;

evidence::Value flag_or_null(std::optional<bool> flag) {
  if (!flag) return evidence::kNull;
  return std::int64_t{*flag ? 1 : 0};
}

std::string list_of(const std::vector<std::uint16_t>& ports) {
  std::string list;
  for (const auto port : ports) {
    if (!list.empty()) list += ",";
    list += std::to_string(port);
  }
  return list;
}

std::set<std::string> packages_of_all() {
  std::set<std::string> all;
  for (const auto& product : remote_products())
    all.insert(product.product.packages.begin(), product.product.packages.end());
  return all;
}

class Collector {
 public:
  explicit Collector(Host& host) : host_(host), finder_(host, packages_of_all()) {}

  Result<evidence::Table> collect();

 private:
  Status add(const RemoteProduct& product);
  Status add_screenconnect();
  void add_row(const Product& product, const RemoteSettings& settings);
  std::optional<bool> listens(const RemoteSettings& settings);

  Host& host_;
  PresenceFinder finder_;
  evidence::Table table_{*evidence::find_table("remote_access")};
  std::optional<std::set<std::uint16_t>> open_ports_;
};

// Whether it runs and something listens on one of its ports; which program does is told by the
// table listening_ports.
std::optional<bool> Collector::listens(const RemoteSettings& settings) {
  if (!settings.presence.running) return std::nullopt;
  if (!*settings.presence.running || settings.ports.empty()) return false;
  if (!open_ports_) {
    const auto sockets = host_.listening_sockets();
    if (!sockets) return std::nullopt;
    open_ports_.emplace();
    for (const auto& socket : *sockets) open_ports_->insert(socket.port);
  }
  return std::ranges::any_of(settings.ports,
                             [this](std::uint16_t port) { return open_ports_->contains(port); });
}

void Collector::add_row(const Product& product, const RemoteSettings& settings) {
  const auto& presence = settings.presence;
  table_.add({{"kind", std::string(product.kind)},
              {"name", std::string(product.name)},
              {"version", text_or_null(presence.version)},
              {"installed", flag_or_null(presence.installed)},
              {"running", flag_or_null(presence.running)},
              {"enabled", flag_or_null(presence.enabled)},
              {"listens", flag_or_null(listens(settings))},
              {"ports", text_or_null(list_of(settings.ports))},
              {"drive_redirection", flag_or_null(settings.drive)},
              {"clipboard_redirection", flag_or_null(settings.clipboard)},
              {"printer_redirection", flag_or_null(settings.printer)},
              {"usb_redirection", flag_or_null(settings.usb)},
              {"authentication", text_or_null(settings.authentication)},
              {"encryption", text_or_null(settings.encryption)},
              {"root_login", flag_or_null(settings.root_login)},
              {"idle_timeout_seconds", number_or_null(settings.idle_timeout_seconds)},
              {"source", text_or_null(joined(presence.sources, ", "))},
              {"note", text_or_null(joined(presence.notes, "; "))}});
}

Status Collector::add(const RemoteProduct& product) {
  auto presence = finder_.find(product.product);
  if (!presence) return fail(std::move(presence.error()));
  if (!*presence) return {};
  RemoteSettings settings{.presence = **std::move(presence), .ports = product.ports};
  if (product.product.units.empty()) std::erase(settings.presence.notes, kNoService);
  if (product.inspect != nullptr)
    if (auto done = product.inspect(host_, settings); !done) return done;
  if (!product.note.empty()) settings.note(product.note);
  add_row(product.product, settings);
  return {};
}

Status Collector::add_screenconnect() {
  const auto names = host_.list_directory("/opt", kMaxOptEntries);
  if (!names && names.error().code() == Code::kNotFound) return {};
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (std::ranges::none_of(kScreenConnect,
                             [&](std::string_view prefix) { return name.starts_with(prefix); }))
      continue;
    const auto folder = "/opt/" + name;
    const auto unit = name + ".service";
    if (auto done = add({.product = {.kind = "vendor",
                                     .name = "ConnectWise ScreenConnect",
                                     .programs = {folder},
                                     .units = {unit}},
                         .note = "it runs as java: whether it does is told by its unit only"});
        !done)
      return done;
  }
  return {};
}

Result<evidence::Table> Collector::collect() {
  for (const auto& product : remote_products())
    if (auto done = add(product); !done) return fail(std::move(done.error()));
  if (auto done = add_screenconnect(); !done) return fail(std::move(done.error()));
  return std::move(table_);
}

}  // namespace

Result<evidence::Table> collect_remote_access(Host& host) {
  return Collector(host).collect();
}

}  // namespace assay::agent
