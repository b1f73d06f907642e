#include "agent/network/services/protocols/registry.h"

#include <algorithm>
#include <array>
#include <vector>

namespace assay::agent::services {

namespace {

constexpr std::array<std::uint16_t, 1> kSshPorts{22};
constexpr std::array<std::uint16_t, 2> kFtpPorts{21, 990};
constexpr std::array<std::uint16_t, 3> kSmtpPorts{25, 465, 587};
constexpr std::array<std::uint16_t, 2> kImapPorts{143, 993};
constexpr std::array<std::uint16_t, 2> kPop3Ports{110, 995};
constexpr std::array<std::uint16_t, 2> kTelnetPorts{23, 992};
constexpr std::array<std::uint16_t, 1> kMysqlPorts{3306};
constexpr std::array<std::uint16_t, 2> kVncPorts{5900, 5901};
constexpr std::array<std::uint16_t, 1> kRsyncPorts{873};
constexpr std::array<std::uint16_t, 1> kRloginPorts{513};
constexpr std::array<std::uint16_t, 1> kRshPorts{514};
constexpr std::array<std::uint16_t, 1> kRexecPorts{512};
constexpr std::array<std::uint16_t, 7> kHttpPorts{80, 443, 2375, 2376, 8080, 8443, 9200};
constexpr std::array<std::uint16_t, 1> kPostgresqlPorts{5432};
constexpr std::array<std::uint16_t, 2> kLdapPorts{389, 636};
constexpr std::array<std::uint16_t, 1> kSmbPorts{445};
constexpr std::array<std::uint16_t, 1> kRdpPorts{3389};
constexpr std::array<std::uint16_t, 1> kRedisPorts{6379};
constexpr std::array<std::uint16_t, 1> kMemcachedPorts{11211};
constexpr std::array<std::uint16_t, 1> kMongodbPorts{27017};
constexpr std::array<std::uint16_t, 2> kDnsPorts{53, 853};
constexpr std::array<std::uint16_t, 2> kRpcPorts{111, 2049};
constexpr std::array<std::uint16_t, 1> kX11Ports{6000};

constexpr std::array kProtocols{
    Protocol{"ssh", Begins::kServer, kSshPorts, make_ssh},
    Protocol{"ftp", Begins::kServer, kFtpPorts, make_ftp},
    Protocol{"smtp", Begins::kServer, kSmtpPorts, make_smtp},
    Protocol{"imap", Begins::kServer, kImapPorts, make_imap},
    Protocol{"pop3", Begins::kServer, kPop3Ports, make_pop3},
    Protocol{"telnet", Begins::kServer, kTelnetPorts, make_telnet},
    Protocol{"mysql", Begins::kServer, kMysqlPorts, make_mysql},
    Protocol{"vnc", Begins::kServer, kVncPorts, make_vnc},
    Protocol{"rsync", Begins::kServer, kRsyncPorts, make_rsync},
    Protocol{"rlogin", Begins::kServer, kRloginPorts, make_rlogin},
    Protocol{"rsh", Begins::kServer, kRshPorts, make_rsh},
    Protocol{"rexec", Begins::kServer, kRexecPorts, make_rexec},
    Protocol{"http", Begins::kClient, kHttpPorts, make_http},
    Protocol{"postgresql", Begins::kClient, kPostgresqlPorts, make_postgresql},
    Protocol{"ldap", Begins::kClient, kLdapPorts, make_ldap},
    Protocol{"smb", Begins::kClient, kSmbPorts, make_smb},
    Protocol{"rdp", Begins::kClient, kRdpPorts, make_rdp},
    Protocol{"redis", Begins::kClient, kRedisPorts, make_redis},
    Protocol{"memcached", Begins::kClient, kMemcachedPorts, make_memcached},
    Protocol{"mongodb", Begins::kClient, kMongodbPorts, make_mongodb},
    Protocol{"dns", Begins::kClient, kDnsPorts, make_dns},
    Protocol{"rpc", Begins::kClient, kRpcPorts, make_rpc},
    Protocol{"x11", Begins::kClient, kX11Ports, make_x11},
    Protocol{"rlogin", Begins::kClient, kRloginPorts, make_asked_rlogin},
    Protocol{"rexec", Begins::kClient, kRexecPorts, make_asked_rexec},
};

constexpr std::array kDatagrams{
    Datagram{"dns", 53, false, dns_requests, take_dns, nullptr},
    Datagram{"ntp", 123, false, ntp_requests, take_ntp, nullptr},
    Datagram{"snmp", 161, false, snmp_requests, take_snmp, end_snmp},
    Datagram{"tftp", 69, true, tftp_requests, take_tftp, nullptr},
};

}  // namespace

std::span<const Protocol> protocols() {
  return kProtocols;
}

std::span<const Datagram> datagrams() {
  return kDatagrams;
}

std::span<const std::uint16_t> usual_ports() {
  static const auto kPorts = [] {
    std::vector<std::uint16_t> ports;
    for (const auto& protocol : kProtocols)
      ports.insert(ports.end(), protocol.usual_ports.begin(), protocol.usual_ports.end());
    std::ranges::sort(ports);
    const auto rest = std::ranges::unique(ports);
    ports.erase(rest.begin(), rest.end());
    return ports;
  }();
  return kPorts;
}

}  // namespace assay::agent::services
