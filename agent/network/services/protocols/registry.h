// The protocols that are recognised: one folder and one line in registry.cc each.
//
// A port says in which order it is worth asking, and never what is spoken.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

// One function per protocol, and one more where some of its servers wait to be asked; two for those
// over UDP.
[[nodiscard]] std::unique_ptr<Dialogue> make_asked_rexec(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_asked_rlogin(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_dns(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_ftp(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_http(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_imap(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_ldap(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_memcached(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_mongodb(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_mysql(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_pop3(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_postgresql(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_rdp(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_redis(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_rexec(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_rlogin(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_rpc(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_rsh(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_rsync(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_smb(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_smtp(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_ssh(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_telnet(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_vnc(const Setting& setting);
[[nodiscard]] std::unique_ptr<Dialogue> make_x11(const Setting& setting);

[[nodiscard]] std::vector<std::string> dns_requests(const Options& options);
[[nodiscard]] bool take_dns(std::string_view answer, const Options& options, Facts* facts);
[[nodiscard]] std::vector<std::string> ntp_requests(const Options& options);
[[nodiscard]] bool take_ntp(std::string_view answer, const Options& options, Facts* facts);
[[nodiscard]] std::vector<std::string> snmp_requests(const Options& options);
[[nodiscard]] bool take_snmp(std::string_view answer, const Options& options, Facts* facts);
void end_snmp(const Options& options, Facts* facts);
[[nodiscard]] std::vector<std::string> tftp_requests(const Options& options);
[[nodiscard]] bool take_tftp(std::string_view answer, const Options& options, Facts* facts);

}  // namespace assay::agent::services
