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
               {"deb package that owns the executable; NULL if none does or it cannot be told.",
                "擁有該執行檔的 deb 套件；沒有或無法得知則為 NULL。"}},
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

}  // namespace

std::span<const TableSpec> network_tables() {
  static const std::vector<TableSpec> kTables = {interface_addresses(), listening_ports()};
  return kTables;
}

}  // namespace assay::evidence
