#!/usr/bin/env python3
"""assay-agent tls --starttls against the real servers of Debian: the suites are those that sslscan finds
(or, where it does not see all, those that OpenSSL's client connects with), and a server that does not offer TLS is told from one that speaks something else."""
import shutil
import subprocess
import sys

import peers
from daemons import start_postfix, start_postgresql, start_xrdp
from servers import Hostile, free_port, must, run_tests


def expect_like_sslscan(servers, port, protocol, option, expected_protocols=("TLSv1.2", "TLSv1.3")):
    tables = servers.tables(port, start_tls=protocol)
    endpoint, = tables["tls_endpoints"]
    assert (endpoint["status"], endpoint["start_tls"]) == ("ok", protocol), endpoint
    found = servers.suites(tables)
    theirs = peers.sslscan(port, option)
    assert found == theirs, f"only ours: {sorted(found - theirs)}; only sslscan's: {sorted(theirs - found)}"
    assert endpoint["protocols"] == " ".join(expected_protocols), endpoint
    assert tables["certificates"][0]["subject"] == "CN = localhost", tables["certificates"]


def openssl_suites():
    """Its names by code, of those that need neither a shared key nor TLS 1.3."""
    lines = must("openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0").splitlines()
    rows = [line.replace(",0x", "").split() for line in lines]
    return {row[0]: row[2] for row in rows if not row[0].startswith("0x13")}


def openssl_connects(port, protocol, option, name):
    return subprocess.run(["openssl", "s_client", "-starttls", protocol, option, "-cipher", f"{name}:@SECLEVEL=0",
                           "-connect", f"127.0.0.1:{port}"], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=30, check=False).returncode == 0


def expect_like_openssl(servers, port, protocol, versions):
    """OpenSSL's client connects with the same suites, of those that it knows."""
    tables = servers.tables(port, start_tls=protocol)
    endpoint, = tables["tls_endpoints"]
    assert endpoint["status"] == "ok" and "more than" not in (endpoint["detail"] or ""), endpoint
    found = servers.suites(tables)
    known = openssl_suites()
    for version, option in versions:
        theirs = {code for code, name in known.items() if openssl_connects(port, protocol, option, name)}
        ours = {code for offered, code in found if offered == version}
        assert theirs and ours & set(known) == theirs, (version, ours, theirs)


def refused_by(servers, port, protocol):
    endpoint, = servers.tables(port, start_tls=protocol)["tls_endpoints"]
    return endpoint["status"]


def start_vsftpd(servers, tls, *more):
    port = free_port()
    empty = servers.folder / "empty"
    empty.mkdir(exist_ok=True)
    settings = servers.folder / f"vsftpd-{port}.conf"
    lines = ["listen=YES", "listen_address=127.0.0.1", f"listen_port={port}", "background=NO", "anonymous_enable=YES",
             f"secure_chroot_dir={empty}", *more]
    if tls:
        lines += ["ssl_enable=YES", f"rsa_cert_file={servers.folder}/server.crt",
                  f"rsa_private_key_file={servers.folder}/server.key"]
    settings.write_text("\n".join(lines) + "\n")
    servers.start("/usr/sbin/vsftpd", settings, port=port)
    return port


def test_ftp(servers):
    servers.certificate("server")
    expect_like_sslscan(servers, start_vsftpd(servers, True), "ftp", "--starttls-ftp")


def test_ftp_with_room_for_few_connections_is_seen_whole(servers):
    """Whoever is turned away with 421 has not been told what is not offered.

    A busy machine lets a server's processes linger longer than an audit waits; then it says unknown, and is asked
    again here."""
    servers.certificate("server")
    whole = servers.tables(start_vsftpd(servers, True), start_tls="ftp")
    for most in (1, 2):
        port = start_vsftpd(servers, True, f"max_per_ip={most}")
        for _ in range(4):
            tables = servers.tables(port, start_tls="ftp")
            endpoint, = tables["tls_endpoints"]
            if all(row["status"] != "unknown" for row in tables["tls_suites"]):
                break
        assert servers.suites(tables) == servers.suites(whole), tables
        assert (endpoint["status"], endpoint["unknown_protocols"]) == ("ok", None), endpoint


def test_a_server_that_turns_everybody_away_is_unknown(servers):
    """Also where it has to be found out what it speaks: no_start_tls and not_tls would be no business of any rule."""
    for greeting in (b"421 Too many connections.\r\n", b"* BYE full\r\n", b"-ERR full\r\n", b"554 no SMTP for you\r\n"):
        with Hostile(lambda connection, words=greeting: connection.sendall(words)) as server:
            for protocol in ("auto", {b"4": "ftp", b"*": "imap", b"-": "pop3", b"5": "smtp"}[greeting[:1]]):
                endpoint, = servers.tables(server.port, start_tls=protocol)["tls_endpoints"]
                assert endpoint["status"] == "turned_away", (greeting, protocol, endpoint)


