// What a sweep from this machine finds on others, and on itself: assay-agent sweep.
#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

ColumnSpec address() {
  return {"address", kText, {"Address that was asked.", "受測位址。"}};
}
ColumnSpec transport() {
  return {"transport", kText, {"tcp or udp.", "tcp 或 udp。"}};
}
ColumnSpec method() {
  return {
      "method",
      kText,
      {"syn (half-open: the answer to the first packet), connect (a whole connection, reset at "
       "once) or udp (a question in the protocol's own words).",
       "syn（半開放：僅送出第一個封包）、connect（完整連線後立即重置）或 udp（依協定內容詢問）。"}};
}
ColumnSpec role() {
  return {
      "role",
      kText,
      {"In which role: own (this machine, from itself), scanner (configured ranges) or neighbour "
       "(a machine of the segment, to verify what it can be reached at).",
       "掃描角色：own（本機自我檢測）、scanner（設定的範圍）或 "
       "neighbour（同網段主機，用以驗證其實際可連線的連接埠）。"}};
}
ColumnSpec source() {
  return {"source",
          kText,
          {"Address that it was asked from: what is reachable from here may not be from elsewhere. "
           "NULL: no route.",
           "發出詢問的位址；自此可連線不代表自他處亦可。NULL 表示沒有路由。"}};
}

TableSpec reachable_ports() {
  return {
      .name = "reachable_ports",
      .version = 1,
      .meaning = {"Ports that answer from the network, as measured. Closed and silent ports are "
                  "counted in "
                  "sweeps, which also says what was asked at all.",
                  "實測自網路可連線的連接埠。關閉與無回應的連接埠僅計數於 "
                  "sweeps；實際詢問的範圍亦見該表。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example =
          "SELECT address, port FROM reachable_ports WHERE role = 'neighbour' AND state = 'open'",
      .columns = {
          address(),
          {"port", kInteger, {"Port.", "連接埠。"}},
          transport(),
          {"state",
           kText,
           {"open: it answered; open|filtered: UDP without an answer, on a machine that answers "
            "otherwise: a service that keeps silent, or a packet filter.",
            "open：有回應；open|filtered：UDP "
            "無回應，但該主機對其他連接埠有回應，可能是不回應的服務，也可能是封包過濾。"}},
          method(),
          role(),
          source(),
          {"answered_ms",
           kInteger,
           {"Milliseconds until the answer, rounded down; NULL if there was none.",
            "回應所需毫秒數（捨去小數）；無回應則為 NULL。"}},
          {"swept_at",
           kInteger,
           {"End of the sweep, in seconds since 1970 UTC.",
            "掃描結束時間（自 1970 年起的 UTC 秒數）。"}},
      }};
}

TableSpec sweeps() {
  return {
      .name = "sweeps",
      .version = 1,
      .meaning = {"What was asked, of whom, and with what result: a port that is not in "
                  "reachable_ports is "
                  "closed only if this says so. One row per address and transport.",
                  "詢問的對象、範圍與結果：未列於 reachable_ports "
                  "的連接埠，須由本表確認才能視為關閉。每個位址與傳輸協定一列。"},
      .privacy = Privacy::kSensitive,
      .origin = Origin::kHost,
      .is_volatile = true,
      .is_live_only = true,
      .example = "SELECT address, transport, ports, open, silent, note FROM sweeps",
      .columns = {
          address(),
          transport(),
          role(),
          method(),
          source(),
          {"ports",
           kText,
           {"Ports that were to be asked: single ones and ranges, separated by commas; an ellipsis "
            "where the list was cut.",
            "預定詢問的連接埠：單一連接埠或範圍，以逗號分隔；過長時以 … 表示省略。"}},
          {"asked", kInteger, {"How many of them were asked.", "實際詢問的數目。"}},
          {"open", kInteger, {"How many answered.", "有回應（開放）的數目。"}},
          {"closed",
           kInteger,
           {"How many are closed: a TCP reset, or ICMP port unreachable.",
            "關閉的數目（TCP 重置，或 ICMP 連接埠無法到達）。"}},
          {"rejected",
           kInteger,
           {"Of how many ICMP said that they cannot or may not be reached.",
            "由 ICMP 告知無法到達或禁止連線的數目。"}},
          {"silent",
           kInteger,
           {"How many gave no answer: filtered, lost, or nobody has the address; for UDP also a "
            "service that keeps silent.",
            "無回應的數目：遭過濾、封包遺失，或該位址無主機；UDP 亦可能是不回應的服務。"}},
          {"unsent",
           kInteger,
           {"How many this machine did not let out.", "本機未能送出封包的數目。"}},
          {"note",
           kText,
           {"What went wrong, or was done otherwise; NULL if nothing.",
            "發生的問題或替代做法；沒有則為 NULL。"}},
          {"began_at",
           kInteger,
           {"Begin, in seconds since 1970 UTC.", "開始時間（自 1970 年起的 UTC 秒數）。"}},
          {"ended_at", kInteger, {"End, as began_at.", "結束時間，格式同 began_at。"}},
      }};
}

}  // namespace

std::span<const TableSpec> sweep_tables() {
  static const std::vector<TableSpec> kTables = {reachable_ports(), sweeps()};
  return kTables;
}

}  // namespace assay::evidence
