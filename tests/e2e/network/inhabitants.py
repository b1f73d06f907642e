"""What runs on the hosts of the town, and beside each server what another host finds there and what the rules say of it.

A rule stands beside every server in which it finds something, or that it leaves unknown; it passes all others. One is
not written down: a target of the settings without TLS fails TLS-OFFERED-MODERN. NET-SERVICE-ANONYMOUS is unknown for
FTP in a scan, which does not try it."""
import dataclasses

import town  # it says where the rest is found
from daemons import (start_dnsmasq, start_dovecot, start_mariadb, start_memcached, start_nginx, start_postfix,
                     start_postgresql, start_redis, start_resolver, start_samba, start_slapd, start_slapd_with_tls,
                     start_snmpd, start_sshd, start_telnetd, start_vsftpd)
from servers import Servers, free_port, must

PASSWORD = "Tr0ub4dor-and-3"
BOTH = "TLSv1.2 TLSv1.3"
ALL = "TLSv1.0 TLSv1.1 TLSv1.2 TLSv1.3"


@dataclasses.dataclass(frozen=True)
class Expected:
    row: dict          # columns of services
    offers: str        # protocols of TLS; None: it is no server of TLS
    fails: frozenset   # rules that find something
    by_name: frozenset  # those that find it only where the target is the host's name, which has an IPv4 address
    unknown: frozenset  # rules that cannot tell
    udp: bool          # also, or alone, over UDP


def expect(protocol, tls="none", offers=None, fails="", by_name="", unknown="", udp=False, **columns):
    return Expected({"status": "ok", "protocol": protocol, "tls": tls, **columns}, offers, frozenset(fails.split()),
                    frozenset(by_name.split()), frozenset(unknown.split()), udp)


WEB = {
    "http plain": expect("http", product="nginx", redirects_to_https=0, fails="CLEAR-SERVICE-HTTP"),
    "http moved": expect("http", product="nginx", redirects_to_https=1, cleartext_login=0),
    "http basic": expect("http", product="nginx", authentication="required", cleartext_login=1,
                         fails="CLEAR-SERVICE-LOGIN"),
    "https modern": expect("http", "implicit", BOTH, hsts=1),
    "https newest": expect("http", "implicit", "TLSv1.3", hsts=1),
    "https old": expect("http", "implicit", "TLSv1.0", hsts=0, fails="CLEAR-SERVICE-HSTS TLS-OFFERED-OLD TLS-OFFERED-MODERN "
                                                                     "TLS-OFFERED-NEWEST TLS-OFFERED-SECRECY"),
    "https weak": expect("http", "implicit", BOTH, hsts=1, fails="TLS-CERT-WEAK"),
    "ssh strong": expect("ssh", product="OpenSSH", authentication="required"),
    "ssh weak": expect("ssh", product="OpenSSH", authentication="required",
                       fails="SSH-SERVICE-ALGORITHMS SSH-SERVICE-KEY SSH-SERVICE-PASSWORD"),
}

# Postfix of Debian takes suites that authenticate nobody for its mail, with a modulus of 1024 bits, and RSA's key exchange.
OPPORTUNISTIC = "TLS-OFFERED-SUITE TLS-OFFERED-DH TLS-OFFERED-SECRECY"
MAIL = {
    "imap strict": expect("imap", "starttls", BOTH, product="Dovecot", cleartext_login=0),
    "pop3s": expect("pop3", "implicit", BOTH, product="Dovecot", cleartext_login=0),
    "imap bare": expect("imap", product="Dovecot", cleartext_login=1, fails="CLEAR-SERVICE-LOGIN"),
    "pop3 bare": expect("pop3", product="Dovecot", cleartext_login=1, fails="CLEAR-SERVICE-LOGIN"),
    "smtp": expect("smtp", "starttls", ALL, product="Postfix", cleartext_login=0, fails=f"TLS-OFFERED-OLD {OPPORTUNISTIC}"),
    "smtp without tls": expect("smtp", product="Postfix", cleartext_login=0),
    "smtp log-in in clear": expect("smtp", "starttls", BOTH, product="Postfix", cleartext_login=1,
                                   fails=f"CLEAR-SERVICE-LOGIN {OPPORTUNISTIC}"),
    "smtp log-in by tls": expect("smtp", "starttls", BOTH, product="Postfix", cleartext_login=0),
}

