#!/usr/bin/env python3
"""TLS in a scan: the machine's own listeners, real servers with a matrix of settings, and scanners that fail.

In a network namespace of the test's own, so that what listens is what the test has started."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from company import Company, await_that
from daemons import start_postfix, start_postgresql, start_samba, start_vsftpd
from servers import Hostile, free_port, must, run_on_own_machines

TABLES = ("tls_endpoints", "tls_suites", "certificates")


def agent(servers, *words, code=0, folder=None, errors=False, **settings):
    """An agent without files of settings of the machine's; `settings` go into the environment."""
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8",
                   "ASSAY_CONTENT": str(servers.bin.parent / "share/assay/content.json"),
                   **{f"ASSAY_NETWORK_{name.upper()}": str(value) for name, value in settings.items()}}
    done = subprocess.run([str((folder or servers.bin) / "assay-agent"), *map(str, words), "--state",
                           str(servers.folder / "state")], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=200, env=environment)
    assert done.returncode == code, (words, done.returncode, done.stdout[-1500:], done.stderr[-1500:])
    return done.stderr if errors else done.stdout


def endpoints(servers, *columns, **settings):
    """By port."""
    rows = json.loads(agent(servers, "query", "--network", "-o", "json", "SELECT * FROM tls_endpoints", **settings))
    rows = rows["rows"] if isinstance(rows, dict) else rows
    return {row["port"]: tuple(row[name] for name in columns) if columns else row for row in rows}


def scan(servers, *words, **more):
    report = json.loads(agent(servers, "scan", "-o", "json", *words, **more))
    return ({table["name"]: table for table in report["tables"]},
            {check["id"]: check for check in report["checks"]})


def found(check, port):
    return [row for row in check["rows"] if row.get("endpoint") == f"127.0.0.1:{port}"]


