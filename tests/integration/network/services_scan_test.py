#!/usr/bin/env python3
"""Services in a scan: this machine's own listeners as others meet them, real servers and hostile ones.

In a network namespace of the test's own, with an address that is not loopback, so that what listens is what the test
has started."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from company import Company, await_that
from servers import Hostile, free_port, must, run_beside_a_cable
from services_found import expect
from tls_scan_test import agent, entries, other_scanner, scan

OWN = "192.0.2.7"
TABLES = ("services", "service_details")
RULES = ("CLEAR-SERVICE-LOGIN", "CLEAR-SERVICE-TERMINAL", "NET-SERVICE-OPEN", "NET-SERVICE-ANONYMOUS", "NET-SERVICE-SCREEN",
         "NET-SERVICE-SMB1", "NET-SERVICE-COMMUNITY", "NET-SERVICE-RESOLVER", "SSH-SERVICE-ALGORITHMS")
ONLY = {"tls": "off"}  # with --network it is asked all the same, but not by the resident agent


def services(servers, **settings):
    """By (transport, port)."""
    answer = json.loads(agent(servers, "query", "--network", "-o", "json", "SELECT * FROM services", **settings))
    rows = answer["rows"] if isinstance(answer, dict) else answer
    return {(row["transport"], row["port"]): row for row in rows}


def judged(servers, **settings):
    """The rules over services of a scan that asks for services alone."""
    _, checks = scan(servers, services="on", **ONLY, **settings)
    return {name: checks[name] for name in RULES}


def states(checks):
    return {name: check["state"] for name, check in checks.items()}


def ports_in(check):
    return {row["port"] for row in check["rows"]}


def start_redis(servers, address, *options):
    port = free_port()
    servers.start("redis-server", "--port", port, "--bind", address, "--save", "", "--dir", servers.folder, *options,
                  port=port)
    return port


def start_sshd(servers, address, *options):
    key = servers.folder / "host-key"
    if not key.exists():
        must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    port = free_port()
    servers.start("/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", port, "-h", key, "-o", f"ListenAddress={address}",
                  "-o", "PidFile=none", *(word for option in options for word in ("-o", option)), port=port)
    return port


def start_vsftpd(servers, address):
    port = free_port()
    (servers.folder / "empty").mkdir(exist_ok=True)
    path = servers.folder / f"vsftpd-{port}.conf"
    path.write_text(f"listen=YES\nlisten_address={address}\nlisten_port={port}\nbackground=NO\nlocal_enable=YES\n"
                    f"anonymous_enable=NO\nsecure_chroot_dir={servers.folder}/empty\n")
    servers.start("/usr/sbin/vsftpd", path, port=port)
    return port


def start_telnetd(servers):
    port = free_port()
    (servers.folder / "inetd.conf").write_text(f"0.0.0.0:{port} stream tcp nowait root /usr/sbin/telnetd telnetd\n")
    servers.start("/usr/sbin/inetd", "-i", servers.folder / "inetd.conf", port=port)
    return port


def test_a_rule_judges_what_the_machine_offers(servers):
    assert set(states(judged(servers)).values()) == {"not_applicable"}, "nothing listens yet"
    ssh = start_sshd(servers, "0.0.0.0")
    before = states(judged(servers))
    assert set(before.values()) == {"pass"}, before

    ftp, telnet = start_vsftpd(servers, "0.0.0.0"), start_telnetd(servers)
    redis = start_redis(servers, "0.0.0.0", "--protected-mode", "no")
    weak = start_sshd(servers, "0.0.0.0", "Ciphers=+3des-cbc")
    rows = services(servers)
    expect(rows["tcp", ftp], status="ok", protocol="ftp", cleartext_login=1, anonymous=None, scope="local", host="127.0.0.1",
           listener="0.0.0.0", process="vsftpd")
    expect(rows["tcp", telnet], status="ok", protocol="telnet")
    checks = judged(servers)
    for name, ports in {"CLEAR-SERVICE-LOGIN": {ftp}, "CLEAR-SERVICE-TERMINAL": {telnet}, "NET-SERVICE-OPEN": {redis},
                        "SSH-SERVICE-ALGORITHMS": {weak}}.items():
        assert checks[name]["state"] == "fail" and ports_in(checks[name]) == ports, (name, ports, ssh, checks[name])
    # Nobody was logged in, so nobody knows.
    assert checks["NET-SERVICE-ANONYMOUS"]["state"] == "unknown", checks["NET-SERVICE-ANONYMOUS"]
    for name in ("NET-SERVICE-SCREEN", "NET-SERVICE-SMB1", "NET-SERVICE-COMMUNITY", "NET-SERVICE-RESOLVER"):
        assert checks[name]["state"] == "pass", checks[name]


def test_a_service_is_asked_as_a_neighbour_would(servers):
    guarded = start_redis(servers, "0.0.0.0", "--protected-mode", "yes")
    inside = start_redis(servers, "127.0.0.1")
    rows = services(servers)
    # Protected mode lets loopback in, and turns others away.
    expect(rows["tcp", guarded], authentication="required", host="127.0.0.1", listener="0.0.0.0")
    expect(rows["tcp", inside], authentication="none", listener="127.0.0.1")
    # What loopback alone has is nobody else's.
    checks = judged(servers)
    assert set(states(checks).values()) == {"pass"}, states(checks)
    # But who names it as a target wants it judged.
    checks = judged(servers, targets=f"127.0.0.1:{inside}")
    assert ports_in(checks["NET-SERVICE-OPEN"]) == {inside}, checks["NET-SERVICE-OPEN"]


def test_servers_that_talk_rubbish_or_nothing_are_unknown_and_harm_nothing(servers):
    ssh = start_sshd(servers, "0.0.0.0")

    def rubbish(connection):
        with contextlib.suppress(OSError):
            for _ in range(2_000):
                connection.sendall(os.urandom(4_096))

    with Hostile(rubbish, "0.0.0.0") as loud, Hostile(lambda one: one.recv(1), "0.0.0.0") as rude, \
            Hostile(lambda one: time.sleep(40), "0.0.0.0") as dead:
        begun = time.monotonic()
        rows = services(servers)
        assert time.monotonic() - begun < 60, "one that is dead holds the scan up"
        expect(rows["tcp", ssh], status="ok", protocol="ssh")
        for server in (loud, rude, dead):
            expect(rows["tcp", server.port], protocol=None)
            assert rows["tcp", server.port]["status"] != "ok", rows["tcp", server.port]
        tables, checks = scan(servers, services="on", **ONLY)
        assert all(tables[name]["status"] == "ok" for name in TABLES), tables
        for name in RULES:
            assert checks[name]["state"] == "unknown", (name, checks[name])
        # The time for all is over before the dead one's; the others are known all the same.
        begun = time.monotonic()
        rows = services(servers, time_limit="5s")
        assert time.monotonic() - begun < 20, "the limit of time does not hold"
        expect(rows["tcp", ssh], status="ok", protocol="ssh")
        assert rows["tcp", dead.port]["status"] != "ok", rows["tcp", dead.port]


def test_over_udp_four_protocols_are_asked(servers):
    settings = servers.folder / "snmpd.conf"
    settings.write_text("agentAddress udp:0.0.0.0:161\nrocommunity public default\n")
    process = subprocess.Popen(["/usr/sbin/snmpd", "-f", "-C", "-c", settings, "-Lf", servers.folder / "snmpd.log",
                                "-p", servers.folder / "snmpd.pid"], stdin=subprocess.DEVNULL, start_new_session=True,
                               env=os.environ | {"SNMP_PERSISTENT_DIR": str(servers.folder)})
    servers.running.append(process)
    servers.start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                  "--listen-address=127.0.0.1", "--bind-interfaces", "--user=root",
                  f"--pid-file={servers.folder}/dnsmasq.pid", port=53)
    await_that(lambda: services(servers).get(("udp", 161), {}).get("protocol") == "snmp", "SNMP is not seen")
    rows = services(servers)
    expect(rows["udp", 161], status="ok", listener="0.0.0.0", process="snmpd", default_community=None)
    expect(rows["udp", 53], status="ok", protocol="dns", listener="127.0.0.1")
    check = judged(servers)["NET-SERVICE-COMMUNITY"]
    assert check["state"] == "unknown" and "default communities" in check["reason"], check
    check = judged(servers, snmp_communities="true")["NET-SERVICE-COMMUNITY"]
    assert check["state"] == "fail" and ports_in(check) == {161}, check


def test_nobody_is_asked_unless_told(servers):
    connections = []
    with Hostile(lambda connection: connections.append(connection.recv(64)), "0.0.0.0"):
        for words in ((), ("--quick",)):
            tables, checks = scan(servers, *words)
            for name in TABLES:
                assert tables[name]["status"] == "unavailable" and "network.services: on" in tables[name]["reason"], tables[name]
            for name in RULES:
                assert checks[name]["state"] == "unknown", checks[name]
        scan(servers, "--quick", services="on")
        assert not connections, connections
        folder = servers.folder / "image"
        (folder / "etc").mkdir(parents=True)
        (folder / "etc/hostname").write_text("image\n")
        said = agent(servers, "query", "--network", "--root", folder, "SELECT * FROM service_details", code=1, errors=True)
        assert "needs the running machine" in said, said
        assert not connections, connections


def test_a_log_server_is_left_out(servers):
    fake = servers.folder / "rsyslogd"
    fake.symlink_to(sys.executable)
    port = free_port()
    servers.start(fake, "-c", "import socket, sys, time\n"
                  "pathlib = __import__('pathlib')\n"
                  "pathlib.Path('/proc/self/comm').write_text('rsyslogd')\n"
                  f"one = socket.create_server(('0.0.0.0', {port}))\n"
                  "while True:\n    print(one.accept(), flush=True)", port=port)

    def met():
        return (servers.folder / "servers.log").read_text().count("raddr")

    # Whoever waited for it to listen has met it once, and the line of that may be on its way.
    until = time.monotonic() + 10
    while met() == 0 and time.monotonic() < until:
        time.sleep(0.05)
    before = met()
    row = services(servers)["tcp", port]
    expect(row, status="left_out", process="rsyslogd")
    assert met() == before, "it was asked"
    assert judged(servers)["NET-SERVICE-OPEN"]["state"] == "unknown"


def test_a_scanner_that_fails_is_the_reason_of_its_tables(servers):
    with Hostile(lambda connection: connection.sendall(b"SSH-2.0-test\r\n"), "0.0.0.0"):
        whole, _ = scan(servers, **ONLY)
        for script, words in (("echo garbage", "invalid_data"), ("kill -9 $$", "ended by signal 9"),
                              ("exit 0", "lacks services"), ("exec sleep 1000", "took too long")):
            folder = other_scanner(servers, script)
            tables, checks = scan(servers, folder=folder, services="on", time_limit="5s", **ONLY)
            for name in TABLES:
                assert tables[name]["status"] == "unavailable" and words in tables[name]["reason"], (script, tables[name])
            assert checks["NET-SERVICE-OPEN"]["state"] == "unknown", checks["NET-SERVICE-OPEN"]
            fine, left = ({name for name, table in each.items() if table["status"] == "ok"} for each in (whole, tables))
            assert fine == left, fine ^ left


def test_the_resident_agent_asks_once_and_the_collector_has_the_finding(servers):
    port = start_redis(servers, "0.0.0.0", "--protected-mode", "no")
    company = Company(servers.bin)
    try:
        company.serve()
        company.enroll("web")
        company.login()
        company.environment["ASSAY_NETWORK_SERVICES"] = "auto"
        first = entries(company, 1)
        assert first["services"]["status"] == "ok" and not first["services"]["collected"], first["services"]
        second = entries(company, 2)
        for name in TABLES:
            assert second[name]["digest"] == first[name]["digest"], (first[name], second[name])
            assert second[name]["collected"], second[name]

        def seen():
            findings = company.json("assay", "findings", "--check", "NET-SERVICE-OPEN", "-o", "json")
            return str(port) in json.dumps(findings)
        await_that(seen, "the collector has no finding")
    finally:
        company.close()


if __name__ == "__main__":
    run_beside_a_cable(globals(), OWN)