FILES = {
    "ftp plain": expect("ftp", product="vsFTPd", cleartext_login=1, anonymous=0, fails="CLEAR-SERVICE-LOGIN",
                        unknown="NET-SERVICE-ANONYMOUS"),
    "ftp by tls": expect("ftp", "starttls", BOTH, product="vsFTPd", cleartext_login=0, anonymous=0,
                         unknown="NET-SERVICE-ANONYMOUS"),
    "ftp either way": expect("ftp", "starttls", BOTH, product="vsFTPd", cleartext_login=1, anonymous=0,  # self-signed
                             fails="CLEAR-SERVICE-LOGIN TLS-CERT-UNTRUSTED", by_name="TLS-CERT-NAME",
                             unknown="NET-SERVICE-ANONYMOUS"),
    "ftp open": expect("ftp", product="vsFTPd", cleartext_login=0, anonymous=1, unknown="NET-SERVICE-ANONYMOUS"),
    "telnet": expect("telnet", authentication="required", cleartext_login=1, fails="CLEAR-SERVICE-TERMINAL"),
    "ldap": expect("ldap", "starttls", ALL, anonymous=1, fails="TLS-OFFERED-OLD TLS-OFFERED-SECRECY",
                   unknown="CLEAR-SERVICE-LOGIN"),
    "ldaps": expect("ldap", "implicit", ALL, anonymous=1, cleartext_login=0,
                    fails="TLS-OFFERED-OLD TLS-OFFERED-SECRECY"),
    "ldap closed": expect("ldap", anonymous=0, cleartext_login=1, fails="CLEAR-SERVICE-LOGIN"),
    "smb old": expect("smb", smb1=1, signing_required=0, fails="NET-SERVICE-SMB1 NET-SERVICE-SIGNING"),
    "smb": expect("smb", smb1=0, signing_required=1),
}

DATA = {
    "postgresql by tls": expect("postgresql", "starttls", BOTH, product="PostgreSQL", fails="TLS-OFFERED-SECRECY",
                                unknown="CLEAR-SERVICE-LOGIN"),
    "postgresql": expect("postgresql", product="PostgreSQL", cleartext_login=1, fails="CLEAR-SERVICE-LOGIN"),
    "mysql": expect("mysql", product="MariaDB", cleartext_login=1, fails="CLEAR-SERVICE-LOGIN"),
    "redis open": expect("redis", authentication="none", fails="NET-SERVICE-OPEN"),
    # In its protected mode it lets nobody in from afar, with or without a password.
    "redis guarded": expect("redis", authentication="required", cleartext_login=0),
    "redis closed": expect("redis", authentication="required", cleartext_login=1, fails="CLEAR-SERVICE-LOGIN"),
    "memcached": expect("memcached", product="memcached", authentication="none", fails="NET-SERVICE-OPEN"),
    # At a public address (RFC 5737's stands for one) it serves strangers; the IPv6 address is the town's own.
    "resolver": expect("dns", product="dnsmasq", recursion=1, by_name="NET-SERVICE-RESOLVER", udp=True),
    "name server": expect("dns", product="dnsmasq", recursion=0, udp=True),
    "snmp public": expect("snmp", default_community=1, cleartext_login=1, fails="NET-SERVICE-COMMUNITY", udp=True),
    "snmp": expect("snmp", default_community=0, udp=True),
}


# Each function below starts the servers of a host and returns their ports by name.


