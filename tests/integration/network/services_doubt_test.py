#!/usr/bin/env python3
"""assay-agent services where servers leave something open: a no to one name, silence, a lost datagram and a server that is
busy are no answer, and are told from one."""
import json
import os
import socket
import subprocess
import sys
import threading
import time

from servers import Hostile, free_port, must, run_tests
from services_found import expect, found, found_in_time
from daemons import start_vsftpd


def test_ftp_that_takes_listed_names_only_is_not_known_to_refuse_clear_log_ins(servers):
    listed = servers.folder / "users"
    listed.write_text("mei-ling\n")
    port = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO", "userlist_enable=YES", "userlist_deny=NO",
                        f"userlist_file={listed}")
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.recv(200)
        client.sendall(b"USER mei-ling\r\n")
        assert client.recv(200).startswith(b"331"), "it takes a password in clear"
    row = found(servers, port)[port]
    expect(row, status="ok", protocol="ftp", tls="none", cleartext_login=None)
    assert "not why" in row["detail"], row


def test_ftp_that_is_busy_is_not_known_to_refuse_clear_log_ins(servers):
    def talk(connection):
        connection.sendall(b"220 FTP\r\n")
        while said := connection.recv(200):
            connection.sendall(b"421 Too many users.\r\n" if said.startswith(b"USER") else b"500 no\r\n")
    with Hostile(talk) as server:
        expect(found(servers, server.port)[server.port], status="ok", protocol="ftp", cleartext_login=None)


def smb2_answer():
    body = b"\xfeSMB" + bytes(60) + b"\x41\0\x01\0\x02\x03" + bytes(60)
    return len(body).to_bytes(4, "big") + body


def smb_row(servers, when_asked_for_smb1):
    """A server that answers SMB 2 alone, and does this when it is asked for SMB 1 alone."""
    def talk(connection):
        said = connection.recv(4096)
        if b"SMB 2.002" in said or b"\xfeSMB" in said:
            connection.sendall(smb2_answer())
        elif b"\xffSMB" in said:
            when_asked_for_smb1()
        else:
            return
        connection.recv(1)
    with Hostile(talk) as server:
        return found(servers, server.port)[server.port]


def test_silence_about_smb_1_is_no_refusal(servers):
    row = smb_row(servers, lambda: time.sleep(10))
    expect(row, status="ok", protocol="smb", smb1=None)
    assert row["detail"].startswith("not all was found out"), row


def test_hanging_up_on_smb_1_alone_is_one(servers):
    def hang_up():
        raise OSError
    expect(smb_row(servers, hang_up), status="ok", protocol="smb", smb1=0)


