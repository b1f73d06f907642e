// What an audit from outside finds of TLS servers: assay-agent tls.
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
       {"Address that was audited; NULL if the name has none.",
        "實際檢測的位址；名稱無對應位址則為 NULL。"}},
      {"port", kInteger, {"TCP port.", "TCP 連接埠。"}},
      {"start_tls",
       kText,
       {"Protocol that is spoken before TLS: smtp, imap, pop3, ftp, ldap, postgresql, mysql or "
        "rdp; "
        "NULL if TLS comes first.",
        "以 STARTTLS 升級前所用的協定：smtp、imap、pop3、ftp、ldap、postgresql、mysql 或 "
        "rdp；直接使用 "
        "TLS "
        "則為 NULL。"}}};
  all.insert(all.end(), columns.begin(), columns.end());
  return all;
}

TableSpec tls_endpoints() {
  return {
      .name = "tls_endpoints",
      .version = 1,
      .meaning =
          {"TLS servers as seen from the network: protocols, groups, extensions. One row per "
           "endpoint, also for one that could not be audited.",
           "自網路端檢視的 TLS 伺服器：協定版本、金鑰交換群組與擴充功能。每個端點一列，無法檢測"
           "者亦列出。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT host, port, protocols FROM tls_endpoints WHERE status = 'ok' AND "
          "secure_renegotiation = 0",
      .columns = of_endpoint({
          {"scope",
           kText,
           {"local: a listener of this machine, looked at from itself; configured: a target of the "
            "agent's settings; NULL if somebody asked for it by hand.",
            "local：本機的接聽服務，由本機自行檢測；configured：代理程式設定所列的目標；手動檢測則"
            "為 "
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
           {"ok; nothing_accepted: TLS is spoken and every offer was refused; refused, "
            "unreachable, "
            "timed_out, closed: no answer; turned_away: the server was too busy to be asked, or "
            "does "
            "not want this client; not_tls: an answer that is not TLS; too_large: more "
            "than "
            "is read; broken_start_tls: the protocol before TLS says yes, and what follows is not "
            "TLS; no_start_tls, not_spoken: the protocol before TLS does not offer it, or is "
            "another one; no_address; busy: another audit of it runs; left_out: not asked, over a "
            "limit; failed.",
            "ok；nothing_accepted（使用 TLS "
            "但拒絕所有提議）；refused、unreachable、timed_out、closed"
            "（未得到回應）；turned_away（伺服器忙碌或不接受此用戶端，無從檢測）；not_"
            "tls（回應並非 TLS）；too_large（超過讀取上限）；broken_start_tls（TLS "
            "之前的協定同意改用 TLS，後續卻不是 TLS）；no_start_tls、"
            "not_spoken（TLS 之前的協定不提供 "
            "TLS，或並非該協定）；no_address（無位址）；busy（同一端點"
            "正在檢測中）；left_out（超過上限，未檢測）；failed（本機失敗）。"}},
          {"detail",
           kText,
           {"What went wrong, or could not be found out; NULL if nothing.",
            "失敗或無法得知之處；皆無則為 NULL。"}},
          {"protocols",
           kText,
           {"Protocols that are offered, separated by blanks: SSLv2 to TLSv1.3; NULL if none is "
            "known.",
            "提供的協定版本（SSLv2 至 TLSv1.3），以空白分隔；尚無所知則為 NULL。"}},
          {"unknown_protocols",
           kText,
           {"Protocols of which the server said neither yes nor no; NULL if there is none.",
            "伺服器未明確接受或拒絕的協定版本；沒有則為 NULL。"}},
          {"server_preference",
           kInteger,
           {"1: the server's order of suites counts in every protocol; 0: the client's does; NULL "
            "if it cannot be told.",
            "1：各協定版本皆以伺服器的套件順序為準；0：以用戶端順序為準；無法得知則為 NULL。"}},
          {"groups",
           kText,
           {"Groups for the exchange of keys in TLS 1.3, in the order of the server's choice; NULL "
            "without TLS 1.3.",
            "TLS 1.3 的金鑰交換群組，依伺服器選擇順序排列；無 TLS 1.3 則為 NULL。"}},
          {"groups_tls12",
           kText,
           {"The same for the highest older protocol; NULL if it uses none.",
            "較舊協定中最高版本的金鑰交換群組；未使用則為 NULL。"}},
          {"dh_bits",
           kInteger,
           {"Bits of the shortest modulus in finite-field Diffie-Hellman or a short-lived RSA key "
            "that was seen; NULL if none was.",
            "所見有限體 Diffie-Hellman 或臨時 RSA 金鑰中最短的模數位元數；未見則為 NULL。"}},
          {"signature_algorithms",
           kText,
           {"Algorithms that the server signs TLS 1.3 with; NULL without TLS 1.3.",
            "伺服器於 TLS 1.3 使用的簽章演算法；無 TLS 1.3 則為 NULL。"}},
          {"signature_algorithms_tls12",
           kText,
           {"Algorithms that the server signs TLS 1.2 with; NULL without TLS 1.2 or signatures.",
            "伺服器於 TLS 1.2 使用的簽章演算法；無 TLS 1.2 或不簽章則為 NULL。"}},
          {"compression",
           kInteger,
           {"1: compresses (CRIME, CVE-2012-4929), else 0; NULL with TLS 1.3 alone.",
            "1：啟用壓縮（CRIME，CVE-2012-4929），否則為 0；僅有 TLS 1.3 則為 NULL。"}},
          {"secure_renegotiation",
           kInteger,
           {"1: RFC 5746, else 0; NULL with TLS 1.3 alone.",
            "1：支援 RFC 5746，否則為 0；僅有 TLS 1.3 則為 NULL。"}},
          {"extended_master_secret",
           kInteger,
           {"1: RFC 7627, else 0; NULL with TLS 1.3 alone.",
            "1：支援 RFC 7627，否則為 0；僅有 TLS 1.3 則為 NULL。"}},
          {"encrypt_then_mac",
           kInteger,
           {"1: RFC 7366, else 0; NULL with TLS 1.3 alone.",
            "1：支援 RFC 7366，否則為 0；僅有 TLS 1.3 則為 NULL。"}},
          {"session_tickets",
           kInteger,
           {"1: gives tickets to resume sessions with, else 0; NULL if unknown.",
            "1：核發工作階段票證，否則為 0；不明則為 NULL。"}},
          {"session_ids",
           kInteger,
           {"1: gives session ids, else 0; NULL with TLS 1.3 alone.",
            "1：核發工作階段識別碼，否則為 0；僅有 TLS 1.3 則為 NULL。"}},
          {"fallback_scsv",
           kInteger,
           {"1: refuses a client that was pushed down to an older protocol (RFC 7507), else 0; "
            "NULL "
            "with one protocol alone.",
            "1：拒絕遭迫降版本的用戶端（RFC 7507），否則為 0；僅有單一協定則為 NULL。"}},
          {"heartbeat",
           kInteger,
           {"1: RFC 6520 is offered, else 0; NULL with TLS 1.3 alone.",
            "1：提供 RFC 6520 心跳擴充，否則為 0；僅有 TLS 1.3 則為 NULL。"}},
          {"alpn",
           kText,
           {"Application protocols that it takes (RFC 7301), separated by blanks; NULL if none.",
            "接受的應用層協定（RFC 7301），以空白分隔；沒有則為 NULL。"}},
          {"ocsp_stapling",
           kInteger,
           {"1: sends an OCSP response along, else 0; NULL if unknown.",
            "1：隨附 OCSP 回應，否則為 0；不明則為 NULL。"}},
          {"client_certificate",
           kInteger,
           {"1: asks for the client's certificate, else 0; NULL if unknown.",
            "1：要求用戶端憑證，否則為 0；不明則為 NULL。"}},
      })};
}

TableSpec tls_suites() {
  return {
      .name = "tls_suites",
      .version = 1,
      .meaning =
          {"Cipher suites that TLS servers accept. One row per endpoint, protocol and suite; "
           "and one with the status unknown for a protocol whose list is not whole.",
           "TLS 伺服器接受的加密套件。每個端點、協定與套件一列；清單不完整的協定另有一列，狀態為 "
           "unknown。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT host, port, protocol, suite, weak_reason FROM tls_suites WHERE weakness = "
          "'broken'",
      .columns = of_endpoint({
          {"protocol",
           kText,
           {"SSLv2, SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3.",
            "SSLv2、SSLv3、TLSv1.0、TLSv1.1、TLSv1.2 或 TLSv1.3。"}},
          {"status",
           kText,
           {"accepted; or unknown: it could not be found out whether there are more.",
            "accepted（接受）；或 unknown（無法得知是否還有其他套件）。"}},
          {"suite",
           kText,
           {"IANA's name; NULL in a row without a suite.", "IANA 名稱；該列無套件則為 NULL。"}},
          {"code",
           kText,
           {"IANA's number, such as 0xC02F; NULL in a row without a suite.",
            "IANA 編號，例如 0xC02F；該列無套件則為 NULL。"}},
          {"preference",
           kInteger,
           {"Place in the server's order of this protocol, from 1; NULL if the client's order "
            "counts "
            "or it cannot be told.",
            "在伺服器於該協定中的偏好順序，自 1 起；以用戶端順序為準或無法得知則為 NULL。"}},
          {"key_exchange",
           kText,
           {"rsa, dh, dhe, ecdh, ecdhe, psk, srp, kerberos, gost, tls13 and others; NULL in a row "
            "without a suite.",
            "金鑰交換：rsa、dh、dhe、ecdh、ecdhe、psk、srp、kerberos、gost、tls13 "
            "等；該列無套件則為 "
            "NULL。"}},
          {"authentication",
           kText,
           {"rsa, dss, ecdsa, psk, password, kerberos, gost, certificate (TLS 1.3) or anonymous; "
            "NULL in a row without a suite.",
            "身分鑑別：rsa、dss、ecdsa、psk、password、kerberos、gost、certificate（TLS 1.3）或 "
            "anonymous（無鑑別）；該列無套件則為 NULL。"}},
          {"cipher",
           kText,
           {"Cipher and mode, such as AES-GCM; NULL in a row without a suite.",
            "加密演算法與模式，例如 AES-GCM；該列無套件則為 NULL。"}},
          {"bits",
           kInteger,
           {"Bits of strength of the cipher; 112 for 3DES; NULL in a row without a suite.",
            "加密強度位元數；3DES 為 112；該列無套件則為 NULL。"}},
          {"aead",
           kInteger,
           {"1: encrypts and authenticates in one (AEAD), else 0; NULL in a row without a suite.",
            "1：加密兼具完整性驗證（AEAD），否則為 0；該列無套件則為 NULL。"}},
          {"forward_secrecy",
           kInteger,
           {"1: a recording stays secret when the server's key is found later, else 0; NULL in a "
            "row "
            "without a suite.",
            "1：具前向保密（伺服器金鑰日後外洩仍無法解讀側錄內容），否則為 0；該列無套件則為 "
            "NULL。"}},
          {"key_exchange_group",
           kText,
           {"Group that the server chose for this suite; NULL if it uses none or it was not seen.",
            "伺服器為此套件選用的金鑰交換群組；未使用或未見則為 NULL。"}},
          {"key_exchange_bits",
           kInteger,
           {"Bits of that group, or of the Diffie-Hellman modulus; NULL if there is none or it was "
            "not seen.",
            "該群組或 Diffie-Hellman 模數的位元數；沒有或未見則為 NULL。"}},
          {"weakness",
           kText,
           {"broken: must not be used; weak: should be phased out; NULL if nothing is known "
            "against "
            "it.",
            "broken：不得使用；weak：應逐步淘汰；無已知弱點則為 NULL。"}},
          {"weak_reason",
           kText,
           {"Why, separated by semicolons; NULL if not weak.",
            "原因，以分號分隔；無弱點則為 NULL。"}},
          {"weak_basis",
           kText,
           {"Documents that say so; NULL if not weak.", "依據文件；無弱點則為 NULL。"}},
          {"source",
           kText,
           {"Document that defines the suite; NULL in a row without a suite.",
            "定義該套件的文件；該列無套件則為 NULL。"}},
          {"detail",
           kText,
           {"Why it is unknown; NULL in a row with a suite.",
            "無法得知的原因；該列有套件則為 NULL。"}},
      })};
}

TableSpec certificates() {
  return {
      .name = "certificates",
      .version = 1,
      .meaning =
          {"Certificates that TLS servers show. One row per endpoint, chain and certificate; a "
           "server may have several chains, as for RSA and ECDSA.",
           "TLS 伺服器出示的憑證。每個端點、憑證鏈與憑證一列；伺服器可有多條憑證鏈，例如 RSA 與 "
           "ECDSA 各一。"},
      .privacy = Privacy::kPublic,
      .origin = Origin::kHost,
      .is_volatile = false,
      .is_live_only = true,
      .example =
          "SELECT host, port, common_name, not_valid_after / 86400 - clock.day AS days_left "
          "FROM certificates, clock WHERE position = 0",
      .columns = of_endpoint({
          {"chain", kInteger, {"Number of the chain, from 1.", "憑證鏈編號，自 1 起。"}},
          {"position",
           kInteger,
           {"Place in the chain; 0: the server's own certificate.",
            "在憑證鏈中的位置；0 為伺服器本身的憑證。"}},
          {"status",
           kText,
           {"ok; or unreadable: not a certificate in DER, or too large.",
            "ok；或 unreadable（並非有效的 DER 憑證，或過大）。"}},
          {"common_name",
           kText,
           {"Common name of the subject; control characters as \\00; NULL if it has none.",
            "主體的一般名稱；控制字元以 \\00 形式表示；沒有則為 NULL。"}},
          {"subject", kText, {"Subject; NULL if it is empty.", "主體；為空則為 NULL。"}},
          {"issuer", kText, {"Issuer; NULL if it is empty.", "簽發者；為空則為 NULL。"}},
          {"subject_alternative_names",
           kText,
           {"DNS names and addresses it is for, separated by blanks, the first 4096 bytes of them; "
            "NULL if it has none.",
            "適用的 DNS 名稱與位址，以空白分隔，至多 4096 位元組；沒有則為 NULL。"}},
          {"name_count",
           kInteger,
           {"Number of those names, all of them; NULL if unreadable.",
            "前述名稱的總數；無法讀取則為 NULL。"}},
          {"ca",
           kInteger,
           {"1: may issue certificates; 0: may not; NULL if unreadable.",
            "1：可簽發憑證；0：不可；無法讀取則為 NULL。"}},
          {"self_signed",
           kInteger,
           {"1: issuer and subject are the same; 0: they are not; NULL if unreadable.",
            "1：簽發者與主體相同；0：不同；無法讀取則為 NULL。"}},
          {"trusted",
           kInteger,
           {"1: leads to an authority that the auditing machine trusts, and is valid; 0: it does "
            "not; NULL if that machine knows none, and for the rest of the chain.",
            "1：可驗證至檢測端信任的憑證機構且在效期內；0：否；檢測端無信任清單，或為憑證鏈其餘憑證"
            "則為 "
            "NULL。"}},
          {"trust_problem",
           kText,
           {"Why it is not trusted, in OpenSSL's words; NULL if it is, and for the rest of the "
            "chain.",
            "不受信任的原因（OpenSSL 原文）；受信任，或為憑證鏈其餘憑證則為 NULL。"}},
          {"host_match",
           kInteger,
           {"1: is for the host that was asked for, by its alternative names (RFC 9525); 0: is "
            "not; "
            "NULL for the rest of the chain.",
            "1：主體別名與受測主機相符（RFC 9525）；0：不符；憑證鏈其餘憑證為 NULL。"}},
          {"not_valid_before",
           kInteger,
           {"Valid from, in seconds since 1970-01-01 UTC; NULL if unreadable.",
            "生效時間，自 1970-01-01 UTC 起的秒數；無法讀取則為 NULL。"}},
          {"not_valid_after",
           kInteger,
           {"Valid until, in seconds since 1970-01-01 UTC; NULL if unreadable.",
            "到期時間，自 1970-01-01 UTC 起的秒數；無法讀取則為 NULL。"}},
          {"valid_days",
           kInteger,
           {"Days from one to the other; NULL if unreadable.",
            "兩者相隔的日數；無法讀取則為 NULL。"}},
          {"signing_algorithm",
           kText,
           {"Algorithm of the signature, such as sha256WithRSAEncryption; NULL if unknown.",
            "簽章演算法，例如 sha256WithRSAEncryption；不明則為 NULL。"}},
          {"key_algorithm",
           kText,
           {"Algorithm of the key, such as rsaEncryption or id-ecPublicKey; NULL if unknown.",
            "金鑰演算法，例如 rsaEncryption、id-ecPublicKey；不明則為 NULL。"}},
          {"key_bits",
           kInteger,
           {"Bits of the key; NULL if unknown.", "金鑰位元數；不明則為 NULL。"}},
          {"key_usage",
           kText,
           {"What the key may be used for, joined by commas; NULL if the certificate does not say.",
            "金鑰用途，以逗號分隔；憑證未載明則為 NULL。"}},
          {"serial",
           kText,
           {"Serial number, hexadecimal; NULL if unreadable.",
            "序號，十六進位；無法讀取則為 NULL。"}},
          {"sha256", kText, {"SHA-256 of the certificate's bytes.", "憑證內容的 SHA-256。"}},
      })};
}

}  // namespace

std::span<const TableSpec> tls_tables() {
  static const std::vector<TableSpec> kTables = {tls_endpoints(), tls_suites(), certificates()};
  return kTables;
}

}  // namespace assay::evidence