def start_web(host):
    host.certificate("server")
    host.certificate("weak", "rsa:1024")
    host.file("passwords", "")
    ports = {name: free_port() for name in WEB if name.startswith("http")}
    key = "ssl_certificate {0}.crt; ssl_certificate_key {0}.key; location / {{ return 200 hello; }} ".format
    hsts = "add_header Strict-Transport-Security max-age=31536000; "
    blocks = {
        "http plain": "location / { return 200 hello; }",
        "http moved": "location / { return 301 https://www.town.test/; }",
        "http basic": "auth_basic x; auth_basic_user_file passwords;",
        "https modern": hsts + key("server") + "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;",
        "https newest": hsts + key("server") + "ssl_protocols TLSv1.3;",
        "https old": key("server") + "ssl_protocols TLSv1; ssl_ciphers kRSA+AES:@SECLEVEL=0;",
        "https weak": hsts + key("weak") + "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:@SECLEVEL=0;"}
    start_nginx(host, [(ports[name], " ssl" if name.startswith("https") else "", block)
                       for name, block in blocks.items()])
    for name, kind, options in (
            ("strong", ("-t", "ed25519"), ("PasswordAuthentication=no",)),
            ("weak", ("-t", "rsa", "-b", "1024"), ("PasswordAuthentication=yes", "Ciphers=+3des-cbc"))):
        key_file = host.folder / f"host-{name}"
        must("ssh-keygen", "-q", *kind, "-N", "", "-f", key_file)
        ports[f"ssh {name}"] = start_sshd(host, key_file, "KbdInteractiveAuthentication=no", *options)
    return ports


def start_mail(host):
    host.certificate("server")
    imap, _, _, pop3s = start_dovecot(host, "yes", "no", password=PASSWORD)
    bare, _, bare_pop3, _ = start_dovecot(host, "no", password=PASSWORD)
    log_in = ("smtpd_sasl_auth_enable=yes", "smtpd_sasl_type=dovecot", f"smtpd_sasl_path={host.folder}/auth-{imap}",
              "smtpd_tls_protocols=>=TLSv1.2")
    smtp, quiet, clear, safe = start_postfix(
        host, (*log_in, "smtpd_tls_auth_only=no"),
        (*log_in, "smtpd_tls_auth_only=yes", "smtpd_tls_exclude_ciphers=aNULL,kRSA"))
    return {"imap strict": imap, "pop3s": pop3s, "imap bare": bare, "pop3 bare": bare_pop3, "smtp": smtp,
            "smtp without tls": quiet, "smtp log-in in clear": clear, "smtp log-in by tls": safe}


def start_files(host):
    host.certificate("server")
    Servers.certificate(host, "own")
    own = ("local_enable=YES", "anonymous_enable=NO")

    def key(name):
        return f"rsa_cert_file={host.folder}/{name}.crt", f"rsa_private_key_file={host.folder}/{name}.key"

    ldap, ldaps = start_slapd_with_tls(host)
    return {
        "ftp plain": start_vsftpd(host, *own),
        "ftp by tls": start_vsftpd(host, *own, *key("server"), "ssl_enable=YES", "force_local_logins_ssl=YES"),
        "ftp either way": start_vsftpd(host, *own, *key("own"), "ssl_enable=YES", "force_local_logins_ssl=NO"),
        "ftp open": start_vsftpd(host, "anonymous_enable=YES", f"anon_root={host.folder}/empty"),
        "telnet": start_telnetd(host),
        "ldap": ldap, "ldaps": ldaps, "ldap closed": start_slapd(host, "closed", "disallow bind_anon\n"),
        "smb old": start_samba(host, "NT1", "auto"), "smb": start_samba(host, "SMB2_10", "mandatory")}


def start_data(host):
    host.certificate("server")
    accounts = host.file("accounts.sql", f"CREATE USER app@'%' IDENTIFIED BY '{PASSWORD}';\n")
    return {
        "postgresql by tls": start_postgresql(host, "on"), "postgresql": start_postgresql(host, "off"),
        "mysql": start_mariadb(host, f"--init-file={accounts}"),
        "redis open": start_redis(host, "--protected-mode", "no"), "redis guarded": start_redis(host),
        "redis closed": start_redis(host, "--requirepass", "not-asked-for"),
        "memcached": start_memcached(host),
        "resolver": start_resolver(host), "name server": start_dnsmasq(host),
        "snmp public": start_snmpd(host, "public"), "snmp": start_snmpd(host, "kl33nex-box")}


HOUSES = {"web": (WEB, start_web), "mail": (MAIL, start_mail), "files": (FILES, start_files), "data": (DATA, start_data)}


def settle(place):
    """Starts all of it; the ports by host and name."""
    def start(host):
        table, begin = HOUSES[host.name]
        ports = begin(host)
        assert set(ports) == set(table), set(ports) ^ set(table)
        return ports
    return town.side_by_side({host.name: lambda host=host: start(host) for host in place.neighbours})