def start_nginx(servers, *sites):
    """Each site: lines of its server block. Returns the ports."""
    ports, blocks = [], []
    for lines in sites:
        ports.append(free_port())
        blocks.append(f"server {{ listen 127.0.0.1:{ports[-1]} ssl; {lines} }}")
    (servers.folder / "nginx.conf").write_text(
        "daemon off; master_process off; pid nginx.pid; error_log stderr;\nevents {}\n"
        "http { access_log off; " + "".join(f"{name}_temp_path t-{name}; " for name in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + "\n" + "\n".join(blocks) + " }\n")
    servers.start("/usr/sbin/nginx", "-p", f"{servers.folder}/", "-c", "nginx.conf", "-e", "stderr", port=ports[0])
    return ports


def expired_certificate(servers):
    """From an authority of the test's own, so that its dates can be chosen."""
    (servers.folder / "ca.cnf").write_text(f"""[ca]
default_ca = it
[it]
database = {servers.folder}/index.txt
new_certs_dir = {servers.folder}
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
""")
    (servers.folder / "index.txt").write_text("")
    must("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", servers.folder / "expired.key", "-out",
         servers.folder / "expired.csr", "-subj", "/CN=old.example.tw")
    must("openssl", "ca", "-batch", "-config", servers.folder / "ca.cnf", "-selfsign", "-keyfile",
         servers.folder / "expired.key", "-in", servers.folder / "expired.csr", "-out", servers.folder / "expired.crt",
         "-startdate", "20200101000000Z", "-enddate", "20210101000000Z", "-notext")
    (servers.folder / "expired.key").chmod(0o644)


def test_a_matrix_of_servers_is_judged(servers):
    servers.certificate("server")
    servers.certificate("weak", "rsa:1024")
    expired_certificate(servers)
    servers.certificate("soon", days=20)
    must("openssl", "dhparam", "-dsaparam", "-out", servers.folder / "dh1024.pem", "1024")
    site = "ssl_certificate {0}.crt; ssl_certificate_key {0}.key; ".format
    modern, old, plain_old, late, soon, short, secretless = start_nginx(
        servers, site("server") + "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;",
        site("weak") + "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:eNULL:@SECLEVEL=0;",
        site("server") + "ssl_protocols TLSv1; ssl_ciphers DEFAULT:@SECLEVEL=0;",
        site("expired") + "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;",
        site("soon") + "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;",
        site("server") + "ssl_protocols TLSv1.2; ssl_ciphers DHE+AESGCM:@SECLEVEL=0; ssl_dhparam dh1024.pem;",
        site("server") + "ssl_protocols TLSv1.2; ssl_ciphers kRSA+AESGCM;")
    ftp = start_vsftpd(servers, "anonymous_enable=YES", "ssl_enable=YES", f"rsa_cert_file={servers.folder}/server.crt",
                       f"rsa_private_key_file={servers.folder}/server.key")
    smtp, quiet = start_postfix(servers)
    ssh = free_port()
    must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", servers.folder / "host")
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    servers.start("/usr/sbin/sshd", "-D", "-e", "-p", ssh, "-h", servers.folder / "host", "-o", "ListenAddress=127.0.0.1",
                  "-f", "/dev/null", port=ssh)
    postgres = start_postgresql(servers, "off")
    names = free_port()
    servers.start("/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--bind-interfaces",
                  "--listen-address=127.0.0.1", f"--port={names}", "--user=root", "--pid-file", port=names)

    seen = endpoints(servers, "status", "start_tls", "scope", "process")
    assert seen[modern] == ("ok", None, "local", "nginx"), seen
    assert seen[ftp][:2] == ("ok", "ftp") and seen[smtp][:2] == ("ok", "smtp"), seen
    assert seen[quiet][:2] == ("no_start_tls", "smtp"), seen
    assert seen[postgres][:2] == ("no_start_tls", "postgresql"), seen
    assert seen[ssh][0] == "not_tls" and seen[names][0] == "not_tls", seen

    tables, checks = scan(servers, "--network")
    assert all(tables[name]["status"] == "ok" for name in TABLES), tables
    assert tables["tls_endpoints"]["cpu_us"] > 0
    failing = {
        "TLS-OFFERED-OLD": {old, plain_old, smtp}, "TLS-OFFERED-MODERN": {plain_old},
        "TLS-OFFERED-NEWEST": {plain_old, short, secretless}, "TLS-OFFERED-SUITE": {old}, "TLS-CERT-EXPIRED": {late},
        "TLS-CERT-WEAK": {old}, "TLS-CERT-EXPIRING": {soon},
        # OpenSSL gives suites that authenticate nobody, which Postfix accepts, a modulus of 1024 bits.
        "TLS-OFFERED-DH": {short, smtp},
        "TLS-OFFERED-SECRECY": {old, plain_old, secretless, smtp}}
    for check, ports in failing.items():
        state = checks[check]
        assert state["state"] == "fail", (check, state["state"], state["reason"])
        for port in (modern, old, plain_old, late, soon, short, secretless, smtp):
            # Postfix of Debian 12 accepts suites that authenticate nobody: its default for opportunistic TLS.
            if check == "TLS-OFFERED-SUITE" and port == smtp:
                continue
            assert bool(found(state, port)) == (port in ports), (check, port, ports, state["rows"])
    assert checks["TLS-OFFERED-SSL"]["state"] == "pass", checks["TLS-OFFERED-SSL"]
    assert checks["TLS-OFFERED-COMPRESSION"]["state"] == "pass", checks["TLS-OFFERED-COMPRESSION"]
    assert checks["TLS-OFFERED-RENEGOTIATION"]["state"] == "pass", checks["TLS-OFFERED-RENEGOTIATION"]
    # Only loopback listens here, so whom clients trust is nobody's question.
    assert checks["TLS-CERT-UNTRUSTED"]["state"] == "pass", checks["TLS-CERT-UNTRUSTED"]
    assert checks["TLS-CERT-NAME"]["state"] == "not_applicable", checks["TLS-CERT-NAME"]


def test_a_target_of_the_settings_is_asked_by_its_name(servers):
    servers.certificate("server")
    port = servers.openssl()
    row = endpoints(servers, targets=f"localhost:{port}")
    # The listener is asked as well, by address; both are of one port.
    rows = json.loads(agent(servers, "query", "--network", "-o", "json", "SELECT host, scope FROM tls_endpoints",
                            targets=f"localhost:{port}"))
    rows = rows["rows"] if isinstance(rows, dict) else rows
    assert {(r["host"], r["scope"]) for r in rows} == {("127.0.0.1", "local"), ("localhost", "configured")}, (row, rows)
    _, checks = scan(servers, "--network", targets=f"localhost:{port}")
    assert checks["TLS-CERT-NAME"]["state"] == "pass", checks["TLS-CERT-NAME"]
    assert [r["endpoint"] for r in checks["TLS-CERT-UNTRUSTED"]["rows"]] == [f"localhost:{port}"]


def test_all_addresses_are_reached_by_loopback(servers):
    with Hostile(lambda connection: connection.sendall(b"SSH-2.0-test\r\n"), "0.0.0.0") as server:
        row = endpoints(servers)[server.port]
        assert (row["host"], row["listener"], row["scope"]) == ("127.0.0.1", "0.0.0.0", "local"), row
        assert row["status"] == "not_tls", row


def test_nobody_is_asked_unless_told(servers):
    connections = []
    with Hostile(lambda connection: connections.append(connection.recv(64))) as server:
        for words in ((), ("--quick",)):
            tables, checks = scan(servers, *words)
            for name in TABLES:
                assert tables[name]["status"] == "unavailable", tables[name]
                assert "the network was not looked at" in tables[name]["reason"], tables[name]
            assert checks["TLS-OFFERED-OLD"]["state"] == "unknown", checks["TLS-OFFERED-OLD"]
        assert not connections, connections
        agent(servers, "scan", "--quick", "--network", code=64)
        agent(servers, "query", "SELECT host FROM tls_endpoints", code=1)
        assert not connections, connections
        tables, _ = scan(servers, tls="on")
        assert tables["tls_endpoints"]["rows"] == 1 and connections, (server.port, tables["tls_endpoints"])


def test_a_server_that_says_yes_and_speaks_no_tls_is_unknown(servers):
    """It offers TLS, so that it is no server without it; and what it would accept nobody has seen."""
    def talk(connection):
        for words in (b"220 mx ESMTP\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"220 go ahead\r\n", b"500 what?\r\n"):
            connection.sendall(words)
            if not connection.recv(4096):
                return
    with Hostile(talk) as server:
        assert endpoints(servers, "status", "start_tls")[server.port] == ("broken_start_tls", "smtp")
        _, checks = scan(servers, "--network")
    for check in ("TLS-OFFERED-SSL", "TLS-OFFERED-OLD", "TLS-OFFERED-MODERN", "TLS-OFFERED-COMPRESSION"):
        assert checks[check]["state"] == "unknown", (check, checks[check])


def test_one_that_does_not_answer_is_unknown_and_holds_nobody_up(servers):
    servers.certificate("server")
    port = servers.openssl()
    with Hostile(lambda connection: connection.recv(1 << 20) and connection.recv(1 << 20)) as silent:
        seen = endpoints(servers, "status")
        assert seen[port] == ("ok",) and seen[silent.port] == ("timed_out",), seen
        _, checks = scan(servers, "--network")
        for name in ("TLS-OFFERED-OLD", "TLS-OFFERED-SUITE", "TLS-CERT-EXPIRED"):
            assert checks[name]["state"] in ("unknown", "fail"), checks[name]
            assert checks[name]["state"] == "fail" or f"127.0.0.1:{silent.port}" in checks[name]["reason"], checks[name]
        # The time for all is over before the silent one's.
        seen = endpoints(servers, "status", time_limit="5s")
        assert seen[port] == ("ok",) and seen[silent.port] == ("timed_out",), seen


def test_a_redis_without_tls_is_told_and_not_waited_for(servers):
    redis = free_port()
    servers.start("redis-server", "--port", redis, "--bind", "127.0.0.1", "--save", "", port=redis)
    begin = time.monotonic()
    seen = endpoints(servers, "status", "detail")
    assert seen[redis] == ("not_tls", "it speaks Redis"), seen
    assert time.monotonic() - begin < 8, "it was waited for"


def test_a_file_server_is_told_and_leaves_nothing_unknown(servers):
    ports = start_samba(servers, "NT1", "auto"), start_samba(servers, "SMB2_10", "mandatory")
    seen = endpoints(servers, "status", "detail")
    assert {seen[port] for port in ports} == {("not_tls", "it speaks SMB")}, seen
    _, checks = scan(servers, "--network")
    assert checks["TLS-OFFERED-OLD"]["state"] in ("pass", "not_applicable"), checks["TLS-OFFERED-OLD"]


def test_a_slow_server_of_tls_is_one(servers):
    def refuse_late(connection):
        if connection.recv(1 << 16).startswith(b"\x16\x03"):
            time.sleep(3)  # longer than recognition waits
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x46")
    with Hostile(refuse_late) as slow:
        seen = endpoints(servers, "status")
        assert seen[slow.port] == ("nothing_accepted",), seen


def test_what_is_over_the_limit_is_told(servers):
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(Hostile(lambda connection: connection.sendall(b"SSH-2.0-test\r\n")))
        seen = endpoints(servers, "status", max_endpoints=2)
        assert sorted(status for status, in seen.values()) == ["left_out", "not_tls", "not_tls"], seen
        _, checks = scan(servers, "--network", max_endpoints=2)
        assert checks["TLS-OFFERED-OLD"]["state"] == "unknown", checks["TLS-OFFERED-OLD"]


def test_whoever_asks_is_not_root(servers):
    users = set()

    def look(connection):
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                if lines["Name"].strip().startswith("assay-scanner"):
                    users.update(lines["Uid"].split())
                    users.add(lines["CapPrm"].strip())
        connection.sendall(b"SSH-2.0-test\r\n")

    with Hostile(look):
        endpoints(servers)
    assert users and "0" not in users and "0000000000000000" in users, users


def other_scanner(servers, script):
    """A folder with the agent and something else in the scanner's place."""
    folder = servers.folder / "other"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("assay-agent", "assay-host"):
        shutil.copy(servers.bin / name, folder)
    if script is not None:
        (folder / "assay-scanner").write_text("#!/bin/sh\n" + script)
        (folder / "assay-scanner").chmod(0o755)
    return folder


def test_a_scanner_that_fails_is_the_reason_of_its_tables(servers):
    with Hostile(lambda connection: connection.sendall(b"SSH-2.0-test\r\n")):
        for script, words in (("echo garbage", "invalid_data"), ("exec cat /dev/zero", "larger than is read"),
                              ("kill -9 $$", "ended by signal 9"), ("kill -SEGV $$", "ended by signal 11"),
                              ("exit 3", "ended with code 3"), ("exec >&-; exec sleep 1000", "ended by signal 9"),
                              ("exit 0", "lacks tls_endpoints"), (None, "not_found")):
            folder = other_scanner(servers, script)
            said = agent(servers, "query", "--network", "SELECT host FROM tls_suites", folder=folder, code=1, errors=True)
            assert words in said, (script, said)


def test_a_scanner_that_hangs_harms_nothing_else(servers):
    with Hostile(lambda connection: connection.sendall(b"SSH-2.0-test\r\n")):
        whole, _ = scan(servers)
        tables, checks = scan(servers, "--network", folder=other_scanner(servers, "exec sleep 1000"), time_limit="5s")
        for name in TABLES:
            assert tables[name]["status"] == "unavailable" and "took too long" in tables[name]["reason"], tables[name]
        assert checks["TLS-OFFERED-OLD"]["state"] == "unknown", checks["TLS-OFFERED-OLD"]
        fine, left = ({name for name, table in each.items() if table["status"] == "ok"} for each in (whole, tables))
        assert fine == left, fine ^ left


def entries(company, number):
    """The tables of the last snapshot's manifest, by name."""
    company.scan_and_send("web")
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    listed = company.json("assay", "evidence", "list", host, "-o", "json")
    assert len(listed) == number, listed
    manifest = company.json("assay", "evidence", "show", listed[0]["id"], "-o", "json")["manifest"]
    return {table["name"]: table for table in manifest["tables"]}


def test_the_resident_agent_looks_once_and_sends_what_it_saw(servers):
    servers.certificate("server")
    port = servers.openssl("-tls1", "-cipher", "DEFAULT:@SECLEVEL=0")
    company = Company(servers.bin)
    try:
        company.serve()
        company.enroll("web")
        company.login()
        company.environment["ASSAY_NETWORK_TLS"] = "auto"
        first = entries(company, 1)
        assert first["tls_endpoints"]["status"] == "ok" and not first["tls_endpoints"]["collected"], first
        second = entries(company, 2)
        for name in TABLES:
            assert second[name]["digest"] == first[name]["digest"], (first[name], second[name])
            assert second[name]["collected"], second[name]

        def seen():
            rows = company.json("assay", "findings", "--check", "TLS-OFFERED-MODERN", "-o", "json")
            return f"127.0.0.1:{port}" in json.dumps(rows)
        await_that(seen, "the collector has no finding")
        # The collector, which listens here as well, speaks TLS 1.3.
        assert f"127.0.0.1:{company.listen.split(':')[-1]}" not in json.dumps(
            company.json("assay", "findings", "--check", "TLS-OFFERED-NEWEST", "-o", "json"))
    finally:
        company.close()


def test_a_resident_agent_tells_of_a_scanner_that_failed(servers):
    company = Company(servers.bin)
    try:
        company.serve()
        company.enroll("web")
        company.login()
        folder = other_scanner(servers, "exit 3")
        shutil.copy(servers.bin / "assay-courier", folder)
        must(folder / "assay-agent", "run", "--once", "--state", company.agent_state("web"), "--collector",
             company.listen, env={**company.environment, "ASSAY_NETWORK_TLS": "auto"})
        gaps = (company.agent_state("web") / "gaps.jsonl").read_text()
        assert '"network"' in gaps and "ended with code 3" in gaps, gaps
    finally:
        company.close()


if __name__ == "__main__":
    run_on_own_machines(globals())