def test_ftp_without_tls_says_no(servers):
    assert refused_by(servers, start_vsftpd(servers, False), "ftp") == "no_start_tls"


def test_another_protocol_is_not_spoken(servers):
    port = start_vsftpd(servers, False)
    for protocol in ("imap", "pop3"):
        assert refused_by(servers, port, protocol) == "not_spoken", protocol


def test_imap_and_pop3(servers):
    servers.certificate("server")
    imap, pop3 = free_port(), free_port()
    settings = servers.folder / "dovecot.conf"
    settings.write_text(f"""base_dir = {servers.folder}/dovecot-run
state_dir = {servers.folder}/dovecot-state
log_path = {servers.folder}/dovecot.log
listen = 127.0.0.1
protocols = imap pop3
passdb {{
  driver = static
  args = password=not-asked-for
}}
ssl = yes
ssl_cert = <{servers.folder}/server.crt
ssl_key = <{servers.folder}/server.key
ssl_min_protocol = TLSv1.2
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
""")
    servers.start("/usr/sbin/dovecot", "-F", "-c", settings, port=imap)
    # sslscan 2.0.7 does not see this server's TLS 1.2.
    for port, protocol in ((imap, "imap"), (pop3, "pop3")):
        expect_like_openssl(servers, port, protocol, (("TLSv1.2", "-tls1_2"),))
        assert peers.sslscan(port, f"--starttls-{protocol}") <= servers.suites(servers.tables(port, start_tls=protocol))


def test_smtp(servers):
    servers.certificate("server")
    port, quiet = start_postfix(servers)
    expect_like_sslscan(servers, port, "smtp", "--starttls-smtp",
                        ("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"))
    assert refused_by(servers, quiet, "smtp") == "no_start_tls"


def test_ldap(servers):
    servers.certificate("server")
    ports = []
    for name, lines in (("tls", f"TLSCertificateFile {servers.folder}/server.crt\n"
                                f"TLSCertificateKeyFile {servers.folder}/server.key\n"), ("plain", "")):
        port = free_port()
        database = servers.folder / f"ldap-{name}"
        database.mkdir()
        settings = servers.folder / f"slapd-{name}.conf"
        settings.write_text("include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                            f"pidfile {database}/pid\n{lines}database mdb\nsuffix dc=example\ndirectory {database}\n")
        servers.start("/usr/sbin/slapd", "-h", f"ldap://127.0.0.1:{port}", "-f", settings, "-d", "0", port=port)
        ports.append(port)
    # sslscan 2.0.7 finds nothing behind this server's LDAP.
    expect_like_openssl(servers, ports[0], "ldap", (("TLSv1.0", "-tls1"), ("TLSv1.2", "-tls1_2")))
    assert refused_by(servers, ports[1], "ldap") == "no_start_tls"


def test_postgresql(servers):
    servers.certificate("server")
    ports = {tls: start_postgresql(servers, tls) for tls in ("on", "off")}
    expect_like_sslscan(servers, ports["on"], "postgresql", "--starttls-psql")
    assert refused_by(servers, ports["off"], "postgresql") == "no_start_tls"


def test_mysql(servers):
    servers.certificate("server")
    data = servers.folder / "mariadb"
    data.mkdir()
    shutil.chown(data, "mysql")
    must("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=mysql", "--skip-test-db")
    for tls in (True, False):
        port = free_port()
        server = servers.start(
            "mariadbd", "--no-defaults", f"--datadir={data}", "--user=mysql", f"--port={port}",
            "--bind-address=127.0.0.1", f"--socket={data}/socket", f"--pid-file={data}/pid",
            *([f"--ssl-cert={servers.folder}/server.crt", f"--ssl-key={servers.folder}/server.key"]
              if tls else ["--skip-ssl"]), port=port)
        if tls:
            expect_like_sslscan(servers, port, "mysql", "--starttls-mysql")
        else:
            assert refused_by(servers, port, "mysql") == "no_start_tls"
        server.terminate()
        server.wait(timeout=30)


def test_rdp(servers):
    servers.certificate("server")
    expect_like_sslscan(servers, start_xrdp(servers, "tls"), "rdp", "--rdp")
    assert refused_by(servers, start_xrdp(servers, "rdp"), "rdp") == "no_start_tls"


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
