#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec interface_addresses() {
  return {.name = "interface_addresses",
          .version = 1,
          .meaning = {"Addresses of the network interfaces. One row per address.",
                      "網路介面的位址。每個位址一列。"},
          .privacy = Privacy::kPublic,
          .origin = Origin::kHost,
          .is_volatile = false,
          .is_live_only = true,
          .example = "SELECT interface, address FROM interface_addresses WHERE interface <> 'lo'",
          .columns = {
              {"interface", kText, {"Name of the interface.", "網路介面名稱。"}},
              {"address", kText, {"IPv4 or IPv6 address.", "IPv4 或 IPv6 位址。"}},
              {"mask",
               kText,
               {"Network mask, written as an address; NULL if there is none.",
                "網路遮罩，以位址形式表示；沒有則為 NULL。"}},
              {"broadcast",
               kText,
               {"Broadcast address; NULL if there is none.", "廣播位址；沒有則為 NULL。"}},
              {"point_to_point",
               kText,
               {"Address of the other end of a point-to-point link; NULL on other links.",
                "點對點連線的對端位址；其他連線為 NULL。"}},
              {"type",
               kText,
               {"How the address came about: dhcp, manual, auto or other; NULL if unknown.",
                "位址來源：dhcp、manual、auto 或 other；不明則為 NULL。"}},
          }};
}

TableSpec listening_ports() {
  return {.name = "listening_ports",
          .version = 1,
          .meaning = {"TCP and UDP ports on which a program waits for others, and who owns it.",
                      "等待連入的 TCP 與 UDP 連接埠，以及所屬的程式。"},
          .privacy = Privacy::kPersonal,
          .origin = Origin::kHost,
          .is_volatile = false,
          .is_live_only = true,
          .example =
              "SELECT port, address, process, package FROM listening_ports WHERE protocol = 6 AND "
              "address IN ('0.0.0.0', '::')",
          .columns = {
              {"port", kInteger, {"Port number.", "連接埠號碼。"}},
              {"protocol", kInteger, {"6: TCP; 17: UDP.", "6：TCP；17：UDP。"}},
              {"family", kInteger, {"2: IPv4; 10: IPv6.", "2：IPv4；10：IPv6。"}},
              {"address",
               kText,
               {"Local address; 0.0.0.0 and :: mean all addresses.",
                "本機位址；0.0.0.0 與 :: 表示所有位址。"}},
              {"path",
               kText,
               {"Executable; NULL if the process cannot be told.",
                "執行檔路徑；無法得知所屬處理程序則為 NULL。"}},
              {"process",
               kText,
               {"Name of the process; NULL if it cannot be told.",
                "處理程序名稱；無法得知則為 NULL。"}},
              {"package",
               kText,
               {"Package (deb, rpm or apk) that owns the executable; NULL if none does or it cannot be "
                "told.",
                "擁有該執行檔的套件（deb、rpm 或 apk）；沒有或無法得知則為 NULL。"}},
              {"unit",
               kText,
               {"systemd unit of the process; NULL if it has none or it cannot be told.",
                "處理程序所屬的 systemd 單元；沒有或無法得知則為 NULL。"}},
              {"uid",
               kInteger,
               {"User ID that owns the socket; NULL if it cannot be told.",
                "擁有該 socket 的使用者識別碼；無法得知則為 NULL。"}},
              {"net_namespace",
               kText,
               {"Network namespace of the socket; NULL if it cannot be told.",
                "socket 所在的網路命名空間；無法得知則為 NULL。"}},
          }};
}

