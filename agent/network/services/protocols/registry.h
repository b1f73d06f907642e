// The protocols that are recognised: one folder and one line in registry.cc each.
//
// A port says in which order it is worth asking, and never what is spoken.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "agent/network/services/protocols/dialogue.h"

namespace assay::agent::services {

enum class Begins : std::uint8_t {
  kServer,  // by itself, once connected: all such protocols listen on one connection
  kClient,  // after we have said something: a connection each
};

struct Protocol {
  std::string_view name;
  Begins begins;
  std::span<const std::uint16_t> usual_ports;
  std::unique_ptr<Dialogue> (*make)(const Setting& setting);
};

// In the order of likelihood.
[[nodiscard]] std::span<const Protocol> protocols();
[[nodiscard]] std::span<const Datagram> datagrams();
// The usual ports of all, ascending, each once: what is asked where no port is named.
[[nodiscard]] std::span<const std::uint16_t> usual_ports();

// One function per folder.
[[nodiscard]] std::unique_ptr<Dialogue> make_ftp(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_http(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_ssh(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_telnet(const Setting& setting);

}  // namespace assay::agent::services
