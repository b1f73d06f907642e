// What the sensor sees on the wire: traffic of this machine and of others, from a capture.
#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

ColumnSpec vlan() {
  return {"vlan",
          kInteger,
          {"VLAN (outer tag); NULL if untagged.", "VLAN（外層標籤）；無標籤則為 NULL。"}};
}
ColumnSpec inner_vlan() {
  return {"inner_vlan",
          kInteger,
          {"Inner tag of QinQ; NULL if there is none.", "QinQ 的內層標籤；沒有則為 NULL。"}};
}
ColumnSpec protocol() {
  return {"protocol",
          kInteger,
          {"IP protocol: 6 TCP, 17 UDP, 1 ICMP and so on.",
           "IP 協定：6 為 TCP、17 為 UDP、1 為 ICMP 等。"}};
}
ColumnSpec server_port() {
  return {"server_port",
          kInteger,
          {"Port of the server; NULL if the protocol has none, or the row stands for many.",
           "伺服器的連接埠；協定沒有連接埠或該列代表多部伺服器則為 NULL。"}};
}
ColumnSpec first_seen() {
  return {
      "first_seen",
      kInteger,
      {"When it was first seen, in seconds since 1970 UTC, rounded down to a minute; NULL if the "
       "capture bears no time.",
       "首次看到的時間（自 1970 年起的 UTC 秒數，取整到分鐘）；擷取檔沒有時間則為 NULL。"}};
}
ColumnSpec last_seen() {
  return {"last_seen",
          kInteger,
          {"When it was last seen, as first_seen.", "最後看到的時間，格式同 first_seen。"}};
}

