#!/usr/bin/env python3
"""assay-agent services against the real servers of Debian, on ports that say nothing: each is named rightly,
by what it says, and with what it offers."""
import socket
import sys

from daemons import (start_dnsmasq, start_dovecot, start_mariadb, start_memcached, start_nginx, start_postfix,
                     start_postgresql, start_redis, start_samba, start_slapd, start_slapd_with_tls, start_snmpd,
                     start_telnetd, start_vsftpd, start_xrdp)
from servers import free_display, free_port, must, run_tests
from services_found import expect, found, found_in_time


def test_ftp(servers):
    servers.certificate("server")
    plain = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO")
    tls = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO", "ssl_enable=YES", "force_local_logins_ssl=YES",
                       f"rsa_cert_file={servers.folder}/server.crt", f"rsa_private_key_file={servers.folder}/server.key")
    implicit = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO", "ssl_enable=YES", "implicit_ssl=YES",
                            f"rsa_cert_file={servers.folder}/server.crt",
                            f"rsa_private_key_file={servers.folder}/server.key")
    rows = found(servers, plain, tls, implicit)
    expect(rows[plain], status="ok", protocol="ftp", tls="none", cleartext_login=1, anonymous=None, product="vsFTPd")
    assert rows[plain]["version"], rows[plain]
    expect(rows[tls], protocol="ftp", tls="starttls", cleartext_login=0, authentication="required")
    expect(rows[implicit], protocol="ftp", tls="implicit", cleartext_login=0)


def test_anonymous_ftp_only_where_it_is_asked_for(servers):
    port = start_vsftpd(servers, "anonymous_enable=YES", f"anon_root={servers.folder}/empty")
    closed = start_vsftpd(servers, "anonymous_enable=NO", "local_enable=YES")
    expect(found(servers, port)[port], protocol="ftp", anonymous=None)
    rows = found(servers, port, closed, options=("--ftp-anonymous",))
    expect(rows[port], anonymous=1)
    expect(rows[closed], anonymous=0)


def test_telnet(servers):
    port = start_telnetd(servers)
    row = found(servers, port)[port]
    expect(row, status="ok", protocol="telnet", tls="none", cleartext_login=1, authentication="required")
    assert "terminal-type" in row["details"]["asks_option"], row


def test_http(servers):
    servers.certificate("server")
    plain, moved, basic, form, secure, strict = (free_port() for _ in range(6))
    key = "ssl_certificate server.crt; ssl_certificate_key server.key;"
    (servers.folder / "passwords").write_text("")
    start_nginx(servers, [
        (plain, "", "location / { return 200 hello; }"),
        (moved, "", "location / { return 301 https://www.example.tw/; }"),
        (basic, "", "auth_basic x; auth_basic_user_file passwords;"),
        (form, "", "location / { return 200 '<input type=\"password\">'; }"),
        (secure, " ssl", key + "location / { return 200 hello; }"),
        (strict, " ssl", key + "add_header Strict-Transport-Security max-age=31536000; location / { return 200 hi; }")])
    rows = found(servers, plain, moved, basic, form, secure, strict)
    for row in rows.values():
        expect(row, status="ok", protocol="http", product="nginx")
    expect(rows[plain], tls="none", redirects_to_https=0, hsts=None, cleartext_login=None)
    expect(rows[moved], tls="none", redirects_to_https=1, cleartext_login=0)
    expect(rows[basic], tls="none", authentication="required", cleartext_login=1)
    expect(rows[form], tls="none", cleartext_login=1)
    expect(rows[secure], tls="implicit", redirects_to_https=None, hsts=0)
    expect(rows[strict], tls="implicit", hsts=1)


def test_imap_and_pop3(servers):
    servers.certificate("server")
    ports = {tls: start_dovecot(servers, tls) for tls in ("yes", "no")}
    rows = found(servers, *ports["yes"], ports["no"][0], ports["no"][2])
    for port, protocol, tls, clear in zip((*ports["yes"], ports["no"][0], ports["no"][2]),
                                          ("imap", "imap", "pop3", "pop3", "imap", "pop3"),
                                          ("starttls", "implicit", "starttls", "implicit", "none", "none"),
                                          (1, 0, 1, 0, 1, 1)):
        expect(rows[port], status="ok", protocol=protocol, tls=tls, cleartext_login=clear, product="Dovecot")
        assert rows[port]["details"]["auth_method"] == {"PLAIN", "LOGIN"}, rows[port]


def test_smtp(servers):
    servers.certificate("server")
    port, quiet, wrapped, nameless = start_postfix(
        servers, ("smtpd_tls_wrappermode=yes",), ("smtpd_tls_security_level=none", "smtpd_banner=hello"))
    rows = found(servers, port, quiet, wrapped, nameless)
    expect(rows[port], status="ok", protocol="smtp", tls="starttls", cleartext_login=0, product="Postfix")
    expect(rows[quiet], status="ok", protocol="smtp", tls="none", cleartext_login=0)
    expect(rows[wrapped], status="ok", protocol="smtp", tls="implicit", product="Postfix")
    expect(rows[nameless], status="ok", protocol="smtp", tls="none", product=None)


