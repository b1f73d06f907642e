// What the settings of a way into the machine say: a row of remote_access in the making.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/presence/presence.h"

namespace assay::agent {

struct RemoteSettings {
  Presence presence;
  std::vector<std::uint16_t>
      ports;                  // where it listens; the usual ones unless its settings say else
  std::optional<bool> drive;  // files or drives can be passed on
  std::optional<bool> clipboard;
  std::optional<bool> printer;
  std::optional<bool> usb;
  std::string authentication;
  std::string encryption;
  std::optional<bool> root_login;
  std::optional<std::int64_t> idle_timeout_seconds;  // 0: none

  void from(std::string_view source) { presence.sources.emplace_back(source); }
  void note(std::string_view text) { presence.notes.emplace_back(text); }
};

using RemoteInspector = Status (*)(Host& host, RemoteSettings& settings);

struct RemoteProduct {
  Product product;
  std::vector<std::uint16_t> ports;
  RemoteInspector inspect = nullptr;
  std::string_view note;
};

[[nodiscard]] std::span<const RemoteProduct> remote_products();

[[nodiscard]] Status inspect_cockpit(Host& host, RemoteSettings& settings);
[[nodiscard]] Status inspect_rustdesk(Host& host, RemoteSettings& settings);
[[nodiscard]] Status inspect_sshd(Host& host, RemoteSettings& settings);
[[nodiscard]] Status inspect_tigervnc(Host& host, RemoteSettings& settings);
[[nodiscard]] Status inspect_webmin(Host& host, RemoteSettings& settings);
[[nodiscard]] Status inspect_x11vnc(Host& host, RemoteSettings& settings);
[[nodiscard]] Status inspect_xrdp(Host& host, RemoteSettings& settings);

}  // namespace assay::agent