TableSpec arp_cache() {
  return {
      .name = "arp_cache",
      .version = 1,
      .meaning = {"Neighbours on the link that the kernel knows: ARP for IPv4, neighbour discovery "
                  "for IPv6.",
                  "核心已知的同鏈路鄰居：IPv4 的 ARP 與 IPv6 的鄰居探索。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example = "SELECT address, mac, interface FROM arp_cache WHERE permanent = '1'",
      .columns = {
          {"address", kText, {"IPv4 or IPv6 address.", "IPv4 或 IPv6 位址。"}},
          {"mac",
           kText,
           {"Hardware address; NULL while it is not known.", "硬體位址；尚未得知則為 NULL。"}},
          {"interface", kText, {"Interface; NULL if it is gone.", "網路介面；已不存在則為 NULL。"}},
          {"permanent",
           kText,
           {"1 if the entry was set by hand and does not expire, else 0 (text, as in osquery).",
            "1 表示手動設定且不會過期，否則為 0（文字型別，與 osquery 相同）。"}},
          {"state",
           kText,
           {"reachable, stale, delay, probe, incomplete, failed, permanent or none.",
            "reachable、stale、delay、probe、incomplete、failed、permanent 或 none。"}},
          {"is_router",
           kInteger,
           {"1 if an IPv6 neighbour says that it is a router, else 0.",
            "IPv6 鄰居宣告自己是路由器為 1，否則為 0。"}},
      }};
}

TableSpec dns_resolvers() {
  return {
      .name = "dns_resolvers",
      .version = 1,
      .meaning = {"Name servers, search domains and options: what programs use (/etc/resolv.conf), "
                  "what local resolvers ask in turn, and how they are configured.",
                  "名稱伺服器、搜尋網域與選項：程式實際使用的（/etc/"
                  "resolv.conf）、本機解析服務再往上查詢的，以及其設定。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = false,
      .example = "SELECT address, source FROM dns_resolvers WHERE type = 'nameserver'",
      .columns = {
          {"id",
           kInteger,
           {"Number of the row in the order of the sources.", "依來源順序的列號。"}},
          {"type",
           kText,
           {"nameserver, fallback_nameserver, search, sortlist or option.",
            "nameserver、fallback_nameserver、search、sortlist 或 option。"}},
          {"address",
           kText,
           {"Address of the server, the search domain, or the option as written (also DNSSEC= and "
            "DNSOverTLS= of systemd-resolved); NULL if it is empty.",
            "伺服器位址、搜尋網域或原文的選項（包括 systemd-resolved 的 DNSSEC= 與 "
            "DNSOverTLS=）；空白則為 NULL。"}},
          {"netmask",
           kText,
           {"Mask of a sortlist entry; NULL for all others.",
            "sortlist 項目的遮罩；其他類型為 NULL。"}},
          {"source",
           kText,
           {"File that says so. What programs use is in /etc/resolv.conf.",
            "記載的檔案。程式實際使用的是 /etc/resolv.conf。"}},
          {"interface",
           kText,
           {"Interface that the setting is for; NULL if it is for all or unknown.",
            "設定所屬的網路介面；適用全部或不明則為 NULL。"}},
          {"note",
           kText,
           {"Who uses the entry; NULL for libc itself.", "由誰使用；libc 本身則為 NULL。"}},
      }};
}

TableSpec routes() {
  return {
      .name = "routes",
      .version = 1,
      .meaning = {"Routes of the kernel, all routing tables, IPv4 and IPv6. A route with several "
                  "ways has a row for each.",
                  "核心的路由，包含所有路由表，IPv4 與 IPv6。有多條路徑的路由每條路徑一列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT destination, netmask, gateway, interface FROM routes WHERE table_name = 'main'",
      .columns = {
          {"destination",
           kText,
           {"Destination address; 0.0.0.0 or :: with netmask 0 is the default route.",
            "目的位址；0.0.0.0 或 :: 且 netmask 為 0 表示預設路由。"}},
          {"netmask", kInteger, {"Length of the prefix in bits.", "前綴長度（位元）。"}},
          {"gateway",
           kText,
           {"Address of the gateway; NULL if the destination is on the link.",
            "閘道位址；目的地就在同一鏈路則為 NULL。"}},
          {"source",
           kText,
           {"Preferred source address; NULL if none is set.", "偏好的來源位址；未設定則為 NULL。"}},
          {"flags",
           kInteger,
           {"Flags of the kernel (RTM_F_..., RTNH_F_...), without those of the link's state.",
            "核心的旗標（RTM_F_…、RTNH_F_…），不含鏈路狀態。"}},
          {"interface",
           kText,
           {"Interface that packets leave by; NULL for routes that discard.",
            "封包送出的網路介面；丟棄封包的路由則為 NULL。"}},
          {"mtu",
           kInteger,
           {"Largest packet in bytes that the route sets; NULL if it sets none.",
            "路由設定的最大封包大小（位元組）；未設定則為 NULL。"}},
          {"metric",
           kInteger,
           {"Priority, lower wins; NULL if the kernel states none.",
            "優先順序，數字小者優先；核心未提供則為 NULL。"}},
          {"type",
           kText,
           {"gateway (osquery's word for ordinary routes), local, broadcast, anycast, multicast, "
            "blackhole, unreachable, prohibit or other.",
            "gateway（osquery "
            "對一般路由的用語）、local、broadcast、anycast、multicast、blackhole、unreachable、proh"
            "ibit 或 other。"}},
          {"hopcount",
           kInteger,
           {"Hop limit that the route sets; NULL if it sets none.",
            "路由設定的躍點上限；未設定則為 NULL。"}},
          {"table_name",
           kText,
           {"Routing table: main, local, default or its number.",
            "路由表：main、local、default 或編號。"}},
          {"origin",
           kText,
           {"Who made the route: kernel, boot, static, dhcp, ra (router advertisement), redirect "
            "or a number.",
            "由誰建立此路由：kernel、boot、static、dhcp、ra（路由器公告）、redirect 或編號。"}},
      }};
}

}  // namespace

std::span<const TableSpec> network_tables() {
  static const std::vector<TableSpec> kTables = {
      arp_cache(), dns_resolvers(), interface_addresses(), listening_ports(), routes()};
  return kTables;
}

}  // namespace assay::evidence