def test_redis_and_memcached(servers):
    opened, closed, cache = (start_redis(servers), start_redis(servers, "--requirepass", "not-asked-for"),
                             start_memcached(servers))
    rows = found(servers, opened, closed, cache)
    version = must("redis-server", "--version").split("v=")[1].split()[0]
    expect(rows[opened], status="ok", protocol="redis", authentication="none", version=version)
    expect(rows[closed], status="ok", protocol="redis", authentication="required", version=None)
    expect(rows[cache], status="ok", protocol="memcached", authentication="none",
           version=must("memcached", "-V").split()[1])


def test_ldap(servers):
    servers.certificate("server")
    tls, secure = start_slapd_with_tls(servers)
    closed = start_slapd(servers, "closed", "disallow bind_anon\n")
    rows = found(servers, tls, secure, closed)
    expect(rows[tls], status="ok", protocol="ldap", tls="starttls", anonymous=1)
    expect(rows[secure], status="ok", protocol="ldap", tls="implicit", anonymous=1)
    expect(rows[closed], status="ok", protocol="ldap", tls="none", anonymous=0)


def test_postgresql(servers):
    servers.certificate("server")
    ports = {tls: start_postgresql(servers, tls) for tls in ("on", "off")}
    rows = found(servers, *ports.values())
    expect(rows[ports["on"]], status="ok", protocol="postgresql", tls="starttls")
    expect(rows[ports["off"]], status="ok", protocol="postgresql", tls="none")


def test_mysql(servers):
    port = start_mariadb(servers)
    expect(found(servers, port)[port], status="ok", protocol="mysql", tls="none", product="MariaDB",
           version=must("mariadbd", "--version").split("Ver ")[1].split("-")[0], authentication="required")


def test_rdp(servers):
    servers.certificate("server")
    ports = {layer: start_xrdp(servers, layer) for layer in ("tls", "rdp")}
    rows = found(servers, *ports.values())
    expect(rows[ports["tls"]], status="ok", protocol="rdp", tls="starttls", network_level_authentication=0)
    expect(rows[ports["rdp"]], status="ok", protocol="rdp", tls="none", network_level_authentication=0)
    assert rows[ports["rdp"]]["details"]["security_type"] == {"rdp"}, rows


def test_smb(servers):
    ports = {"NT1": start_samba(servers, "NT1", "auto"), "SMB2": start_samba(servers, "SMB2", "mandatory")}
    rows = found(servers, *ports.values())
    expect(rows[ports["NT1"]], status="ok", protocol="smb", smb1=1, signing_required=0)
    expect(rows[ports["SMB2"]], status="ok", protocol="smb", smb1=0, signing_required=1)
    assert rows[ports["SMB2"]]["details"]["dialect"] == {"3.0.2"}, rows


def test_dns(servers):
    port = start_dnsmasq(servers, "--listen-address=127.0.0.1", "--bind-interfaces", "--server=127.0.0.1#9")
    expect(found(servers, port)[port], status="ok", protocol="dns", product="dnsmasq")
    expect(found(servers, f"{port}/udp")[port], status="ok", protocol="dns", product="dnsmasq")


def test_snmp(servers):
    port = start_snmpd(servers, "public")
    expect(found_in_time(servers, f"{port}/udp"), status="ok", protocol="snmp", default_community=None)
    row = found(servers, f"{port}/udp", options=("--snmp-communities",))[port]
    expect(row, status="ok", protocol="snmp", default_community=1, cleartext_login=1)
    assert row["details"]["community"] == {"public"} and "2c" in row["details"]["version"], row


def test_rsync(servers):
    port = free_port()
    (servers.folder / "rsyncd.conf").write_text(f"pid file = {servers.folder}/rsync.pid\n")
    servers.start("rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}",
                  f"--config={servers.folder}/rsyncd.conf", port=port)
    expect(found(servers, port)[port], status="ok", protocol="rsync", tls="none")


def test_x11(servers):
    rows = []
    for more in (("-ac",), ("-auth", servers.folder / "authority")):
        number = free_display()
        must("xauth", "-f", servers.folder / "authority", "add", f":{number}", ".", "0123456789abcdef" * 2)
        servers.start("Xvfb", f":{number}", "-nolock", "-listen", "tcp", "-nolisten", "unix", "-nolisten", "local", *more,
                      port=6000 + number)
        rows += found(servers, 6000 + number).values()
    expect(rows[0], status="ok", protocol="x11", authentication="none")
    expect(rows[1], status="ok", protocol="x11", authentication="required")


def test_what_is_not_there_has_a_row_too(servers):
    nobody, silent = free_port(), free_port()
    expect(found(servers, nobody)[nobody], status="refused", protocol=None)
    expect(found(servers, f"{nobody}/udp")[nobody], status="refused", protocol=None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", silent))
        expect(found(servers, f"{silent}/udp")[silent], status="no_answer", protocol=None)


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
