#!/usr/bin/env python3
"""What the rules say of the real servers of Debian in a scan: beside each server stands what is found there, and all
other rules pass it.

In a network namespace of the test's own. Servers are named as targets; those that treat the own machine otherwise are
listeners on all addresses, which a scan asks as a neighbour would."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from company import await_that
from judged import expect_verdict
from daemons import (start_dovecot, start_mariadb, start_memcached, start_nginx, start_postfix, start_postgresql,
                     start_samba, start_slapd, start_slapd_with_tls, start_sshd, start_vsftpd, start_xrdp)
from services_found import found
from services_rooms_test import start_vnc
from services_scan_test import ports_in
from servers import free_port, must, run_beside_a_cable
from tls_scan_test import scan

OWN = "192.0.2.7"
OTHER = "192.0.2.8"
RULES = ("CLEAR-SERVICE-LOGIN", "CLEAR-SERVICE-TERMINAL", "CLEAR-SERVICE-HTTP", "CLEAR-SERVICE-HSTS", "NET-SERVICE-OPEN",
         "NET-SERVICE-SCREEN", "NET-SERVICE-SMB1", "NET-SERVICE-SIGNING", "NET-SERVICE-COMMUNITY", "NET-SERVICE-RESOLVER",
         "SSH-SERVICE-ALGORITHMS", "SSH-SERVICE-KEY", "SSH-SERVICE-PASSWORD", "SSH-SERVICE-OPEN")


# Each function below starts servers and returns {port: the rules that find something there}.


def mail_and_files(servers):
    key = [f"rsa_cert_file={servers.folder}/server.crt", f"rsa_private_key_file={servers.folder}/server.key"]
    files = ("local_enable=YES", "anonymous_enable=NO")
    boxes, *_ = start_dovecot(servers, "yes", "yes")
    log_in = ("smtpd_sasl_auth_enable=yes", "smtpd_sasl_type=dovecot", f"smtpd_sasl_path={servers.folder}/auth-{boxes}")
    smtp, quiet, clear, safe = start_postfix(servers, (*log_in, "smtpd_tls_auth_only=no"),
                                             (*log_in, "smtpd_tls_auth_only=yes"))
    return {
        start_vsftpd(servers, *files): {"CLEAR-SERVICE-LOGIN"},
        start_vsftpd(servers, *files, *key, "ssl_enable=YES", "force_local_logins_ssl=YES"): set(),
        start_vsftpd(servers, *files, *key, "ssl_enable=YES", "force_local_logins_ssl=NO"): {"CLEAR-SERVICE-LOGIN"},
        smtp: set(), quiet: set(), clear: {"CLEAR-SERVICE-LOGIN"}, safe: set(),
        start_samba(servers, "NT1", "auto"): {"NET-SERVICE-SMB1", "NET-SERVICE-SIGNING"},
        start_samba(servers, "SMB2_10", "mandatory"): set()}


def mail_boxes(servers):
    """Dovecot trusts who comes from its own address, which a scan of a listener on all addresses does not."""
    lax, _, lax_pop3, _ = start_dovecot(servers, "yes", "yes", "0.0.0.0")
    strict, strict_imaps, strict_pop3, strict_pop3s = start_dovecot(servers, "yes", "no", "0.0.0.0")
    bare, _, bare_pop3, _ = start_dovecot(servers, "no", "yes", "0.0.0.0")
    return {
        lax: {"CLEAR-SERVICE-LOGIN"}, lax_pop3: {"CLEAR-SERVICE-LOGIN"},
        bare: {"CLEAR-SERVICE-LOGIN"}, bare_pop3: {"CLEAR-SERVICE-LOGIN"},
        strict: set(), strict_imaps: set(), strict_pop3: set(), strict_pop3s: set()}


def stores_and_screens(servers):
    ldap, ldaps = start_slapd_with_tls(servers)
    authority = servers.folder / "authority"
    must("xauth", "-f", authority, "add", ":0", ".", "0123456789abcdef" * 2)
    x11 = ("-auth", authority)  # what is asked here is VNC
    return {
        start_memcached(servers): {"NET-SERVICE-OPEN"}, ldap: set(), ldaps: set(),
        start_slapd(servers, "closed", "disallow bind_anon\n"): {"CLEAR-SERVICE-LOGIN"},
        start_postgresql(servers, "on"): set(), start_postgresql(servers, "off"): {"CLEAR-SERVICE-LOGIN"},
        start_mariadb(servers): {"CLEAR-SERVICE-LOGIN"},
        start_vnc(servers, "None", *x11): {"NET-SERVICE-SCREEN"}, start_vnc(servers, "VncAuth", *x11): set(),
        start_vnc(servers, "TLSVnc,X509Vnc", *x11): set(),
        start_xrdp(servers, "tls"): {"NET-SERVICE-SCREEN"}, start_xrdp(servers, "rdp"): {"NET-SERVICE-SCREEN"}}


def web_servers(servers):
    plain, moved, elsewhere, basic, secure, strict = (free_port() for _ in range(6))
    key = "ssl_certificate server.crt; ssl_certificate_key server.key;"
    (servers.folder / "passwords").write_text("")
    start_nginx(servers, [
        (plain, "", "location / { return 200 hello; }"),
        (moved, "", "location / { return 301 https://www.example.tw/; }"),
        (elsewhere, "", "location / { return 301 http://www.example.tw/; }"),
        (basic, "", "auth_basic x; auth_basic_user_file passwords;"),
        (secure, " ssl", key + "location / { return 200 hello; }"),
        (strict, " ssl", key + "add_header Strict-Transport-Security max-age=31536000; location / { return 200 hi; }")])
    return {
        plain: {"CLEAR-SERVICE-HTTP"}, moved: set(), elsewhere: {"CLEAR-SERVICE-HTTP"}, basic: {"CLEAR-SERVICE-LOGIN"},
        secure: {"CLEAR-SERVICE-HSTS"}, strict: set()}


def accounts_with_an_open_one(servers):
    """A command that runs another where the account that the scanner names is there and has no password."""
    for name, line in (("passwd", "assay-scanner:x:65533:65533::/:/bin/false"), ("shadow", "assay-scanner::1::::::")):
        path = servers.folder / name
        shutil.copy(f"/etc/{name}", path)
        path.write_text(path.read_text() + line + "\n")
    binds = " && ".join(f"mount --bind {servers.folder}/{name} /etc/{name}" for name in ("passwd", "shadow"))
    return "unshare", "--mount", "sh", "-c", f'{binds} && exec "$@"', "sh"


def ssh_servers(servers):
    keys = {}
    for name, words in (("ed25519", ("-t", "ed25519")), ("short", ("-t", "rsa", "-b", "1024")),
                        ("long", ("-t", "rsa", "-b", "2048"))):
        keys[name] = servers.folder / f"host-{name}"
        must("ssh-keygen", "-q", *words, "-N", "", "-f", keys[name])
    by_key = ("PasswordAuthentication=no", "KbdInteractiveAuthentication=no")
    return {
        start_sshd(servers, keys["ed25519"], *by_key): set(),
        start_sshd(servers, keys["long"], *by_key): set(),
        start_sshd(servers, keys["short"], *by_key): {"SSH-SERVICE-KEY"},
        start_sshd(servers, keys["ed25519"], *by_key, "Ciphers=+3des-cbc"): {"SSH-SERVICE-ALGORITHMS"},
        start_sshd(servers, keys["ed25519"], "AuthenticationMethods=publickey,password"): set(),
        start_sshd(servers, keys["ed25519"], "PasswordAuthentication=yes", "KbdInteractiveAuthentication=no"): {
            "SSH-SERVICE-PASSWORD"},
        # Who is let in without any method is told of none.
        start_sshd(servers, keys["ed25519"], "PermitEmptyPasswords=yes", "PasswordAuthentication=yes",
                   inside=accounts_with_an_open_one(servers)): {"SSH-SERVICE-OPEN"}}


def other_machine(servers):
    """A network namespace at the other end of the cable; what begins a command there."""
    holder = subprocess.Popen(["unshare", "--net", "sleep", "1000"], stdin=subprocess.DEVNULL, start_new_session=True)
    servers.running.append(holder)
    own = os.readlink("/proc/self/ns/net")
    await_that(lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != own, "no namespace")
    inside = ("nsenter", "--net", "-t", holder.pid)
    must("ip", "link", "set", "nowhere", "netns", holder.pid)
    must(*inside, "ip", "address", "add", f"{OTHER}/24", "dev", "nowhere")
    for name in ("lo", "nowhere"):
        must(*inside, "ip", "link", "set", name, "up")
    return inside


def resolvers(servers):
    """On another machine with a public address: what a resolver does for its own machine is no proof."""
    inside = other_machine(servers)
    upstream, ports = free_port(), []
    servers.running.append(subprocess.Popen(
        list(map(str, (*inside, sys.executable, pathlib.Path(__file__).parent / "name_server.py", upstream))),
        stdin=subprocess.DEVNULL, start_new_session=True))
    for options in ((f"--server=127.0.0.1#{upstream}",), ()):
        port = free_port()
        server = subprocess.Popen(list(map(str, (
            *inside, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            f"--port={port}", "--user=root", f"--pid-file={servers.folder}/dnsmasq-{port}.pid", *options))),
            stdin=subprocess.DEVNULL, start_new_session=True)
        servers.running.append(server)

        def takes_connections():
            with contextlib.suppress(OSError), socket.create_connection((OTHER, port), 1):
                return True
        await_that(takes_connections, "no resolver")
        ports.append(port)
    return {ports[0]: {"NET-SERVICE-RESOLVER"}, ports[1]: set()}


def test_each_server_is_judged_as_is_written_beside_it(servers):
    servers.certificate("server")
    inside = mail_and_files(servers) | stores_and_screens(servers) | web_servers(servers) | ssh_servers(servers)
    public, boxes = resolvers(servers), mail_boxes(servers)
    targets = [f"127.0.0.1:{port}" for port in inside] + [f"{OTHER}:{port}" for port in public]
    tables, checks = scan(servers, services="on", tls="off", targets=",".join(targets), max_endpoints=200)
    assert tables["services"]["status"] == "ok", tables["services"]
    wrong = {}
    for rule in RULES:
        ports = {port for port, rules in (inside | public | boxes).items() if rule in rules}
        check = checks[rule]
        if (check["state"], ports_in(check)) != ("fail" if ports else "pass", ports):
            wrong[rule] = (ports, check["state"], check.get("reason"), check["rows"])
    odd = [row for row in checks["CLEAR-SERVICE-TERMINAL"]["facts"] if row["status"] != "ok"]
    assert not wrong, (wrong, odd)


def test_anonymous_ftp_is_judged_where_it_was_asked_for(servers):
    (servers.folder / "empty").mkdir(exist_ok=True)
    opened = start_vsftpd(servers, "anonymous_enable=YES", f"anon_root={servers.folder}/empty")
    closed = start_vsftpd(servers, "anonymous_enable=NO", "local_enable=YES")
    rows = found(servers, opened, closed, options=("--ftp-anonymous",))

    def expect(rows, *expected):
        rows = [{name: value for name, value in row.items() if name != "details"} for row in rows]
        expect_verdict(servers.bin, servers.folder, "NET-SERVICE-ANONYMOUS", {"services": rows}, *expected)

    expect(rows.values(), "fail", {"port": opened})
    expect([rows[closed]], "pass")
    expect(found(servers, opened).values(), "unknown", "it was not asked")


if __name__ == "__main__":
    run_beside_a_cable(globals(), OWN)