TableSpec observed_flows() {
  return {
      .name = "observed_flows",
      .version = 1,
      .meaning =
          {"Who spoke with whom on the wire, as the sensor saw it. Connections of one client "
           "with one service are one row. No payload is kept.",
           "感測器在網路上看到的通訊往來。同一用戶端對同一服務的連線合併為一列，不保留封包內容。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example =
          "SELECT client, server, server_port, service, flows FROM observed_flows WHERE "
          "service IN ('telnet', 'ftp')",
      .columns = {
          vlan(),
          inner_vlan(),
          protocol(),
          {"client",
           kText,
           {"Address that began; NULL: many addresses (a flood, or more rows than are kept).",
            "發起連線的位址；NULL 表示多個位址（大量連線，或超過保留列數）。"}},
          {"server",
           kText,
           {"Address that was spoken to; NULL: many.", "連線對象的位址；NULL 表示多個位址。"}},
          server_port(),
          {"began",
           kText,
           {"How it is known who began: syn (the TCP handshake was seen), content, port (the lower "
            "port is the server's) or first (the first packet's sender).",
            "判斷發起者的依據：syn（看到 TCP "
            "交握）、content（通訊內容）、port（較小的連接埠為伺服器）或 "
            "first（第一個封包的傳送者）。"}},
          {"service",
           kText,
           {"Protocol by what was said, whatever the port: dns, ftp, http, imap, ldap, mdns, pop3, "
            "smtp, snmp, ssh, telnet, tls, vnc; NULL if it was not recognised.",
            "依通訊內容（不看連接埠）辨識的協定：dns、ftp、http、imap、ldap、mdns、pop3、smtp、snmp"
            "、ssh、telne"
            "t、tls、vnc；無法辨識則為 NULL。"}},
          {"tls_version",
           kText,
           {"Version of TLS that both agreed on: SSLv2, SSLv3, TLSv1.0 to TLSv1.3; NULL if none "
            "was "
            "seen.",
            "雙方協議的 TLS 版本：SSLv2、SSLv3、TLSv1.0 至 TLSv1.3；未看到則為 NULL。"}},
          {"tls_suite",
           kText,
           {"Cipher suite that the server chose: IANA's name, or the number where nobody has "
            "defined "
            "it; NULL if none was seen.",
            "伺服器選定的加密套件，以 IANA 名稱表示，未定義者為編號；未看到則為 NULL。"}},
          {"tls_weakness",
           kText,
           {"Of that suite. broken: must not be used; weak: should be phased out; NULL if nothing "
            "is "
            "known against it.",
            "該套件的弱點。broken：不得使用；weak：應逐步淘汰；無已知弱點則為 NULL。"}},
          {"tls_weak_reason",
           kText,
           {"Why, separated by semicolons; NULL if not weak.",
            "原因，以分號分隔；無弱點則為 NULL。"}},
          {"server_name",
           kText,
           {"Name that the client asked the server for in clear (TLS SNI, HTTP Host); NULL if "
            "none.",
            "用戶端以明文指定的伺服器名稱（TLS SNI、HTTP Host）；沒有則為 NULL。"}},
          {"flows",
           kInteger,
           {"Connections, or exchanges of datagrams.", "連線數，或資料包往來數。"}},
          {"answered",
           kInteger,
           {"How many of them the server answered.", "其中伺服器有回應的數目。"}},
          {"packets_to_server", kInteger, {"Packets of the client.", "用戶端送出的封包數。"}},
          {"packets_to_client", kInteger, {"Packets of the server.", "伺服器送出的封包數。"}},
          {"bytes_to_server",
           kInteger,
           {"Bytes of the client's IP packets.", "用戶端送出的 IP 封包位元組數。"}},
          {"bytes_to_client",
           kInteger,
           {"Bytes of the server's IP packets.", "伺服器送出的 IP 封包位元組數。"}},
          {"off_hours",
           kInteger,
           {"Flows that began outside working hours; NULL: the sensor was not told the hours.",
            "於非上班時間開始的數目；NULL 表示未設定上班時間。"}},
          first_seen(),
          last_seen(),
      }};
}

TableSpec observed_cleartext() {
  return {
      .name = "observed_cleartext",
      .version = 1,
      .meaning =
          {"Secrets that went over the wire unencrypted: that they did, between whom and how "
           "often. The secret itself, and whose it is, are never kept.",
           "在網路上以明文傳送的機密：僅記錄有此情形、往來雙方與次數。機密本身與其所屬者一律不保留"
           "。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example =
          "SELECT client, server, server_port, service, times FROM observed_cleartext WHERE "
          "secret = 'password'",
      .columns = {
          vlan(),
          inner_vlan(),
          protocol(),
          {"client", kText, {"Address that sent it.", "送出的位址。"}},
          {"server", kText, {"Address that received it.", "接收的位址。"}},
          server_port(),
          {"service",
           kText,
           {"Protocol: ftp, http, imap, ldap, pop3, smtp, snmp, telnet or vnc.",
            "協定：ftp、http、imap、ldap、pop3、smtp、snmp、telnet 或 vnc。"}},
          {"secret",
           kText,
           {"password (with or without a user name), token (HTTP Bearer, OAuth), community (SNMP "
            "v1 "
            "and v2c), challenge (VNC: the answer can be tried off-line and the session is in "
            "clear) "
            "or anonymous (no secret was needed).",
            "password（通行碼，無論有無使用者名稱）、token（HTTP Bearer、OAuth）、community（SNMP "
            "v1 與 "
            "v2c）、challenge（VNC：回應可離線破解，且連線為明文）或 "
            "anonymous（無須機密即可登入）。"}},
          {"offers_tls",
           kInteger,
           {"1 if the server said that TLS can be had (STARTTLS and its like); NULL if it was not "
            "seen to say so.",
            "伺服器表示可使用 TLS（STARTTLS 等）則為 1；未看到則為 NULL。"}},
          {"times",
           kInteger,
           {"Connections in which it was seen; for HTTP requests, for SNMP messages. What is sent "
            "again counts again.",
            "看到的連線數；HTTP 為請求數，SNMP 為訊息數。重送的也計入。"}},
          first_seen(),
          last_seen(),
      }};
}

TableSpec observed_dns() {
  return {.name = "observed_dns",
          .version = 1,
          .meaning =
              {"Which name servers were really asked, by whom. The names that were asked for are "
               "not kept, except those on a block list (blocklist_hits).",
               "實際被查詢的 DNS "
               "伺服器與查詢者。除列於惡意名單者（blocklist_hits）外，不保留所查詢的名稱。"},
          .privacy = Privacy::kPersonal,
          .origin = Origin::kHost,
          .is_volatile = true,
          .is_live_only = true,
          .example = "SELECT server, sum(queries) FROM observed_dns GROUP BY server",
          .columns = {
              vlan(),
              inner_vlan(),
              protocol(),
              {"client", kText, {"Address that asked.", "查詢者的位址。"}},
              {"server", kText, {"Address that was asked.", "被查詢的位址。"}},
              server_port(),
              {"queries", kInteger, {"Questions that were seen.", "看到的查詢數。"}},
              {"answers", kInteger, {"Answers that were seen.", "看到的回應數。"}},
              {"name_errors",
               kInteger,
               {"Answers that the name does not exist.", "回應該名稱不存在的數目。"}},
              {"refusals", kInteger, {"Answers with any other error.", "以其他錯誤回應的數目。"}},
              first_seen(),
              last_seen(),
          }};
}

TableSpec observed_hosts() {
  return {
      .name = "observed_hosts",
      .version = 1,
      .meaning = {"Hosts that were seen to send, or that others on the link know (ARP, neighbour "
                  "discovery). Public addresses that are no neighbours are in observed_flows only.",
                  "看到有送出封包，或同鏈路上已知（ARP、鄰居探索）的主機。非鄰居的公開位址僅列於 "
                  "observed_flows。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example = "SELECT address, mac FROM observed_hosts WHERE mac IS NOT NULL",
      .columns = {
          vlan(),
          inner_vlan(),
          {"address", kText, {"IPv4 or IPv6 address.", "IPv4 或 IPv6 位址。"}},
          {"mac",
           kText,
           {"Hardware address that ARP or neighbour discovery told last; NULL if none did.",
            "ARP 或鄰居探索最後告知的硬體位址；沒有則為 NULL。"}},
          {"mac_changes",
           kInteger,
           {"How often another hardware address was told for it.", "所告知的硬體位址變更次數。"}},
          {"packets", kInteger, {"IP packets that it sent.", "送出的 IP 封包數。"}},
          {"bytes", kInteger, {"Their bytes.", "送出的位元組數。"}},
          first_seen(),
          last_seen(),
      }};
}

TableSpec blocklist_hits() {
  return {
      .name = "blocklist_hits",
      .version = 1,
      .meaning =
          {"Traffic with what is on a list of malicious addresses, networks or names that the "
           "sensor was given. Private and loopback addresses are never matched.",
           "與感測器所載惡意名單（位址、網段或網域名稱）相符的通訊。私有位址與 loopback "
           "一律不比對。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example = "SELECT client, matched, list, entry_line, times FROM blocklist_hits",
      .columns = {
          {"kind", kText, {"address, network or domain.", "address、network 或 domain。"}},
          {"value", kText, {"The entry of the list.", "名單所列項目。"}},
          {"entry_port",
           kInteger,
           {"Port that the entry is for; NULL: every port.",
            "該項目限定的連接埠；NULL 表示不限。"}},
          {"list", kText, {"Name of the list.", "名單名稱。"}},
          {"entry_line", kInteger, {"Line of the entry in the list.", "該項目在名單中的行號。"}},
          {"list_date",
           kText,
           {"Day of the entry or, failing that, of the list; NULL if neither says.",
            "該項目的日期，沒有則為名單日期；都沒有則為 NULL。"}},
          {"confidence",
           kInteger,
           {"How sure the list's keeper is, 0 to 100; NULL if it does not say.",
            "名單維護者的信心程度，0 至 100；未提供則為 NULL。"}},
          {"matched", kText, {"Address or name that was seen.", "實際看到的位址或名稱。"}},
          {"sign",
           kText,
           {"Where: flow, dns_query, dns_answer, tls_server_name or http_host.",
            "出現之處：flow、dns_query、dns_answer、tls_server_name 或 http_host。"}},
          vlan(),
          inner_vlan(),
          protocol(),
          {"client", kText, {"Address that began.", "發起連線的位址。"}},
          {"server", kText, {"Address that was spoken to.", "連線對象的位址。"}},
          server_port(),
          {"times", kInteger, {"How often.", "次數。"}},
          {"answered",
           kInteger,
           {"How many of them had been answered by then.", "其中當時已有回應的次數。"}},
          {"bytes",
           kInteger,
           {"Bytes of both directions; 0 for names.", "雙向位元組數；名稱則為 0。"}},
          first_seen(),
          last_seen(),
      }};
}

TableSpec observed_capture() {
  return {
      .name = "observed_capture",
      .version = 1,
      .meaning = {"What the sensor looked at, and what it could not see: without it, an empty "
                  "observed_ table would say nothing. One row per capture; none: this machine has "
                  "no sensor.",
                  "感測器的觀測範圍與未能看到的部分；缺少此資訊，其他 observed_ "
                  "資料表的空白即無意義。每次擷取一列；沒有列表示本機沒有感測器。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = false,
      .example = "SELECT source, packets, gaps FROM observed_capture",
      .columns = {
          {"source", kText, {"Interface or file.", "網路介面或檔案。"}},
          {"kind", kText, {"interface or file.", "interface（網路介面）或 file（檔案）。"}},
          {"filter",
           kText,
           {"Filter of the kernel that decided what was seen; NULL: everything.",
            "決定觀測範圍的核心過濾條件；NULL 表示全部。"}},
          {"packets", kInteger, {"Frames that were looked at.", "檢視的訊框數。"}},
          {"bytes", kInteger, {"Their bytes on the wire.", "其在網路上的位元組數。"}},
          {"other_frames",
           kInteger,
           {"Frames that are neither IP nor ARP.", "非 IP 亦非 ARP 的訊框數。"}},
          {"not_decoded",
           kInteger,
           {"Frames of IP or ARP that could not be decoded.", "無法解碼的 IP 或 ARP 訊框數。"}},
          {"not_decoded_reasons",
           kText,
           {"Why, and how many each; NULL if there are none.", "原因與各自數目；沒有則為 NULL。"}},
          {"lost",
           kInteger,
           {"Frames that were lost before the sensor saw them (kernel, or the capturing program).",
            "感測器看到之前遺失的訊框數（核心或擷取程式）。"}},
          {"flows_evicted",
           kInteger,
           {"Flows that made room for others; they are counted, one connection perhaps as several.",
            "因空間不足而提前結算的數目；仍有計入，但同一連線可能計為數筆。"}},
          {"streams_evicted",
           kInteger,
           {"Connections whose beginning was no longer looked at, for want of room.",
            "因空間不足而不再檢視其內容的連線數。"}},
          {"fragments_incomplete",
           kInteger,
           {"Datagrams of which a fragment was missing.", "缺少片段的資料包數。"}},
          {"rows_folded",
           kInteger,
           {"Flows that stand in a row of many, or in none, for want of rows.",
            "因列數上限而併入合計列或未列出的數目。"}},
          {"looks_at_content",
           kInteger,
           {"1: protocols and secrets were looked for; 0: flows only.",
            "1 表示有辨識協定與明文機密；0 表示僅統計流量。"}},
          {"lists", kInteger, {"Block lists that were compared.", "比對的惡意名單數。"}},
          {"list_entries", kInteger, {"Their entries.", "名單項目數。"}},
          {"list_lines_skipped",
           kInteger,
           {"Lines of the lists that were not understood, and entries that are private addresses.",
            "無法解讀的行數，以及屬私有位址的項目數。"}},
          {"lists_oldest",
           kText,
           {"Day of the oldest of these lists, failing that of its newest entry; NULL if neither "
            "of "
            "one says, or there is no list.",
            "其中最舊名單的日期，名單未載明則為其最新項目的日期；有名單兩者皆無或沒有名單則為 "
            "NULL。"}},
          {"working_hours",
           kText,
           {"Working hours that the sensor was told; NULL: none.",
            "所設定的上班時間；NULL 表示未設定。"}},
          {"gaps",
           kText,
           {"What was missed, in words: with gaps, nothing found does not mean nothing there; "
            "NULL: "
            "nothing was missed.",
            "未能看到的部分；有缺漏時，未發現不代表沒有。NULL 表示沒有缺漏。"}},
          first_seen(),
          last_seen(),
      }};
}

}  // namespace

std::span<const TableSpec> observed_tables() {
  static const std::vector<TableSpec> kTables = {blocklist_hits(),     observed_capture(),
                                                 observed_cleartext(), observed_dns(),
                                                 observed_flows(),     observed_hosts()};
  return kTables;
}

}  // namespace assay::evidence