class Lossy:
    """In front of a server of UDP: hands datagrams on, those for which `takes(datagram, times)` holds, and the answers."""

    def __init__(self, port, takes):
        self.back, self.takes, self.times = ("127.0.0.1", port), takes, {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            datagram, whom = self.socket.recvfrom(4096)
            self.times[datagram] = self.times.get(datagram, 0) + 1
            if self.takes(datagram, self.times[datagram]):
                threading.Thread(target=self.ask, args=(datagram, whom), daemon=True).start()

    def ask(self, datagram, whom):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.settimeout(2)
            one.sendto(datagram, self.back)
            try:
                self.socket.sendto(one.recv(4096), whom)
            except TimeoutError:
                pass


def start_snmpd(servers, *settings):
    port = free_port()
    path = servers.folder / "snmpd.conf"
    path.write_text("\n".join((f"agentAddress udp:127.0.0.1:{port}", *settings)) + "\n")
    process = subprocess.Popen(["/usr/sbin/snmpd", "-f", "-C", "-c", path, "-Lf", servers.folder / "snmpd.log",
                                "-p", servers.folder / "snmpd.pid"], stdin=subprocess.DEVNULL, start_new_session=True,
                               env=os.environ | {"SNMP_PERSISTENT_DIR": str(servers.folder)})
    servers.running.append(process)
    expect(found_in_time(servers, f"{port}/udp"), status="ok", protocol="snmp")
    return port


def is_v3(datagram):
    return datagram[2:5] == b"\x02\x01\x03"


ASKING = ("--snmp-communities",)


def test_a_community_that_got_lost_once_is_asked_again(servers):
    lossy = Lossy(start_snmpd(servers, "rocommunity public 127.0.0.1"),
                  lambda datagram, times: is_v3(datagram) or times > 1)
    row = found(servers, f"{lossy.port}/udp", options=ASKING)[lossy.port]
    expect(row, status="ok", protocol="snmp", default_community=1)
    assert row["details"]["community"] == {"public"} and row["details"]["version"] == {"1", "2c", "3"}, row


def test_a_device_without_v3_is_found_by_its_community_alone(servers):
    lossy = Lossy(start_snmpd(servers, "rocommunity public 127.0.0.1"), lambda datagram, _: not is_v3(datagram))
    # Nothing was asked that it would answer: nothing is said of it.
    expect(found(servers, f"{lossy.port}/udp")[lossy.port], status="no_answer", default_community=None)
    expect(found(servers, f"{lossy.port}/udp", options=ASKING)[lossy.port], status="ok", protocol="snmp", default_community=1)


def test_a_community_of_its_own_is_not_the_default(servers):
    port = start_snmpd(servers, "rocommunity not-asked-for 127.0.0.1")
    expect(found(servers, f"{port}/udp")[port], status="ok", protocol="snmp", default_community=None)
    expect(found(servers, f"{port}/udp", options=ASKING)[port], status="ok", protocol="snmp", default_community=0)
    silent = Lossy(port, lambda datagram, _: not is_v3(datagram))
    expect(found(servers, f"{silent.port}/udp", options=ASKING)[silent.port], status="no_answer", default_community=0)


def test_two_names_of_one_endpoint_are_asked_one_after_the_other(servers):
    def talk(connection):
        connection.sendall(b"+OK ready\r\n")
        while connection.recv(200):
            time.sleep(0.3)
            connection.sendall(b"+OK\r\nUSER\r\n.\r\n")
    with Hostile(talk) as server:
        answer = json.loads(must(servers.bin / "assay-agent", "services", "-o", "json", f"127.0.0.1:{server.port}",
                                 f"localhost:{server.port}"))
    rows = next(table["rows"] for table in answer if table["table"] == "services")
    assert sorted((row["host"], row["status"], row["protocol"]) for row in rows) == [
        ("127.0.0.1", "ok", "pop3"), ("localhost", "ok", "pop3")], rows


def test_redis_with_a_password_takes_it_in_clear(servers):
    servers.certificate("server")
    clear, secure = free_port(), free_port()
    for port, more in ((clear, ("--port", clear)), (secure, ("--port", 0, "--tls-port", secure, "--tls-cert-file",
                                                            "server.crt", "--tls-key-file", "server.key",
                                                            "--tls-auth-clients", "no", "--tls-ca-cert-file", "server.crt"))):
        servers.start("redis-server", *more, "--bind", "127.0.0.1", "--save", "", "--dir", servers.folder, "--requirepass",
                      "not-asked-for", port=port)
    rows = found(servers, clear, secure)
    expect(rows[clear], protocol="redis", tls="none", authentication="required", cleartext_login=1)
    expect(rows[secure], protocol="redis", tls="implicit", authentication="required", cleartext_login=0)


def test_ldap_says_what_it_takes_in_clear(servers):
    servers.certificate("server")
    tls = f"TLSCertificateFile {servers.folder}/server.crt\nTLSCertificateKeyFile {servers.folder}/server.key\n"
    ports = {}
    for name, lines in (("plain", ""), ("offered", tls), ("demanded", f"{tls}security ssf=128\n")):
        port = ports[name] = free_port()
        database = servers.folder / f"ldap-{name}"
        database.mkdir()
        settings = servers.folder / f"slapd-{name}.conf"
        settings.write_text("include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                            f"pidfile {database}/pid\n{lines}database mdb\nsuffix dc=example\ndirectory {database}\n")
        servers.start("/usr/sbin/slapd", "-h", f"ldap://127.0.0.1:{port}", "-f", settings, "-d", "0", port=port)
    rows = found(servers, *ports.values())
    expect(rows[ports["plain"]], protocol="ldap", tls="none", cleartext_login=1)
    expect(rows[ports["offered"]], protocol="ldap", tls="starttls", cleartext_login=None)
    # It says so to whoever has a name, and lets in whoever has none.
    expect(rows[ports["demanded"]], protocol="ldap", tls="starttls", cleartext_login=None)


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
