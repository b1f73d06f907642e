// What services look like from outside: assay-agent services.
#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

using enum Type;

// Every row begins with the endpoint that it is about.
std::vector<ColumnSpec> of_endpoint(std::initializer_list<ColumnSpec> columns) {
  std::vector<ColumnSpec> all = {
      {"host", kText, {"Name or address that was asked for.", "受測的主機名稱或位址。"}},
      {"address",
       kText,
       {"Address that was asked; NULL if the name has none.",
        "實際檢測的位址；名稱無對應位址則為 NULL。"}},
      {"port", kInteger, {"Port.", "連接埠。"}},
      {"transport", kText, {"tcp or udp.", "tcp 或 udp。"}}};
  all.insert(all.end(), columns.begin(), columns.end());
  return all;
}

TableSpec services() {
  return {
      .name = "services",
      .version = 1,
      .meaning =
          {"Services as seen from the network: the protocol by what is said, whatever the port, "
           "and "
           "how well it is protected. One row per endpoint, also for one that did not answer.",
           "自網路端檢視的服務：依通訊內容（不看連接埠）辨識協定及其保護情形。每個端點一列，未回應"
           "者"
           "亦列出。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT host, port, protocol FROM services WHERE cleartext_login = 1 OR authentication = "
          "'none'",
      .columns = of_endpoint({
          {"scope",
           kText,
           {"local: a listener of this machine, looked at from itself; configured: a target of the "
            "agent's settings; NULL if somebody asked for it by hand.",
            "local：本機的接聽服務，由本機自行檢測；configured：代理程式設定所列的目標；手動檢測則為 "
            "NULL。"}},
          {"listener",
           kText,
           {"Address that it listens on, 0.0.0.0 and :: for all; NULL if it is not a listener of "
            "this machine.",
            "接聽的位址，0.0.0.0 與 :: 表示所有位址；並非本機的接聽服務則為 NULL。"}},
          {"process",
           kText,
           {"Program that listens; NULL if it is not on this machine or cannot be told.",
            "接聽的程式；不在本機或無法得知則為 NULL。"}},
          {"status",
           kText,
           {"ok: the protocol was recognised; unrecognised: it takes connections, and nothing that "
            "is known was spoken; refused, unreachable, timed_out: no connection; no_answer: "
            "silence on UDP; no_address; busy: it is being asked already; left_out: not asked, "
            "over a limit or for fear of harm; failed.",
            "ok（已辨識協定）；unrecognised（可連線，但並非已知協定）；refused、unreachable、"
            "timed_out（無法連線）；no_answer（UDP "
            "無回應）；no_address（無位址）；busy（同一端點正在"
            "檢測中）；left_out（超過上限，或為避免影響服務而未檢測）；failed（本機失敗）。"}},
          {"detail",
           kText,
           {"What went wrong, or could not be found out; NULL if nothing.",
            "失敗或無法得知之處；皆無則為 NULL。"}},
          {"protocol",
           kText,
           {"Protocol that is spoken, inside TLS if there is TLS: ftp, ssh, telnet, http and so "
            "on; "
            "NULL if none was recognised.",
            "所用的協定（使用 TLS 時為其內的協定）：ftp、ssh、telnet、http 等；無法辨識則為 "
            "NULL。"}},
          {"tls",
           kText,
           {"implicit: TLS from the first byte; starttls: offered on a connection in clear; none; "
            "NULL if it could not be found out.",
            "implicit：自始使用 TLS；starttls：明文連線上可升級為 "
            "TLS；none：無；無法得知則為 NULL。"}},
          {"product",
           kText,
           {"Product, by its own words; NULL if it does not say.",
            "產品名稱（依其自述）；未表明則為 NULL。"}},
          {"version",
           kText,
           {"Version, by its own words; NULL if it does not say.",
            "版本（依其自述）；未表明則為 NULL。"}},
          {"authentication",
           kText,
           {"none: gives what it has to whoever asks; required; NULL if it cannot be told or does "
            "not apply.",
            "none：任何人皆可取用；required：須通過身分鑑別；無法得知或不適用則為 NULL。"}},
          {"cleartext_login",
           kInteger,
           {"1: takes a log-in by password without encryption; 0: does not; NULL if it cannot be "
            "told or does not apply.",
            "1：接受未加密的密碼登入；0：不接受；無法得知或不適用則為 NULL。"}},
          {"anonymous",
           kInteger,
           {"1: lets strangers in as anonymous; 0: does not; NULL if it was not asked or does not "
            "apply.",
            "1：允許匿名登入；0：不允許；未測試或不適用則為 NULL。"}},
          {"redirects_to_https",
           kInteger,
           {"1: HTTP in clear sends everybody to HTTPS; 0: does not; NULL if it does not apply.",
            "1：明文 HTTP 一律轉址至 HTTPS；0：否；不適用則為 NULL。"}},
          {"hsts",
           kInteger,
           {"1: HTTPS tells browsers never to come in clear (RFC 6797); 0: does not; NULL if it "
            "does not apply.",
            "1：HTTPS 啟用 HSTS（RFC 6797）；0：未啟用；不適用則為 NULL。"}},
          {"recursion",
           kInteger,
           {"1: DNS looks names of others up for us; 0: does not; NULL if it cannot be told or "
            "does "
            "not apply.",
            "1：DNS 為我方提供遞迴查詢；0：否；無法得知或不適用則為 NULL。"}},
          {"smb1",
           kInteger,
           {"1: takes SMBv1; 0: does not; NULL if it cannot be told or does not apply.",
            "1：接受 SMBv1；0：不接受；無法得知或不適用則為 NULL。"}},
          {"signing_required",
           kInteger,
           {"1: SMB demands signatures; 0: does not; NULL if it does not apply.",
            "1：SMB 強制簽章；0：未強制；不適用則為 NULL。"}},
          {"network_level_authentication",
           kInteger,
           {"1: RDP demands authentication before the session (NLA); 0: does without; NULL if it "
            "cannot be told or does not apply.",
            "1：RDP 強制網路層級驗證（NLA）；0：未強制；無法得知或不適用則為 NULL。"}},
          {"default_community",
           kInteger,
           {"1: SNMP answers the community public or private; 0: does not; NULL if it was not "
            "asked or does not apply.",
            "1：SNMP 接受預設社群名稱 public 或 private；0：不接受；未測試或不適用則為 NULL。"}},
      })};
}

TableSpec service_details() {
  return {
      .name = "service_details",
      .version = 1,
      .meaning =
          {"Lists of what services offer: algorithms, keys, options, methods. One row per value.",
           "服務所提供項目的清單：演算法、金鑰、選項與方法。每個值一列。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT host, port, value FROM service_details WHERE protocol = 'ssh' AND name = "
          "'key_exchange'",
      .columns = of_endpoint({
          {"protocol", kText, {"As in services.", "同 services。"}},
          {"name",
           kText,
           {"What it is: of ssh protocol, key_exchange, host_key_algorithm, host_key (type and "
            "bits), cipher, mac, compression; of telnet asks_option, offers_option; auth_method (of "
            "ssh: those that may be the first step of a log-in; none: it lets in without any); "
            "security_type; dialect; capability and so on.",
            "項目名稱：ssh 的 "
            "protocol、key_exchange、host_key_algorithm、host_key（類型與位元數）、"
            "cipher、mac、compression；telnet 的 asks_option、offers_option；auth_method（ssh 為登入"
            "的第一步可用的驗證方式，none 表示不須驗證即可登入）；security_type；dialect；"
            "capability 等。"}},
          {"value", kText, {"The value.", "值。"}},
      })};
}

}  // namespace

std::span<const TableSpec> services_tables() {
  static const std::vector<TableSpec> kTables = {services(), service_details()};
  return kTables;
}

}  // namespace assay::evidence
