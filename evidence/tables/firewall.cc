#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

TableSpec exposure() {
  return {
      .name = "exposure",
      .version = 1,
      .meaning = {"Whether other machines reach what listens here: each listener judged by the "
                  "packet filters in force. The verdict is for a first packet from outside; what a "
                  "rule that is not understood may decide is unknown.",
                  "其他機器能否連到本機等待連入的程式：以目前生效的封包過濾逐一判定。判定對象是外部"
                  "來的第一個封包；可能由無法解讀的規則決定者為 unknown。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT port, address, process, sources, why FROM exposure WHERE protocol = 6 AND reach "
          "= 'reachable'",
      .columns = {
          {"port", kInteger, {"Port number.", "連接埠號碼。"}},
          {"protocol", kInteger, {"6: TCP; 17: UDP.", "6：TCP；17：UDP。"}},
          {"family",
           kInteger,
           {"2: reached over IPv4; 10: over IPv6. A socket on :: may have a row for each.",
            "2：經由 IPv4；10：經由 IPv6。位於 :: 的 socket 可能各有一列。"}},
          {"address",
           kText,
           {"Local address that is listened on; NULL if nothing listens and a rule sends the "
            "packets to a container.",
            "等待連入的本機位址；沒有程式等待而由規則將封包轉給容器則為 NULL。"}},
          {"interface",
           kText,
           {"Interface that packets come in by; NULL if it is the same for all.",
            "封包進入的網路介面；所有介面結果相同則為 NULL。"}},
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
          {"reach",
           kText,
           {"loopback_only, filtered (no packet gets through), reachable, published_by_container, "
            "or unknown (why says the reason).",
            "loopback_only（僅限本機）、filtered（封包全數被擋）、reachable（可連到）、published_"
            "by_container（由容器公開）或 unknown（原因見 why）。"}},
          {"sources",
           kText,
           {"Source addresses that surely get through, any for all; NULL unless reachable.",
            "確定可通過的來源位址，any 表示全部；reach 不是 reachable 則為 NULL。"}},
          {"why",
           kText,
           {"The rule or policy that decides, or the reason of unknown; NULL if there is none.",
            "決定結果的規則或政策，或 unknown 的原因；沒有則為 NULL。"}},
      }};
}

TableSpec firewall_counters() {
  return {
      .name = "firewall_counters",
      .version = 1,
      .meaning =
          {"How many packets the rules of firewall_rules have met, of those in force that count: "
           "all of iptables, and those of nftables that have a counter. A rule without a row does "
           "not count.",
           "firewall_rules 中生效且具計數器的規則所符合的封包數：iptables "
           "的所有規則，以及 nftables 中設有 counter 的規則。沒有列出的規則即不計數。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example =
          "SELECT backend, table_name, chain, position FROM firewall_counters WHERE packets = 0",
      .columns = {
          {"backend",
           kText,
           {"nftables, iptables-legacy or ip6tables-legacy.",
            "nftables、iptables-legacy 或 ip6tables-legacy。"}},
          {"family", kText, {"As in firewall_rules.", "同 firewall_rules。"}},
          {"table_name", kText, {"Table.", "表。"}},
          {"chain", kText, {"Chain.", "鏈。"}},
          {"position",
           kInteger,
           {"Order in the chain, as in firewall_rules; 0 is the policy.",
            "在鏈中的順序，同 firewall_rules；0 為預設政策。"}},
          {"packets", kInteger, {"Packets that it met.", "符合的封包數。"}},
          {"bytes", kInteger, {"Their bytes.", "這些封包的位元組數。"}},
          {"not_before",
           kInteger,
           {"Start of the system, in seconds since 1970-01-01 UTC: nothing was counted earlier. "
            "Since when a rule counts, which may be later, the kernel does not record. NULL if it "
            "does not tell either.",
            "系統啟動時間，自 1970-01-01 UTC "
            "起算的秒數：計數不早於此時。規則實際自何時起計數（可能更晚），"
            "核心並未記錄。核心連啟動時間也未提供則為 NULL。"}},
      }};
}

TableSpec firewall_rules() {
  return {
      .name = "firewall_rules",
      .version = 1,
      .meaning =
          {"Rules of the packet filters in one shape: what the kernel has in force, and what ufw "
           "and firewalld have written in files.",
           "以統一格式呈現的封包過濾規則：核心目前生效的，以及 ufw 與 firewalld 寫在檔案中的。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT chain, position, source, destination_ports, action FROM firewall_rules WHERE "
          "direction = 'in' AND action = 'accept'",
      .columns = {
          {"backend",
           kText,
           {"nftables, iptables-legacy, ip6tables-legacy, ufw or firewalld; the last two are "
            "files, not what is in force.",
            "nftables、iptables-legacy、ip6tables-legacy、ufw 或 "
            "firewalld；後兩者是檔案內容，不代表目前生效。"}},
          {"family",
           kText,
           {"ip, ip6, inet (both), bridge, arp or netdev.",
            "ip、ip6、inet（兩者）、bridge、arp 或 netdev。"}},
          {"table_name",
           kText,
           {"Table; for firewalld the zone.", "表；firewalld 則為區域（zone）。"}},
          {"chain", kText, {"Chain.", "鏈。"}},
          {"hook",
           kText,
           {"Where the chain looks at packets: prerouting, input, forward, output, postrouting, "
            "ingress or egress; NULL if it is only jumped to.",
            "鏈檢查封包的位置：prerouting、input、forward、output、postrouting、ingress 或 "
            "egress；只能由其他鏈跳入則為 NULL。"}},
          {"chain_type",
           kText,
           {"filter, nat or route; NULL if the chain is only jumped to.",
            "filter、nat 或 route；只能由其他鏈跳入則為 NULL。"}},
          {"priority",
           kInteger,
           {"Order among the chains of a hook, lower first; NULL if the chain is only jumped to.",
            "同一位置各鏈的順序，數字小者先；只能由其他鏈跳入則為 NULL。"}},
          {"position",
           kInteger,
           {"Order in the chain, from 1; 0 is the policy, for what no rule decides.",
            "在鏈中的順序，從 1 開始；0 為預設政策，適用於沒有規則決定的封包。"}},
          {"direction",
           kText,
           {"in, forward or out; NULL if the chain is only jumped to.",
            "in、forward 或 out；只能由其他鏈跳入則為 NULL。"}},
          {"protocol",
           kText,
           {"Names or numbers of protocols; NULL for any.",
            "通訊協定名稱或編號；任何協定則為 NULL。"}},
          {"source",
           kText,
           {"Source addresses, or @name of a set; NULL for any.",
            "來源位址，或集合的 @名稱；任何位址則為 NULL。"}},
          {"destination",
           kText,
           {"Destination addresses, or @name of a set; NULL for any.",
            "目的位址，或集合的 @名稱；任何位址則為 NULL。"}},
          {"source_ports",
           kText,
           {"Source ports, as 22,8000-8100; NULL for any.",
            "來源連接埠，例如 22,8000-8100；任何連接埠則為 NULL。"}},
          {"destination_ports",
           kText,
           {"Destination ports; NULL for any.", "目的連接埠；任何連接埠則為 NULL。"}},
          {"in_interface",
           kText,
           {"Interfaces that packets come in by; * at the end stands for any ending; NULL for any.",
            "封包進入的網路介面；結尾的 * 代表任意字尾；任何介面則為 NULL。"}},
          {"out_interface",
           kText,
           {"Interfaces that packets leave by; NULL for any.",
            "封包送出的網路介面；任何介面則為 NULL。"}},
          {"states",
           kText,
           {"States of the connection: invalid, established, related, new, untracked; NULL for "
            "any.",
            "連線狀態：invalid、established、related、new、untracked；任何狀態則為 NULL。"}},
          {"action",
           kText,
           {"accept, drop, reject, jump, goto, return, dnat, redirect, snat, notrack, continue "
            "(counts, logs, marks) or other.",
            "accept、drop、reject、jump、goto、return、dnat、redirect、snat、notrack、continue（計"
            "數、記錄、標記）或 other。"}},
          {"target",
           kText,
           {"Chain that is jumped to, or new address; NULL for other actions.",
            "跳入的鏈或轉換後的位址；其他動作則為 NULL。"}},
          {"expression",
           kText,
           {"What no column shows (limits, logs, comments) and all that is not understood, as "
            "text; NULL if there is nothing.",
            "欄位未能呈現的部分（速率限制、記錄、註解）以及所有無法解讀的內容，以文字保留；沒有則為"
            " NULL。"}},
          {"is_complete",
           kInteger,
           {"1 if the columns say all that decides; 0 if a part stands in expression only.",
            "欄位已完整表達為 1；有部分只在 expression 中為 0。"}},
          {"is_dormant",
           kInteger,
           {"1 if the table is switched off, else 0.", "該表已停用為 1，否則為 0。"}},
          {"file",
           kText,
           {"File of a declared rule; NULL for rules in force in the kernel.",
            "宣告該規則的檔案；核心中生效的規則為 NULL。"}},
      }};
}

TableSpec firewall_status() {
  return {
      .name = "firewall_status",
      .version = 1,
      .meaning = {"Packet filters: the row kernel is the sum of what is in force now, the others "
                  "are the programs and interfaces that can set it.",
                  "封包過濾：kernel 列是目前實際生效的總和，其他列為可以設定它的程式與介面。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT default_in, default_in_v6, rules, note FROM firewall_status WHERE backend = "
          "'kernel' AND active = 0",
      .columns = {
          {"backend",
           kText,
           {"kernel (all together), nftables (also what the command iptables of today makes), "
            "iptables-legacy, ip6tables-legacy, ufw or firewalld.",
            "kernel（總和）、nftables（包括現今 iptables "
            "指令產生的規則）、iptables-legacy、ip6tables-legacy、ufw 或 firewalld。"}},
          {"present",
           kInteger,
           {"1 if the kernel has it or the program is installed, else 0.",
            "核心具備或程式已安裝為 1，否則為 0。"}},
          {"active",
           kInteger,
           {"1 if it has a rule or a policy other than accept (ufw: is enabled; firewalld: runs), "
            "else 0.",
            "有規則或政策不是 accept（ufw：已啟用；firewalld：執行中）為 1，否則為 0。"}},
          {"enabled_at_boot",
           kInteger,
           {"1 if a service loads it at boot, else 0; NULL if no such service is known to the "
            "system.",
            "開機時有服務載入為 1，否則為 0；系統沒有這類服務則為 NULL。"}},
          {"default_in",
           kText,
           {"What becomes of incoming IPv4 packets that no rule decides: accept, drop or reject; "
            "NULL if the backend has no chain for them.",
            "沒有規則決定的 IPv4 連入封包如何處置：accept、drop 或 reject；該後端沒有對應的鏈則為 "
            "NULL。"}},
          {"default_forward",
           kText,
           {"The same for forwarded IPv4 packets; NULL if the backend has no chain for them.",
            "IPv4 轉送封包，同上；該後端沒有對應的鏈則為 NULL。"}},
          {"default_out",
           kText,
           {"The same for outgoing IPv4 packets; NULL if the backend has no chain for them.",
            "IPv4 送出封包，同上；該後端沒有對應的鏈則為 NULL。"}},
          {"default_in_v6",
           kText,
           {"The same for incoming IPv6 packets; NULL if the backend has no chain for them.",
            "IPv6 連入封包，同上；該後端沒有對應的鏈則為 NULL。"}},
          {"default_forward_v6",
           kText,
           {"The same for forwarded IPv6 packets; NULL if the backend has no chain for them.",
            "IPv6 轉送封包，同上；該後端沒有對應的鏈則為 NULL。"}},
          {"default_out_v6",
           kText,
           {"The same for outgoing IPv6 packets; NULL if the backend has no chain for them.",
            "IPv6 送出封包，同上；該後端沒有對應的鏈則為 NULL。"}},
          {"rules", kInteger, {"Number of rules.", "規則數。"}},
          {"note",
           kText,
           {"A plain statement, as \"no packet filter at all\"; NULL if there is nothing to add.",
            "直接的說明，例如 \"no packet filter at all\"（完全沒有封包過濾）；無補充則為 NULL。"}},
      }};
}

}  // namespace

std::span<const TableSpec> firewall_tables() {
  static const std::vector<TableSpec> kTables = {exposure(), firewall_counters(), firewall_rules(),
                                                 firewall_status()};
  return kTables;
}

}  // namespace assay::evidence
