#!/usr/bin/env python3
"""Real servers and clients talk over a cable; the sensor tells what went in clear, and no secret."""
import base64
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from judged import expect_verdict, today
from two_hosts import CLIENT, SERVER, TwoHosts, free_of

HERE = pathlib.Path(__file__).resolve().parent
USER = "cassandra-lee"
PASSWORD = "Tr0ub4dor-and-3"
COMMUNITY = "kl33nex-box"
NEEDLES = [USER, PASSWORD, COMMUNITY, base64.b64encode(PASSWORD.encode()).decode().rstrip("="),
           base64.b64encode(USER.encode()).decode().rstrip("="),
           base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode().rstrip("="), PASSWORD.encode().hex()]
PROGRAMS = ["/usr/sbin/vsftpd", "/usr/sbin/telnetd", "/usr/sbin/inetd", "/usr/sbin/dovecot", "/usr/lib/dovecot/pop3",
            "/usr/sbin/nginx", "/usr/sbin/snmpd", "/usr/bin/snmpget", "/usr/sbin/dnsmasq", "/usr/sbin/slapd",
            "/usr/bin/ldapsearch", "/usr/bin/tcpdump", "/usr/bin/openssl", "/usr/sbin/ip"]


def certificate(hosts):
    hosts.must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=server",
               "-keyout", hosts.folder / "key.pem", "-out", hosts.folder / "cert.pem")
    return hosts.folder / "cert.pem", hosts.folder / "key.pem"


def start_vsftpd(hosts):
    cert, key = certificate(hosts)
    settings = hosts.file("vsftpd.conf", f"""listen=YES
listen_port=2121
anonymous_enable=NO
local_enable=YES
background=NO
secure_chroot_dir=/var/run
ssl_enable=YES
force_local_logins_ssl=NO
rsa_cert_file={cert}
rsa_private_key_file={key}
""")
    hosts.start("server", "/usr/sbin/vsftpd", settings)
    hosts.wait_for_port(2121)


def start_telnetd(hosts):
    settings = hosts.file("inetd.conf", "2323 stream tcp nowait root /usr/sbin/telnetd telnetd\n")
    hosts.start("server", "/usr/sbin/inetd", "-i", settings)
    hosts.wait_for_port(2323)


def start_dovecot(hosts):
    cert, key = hosts.folder / "cert.pem", hosts.folder / "key.pem"
    (hosts.folder / "mail").mkdir(mode=0o777)
    (hosts.folder / "mail").chmod(0o777)
    settings = hosts.file("dovecot.conf", f"""protocols = imap pop3
base_dir = {hosts.folder}/dovecot
log_path = {hosts.folder}/dovecot.log
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{hosts.folder}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={hosts.folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = 1143
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = 1110
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
""")
    hosts.start("server", "/usr/sbin/dovecot", "-F", "-c", settings)
    hosts.wait_for_port(1143)
    hosts.wait_for_port(1110)


def start_nginx(hosts):
    cert, key = hosts.folder / "cert.pem", hosts.folder / "key.pem"
    hashed = hosts.must("openssl", "passwd", "-apr1", PASSWORD).decode().strip()
    (hosts.folder / "www").mkdir()
    hosts.file("www/index.html", "hello")
    hosts.file("htpasswd", f"{USER}:{hashed}\n").chmod(0o644)
    settings = hosts.file("nginx.conf", f"""daemon off;
error_log {hosts.folder}/nginx.log;
pid {hosts.folder}/nginx.pid;
events {{}}
http {{
  access_log off;
  server {{
    listen 8080;
    auth_basic "files";
    auth_basic_user_file {hosts.folder}/htpasswd;
    root {hosts.folder}/www;
  }}
  server {{
    listen 8443 ssl;
    ssl_certificate {cert};
    ssl_certificate_key {key};
    ssl_protocols TLSv1.2 TLSv1.3;
    location / {{ return 200 "hello"; }}
  }}
  server {{
    listen 8444 ssl;
    ssl_certificate {cert};
    ssl_certificate_key {key};
    ssl_protocols TLSv1;
    ssl_ciphers eNULL:@SECLEVEL=0;
    location / {{ return 200 "hello"; }}
  }}
}}
""")
    hosts.start("server", "/usr/sbin/nginx", "-c", settings)
    hosts.wait_for_port(8080)
    hosts.wait_for_port(8443)
    hosts.wait_for_port(8444)


def start_snmpd(hosts):
    settings = hosts.file("snmpd.conf", f"agentaddress udp:1161\nrocommunity {COMMUNITY}\n")
    hosts.start("server", "env", "MIBS=", "/usr/sbin/snmpd", "-f", "-C", "-c", settings, "-Lo", "-I", "-smux",
                "-p", hosts.folder / "snmpd.pid")
    hosts.wait_for_port(1161)


def start_dnsmasq(hosts):
    hosts.start("server", "/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv",
                "--no-hosts", "--port=53", f"--pid-file={hosts.folder}/dnsmasq.pid", "--user=root",
                "--address=/evil.example/203.0.113.66", "--address=/good.example/203.0.113.1")
    hosts.wait_for_port(53)


def start_slapd(hosts):
    (hosts.folder / "ldap").mkdir()
    settings = hosts.file("slapd.conf", f"""include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {hosts.folder}/slapd.pid
database mdb
suffix "dc=example"
rootdn "cn={USER},dc=example"
rootpw {PASSWORD}
directory {hosts.folder}/ldap
""")
    hosts.start("server", "/usr/sbin/slapd", "-d", "0", "-f", settings, "-h", "ldap://0.0.0.0:1389")
    hosts.wait_for_port(1389)


def start_peers(hosts):
    for protocol, port in (("smtp", 2525), ("vnc", 5901)):
        hosts.start("server", sys.executable, HERE / "peer.py", protocol, port)
        hosts.wait_for_port(port)


def talk(hosts, protocol, port, *words):
    hosts.must(*hosts.on("client", sys.executable, HERE / "talk.py", protocol, SERVER, port, *(words or (USER, PASSWORD))))


def say_everything(hosts):
    for start in (start_vsftpd, start_telnetd, start_dovecot, start_nginx, start_snmpd, start_dnsmasq, start_slapd,
                  start_peers):
        start(hosts)
    for protocol, port in (("ftp", 2121), ("ftps", 2121), ("telnet", 2323), ("pop3", 1110), ("imap", 1143),
                           ("imap_starttls", 1143), ("http", 8080), ("smtp", 2525), ("vnc", 5901)):
        talk(hosts, protocol, port)
    talk(hosts, "tls", 8443, "TLSv1_2", "old.good.example")
    talk(hosts, "tls", 8443, "TLSv1_3", "mail.evil.example")
    talk(hosts, "tls", 8444, "TLSv1", "older.good.example", "eNULL:@SECLEVEL=0")
    talk(hosts, "dns", 53, "www.evil.example", "")
    talk(hosts, "dns", 53, "secret-project.good.example", "")
    hosts.must(*hosts.on("client", "snmpget", "-v2c", "-c", COMMUNITY, "-r0", "-t10", f"{SERVER}:1161", "1.3.6.1.2.1.1.3.0"))
    hosts.must(*hosts.on("client", "ldapsearch", "-x", "-H", f"ldap://{SERVER}:1389", "-D", f"cn={USER},dc=example",
                         "-w", PASSWORD, "-b", "", "-s", "base", "namingContexts"))


def sensor(hosts, *words, **more):
    done = subprocess.run([hosts.bin / "assay-agent", "sensor", *map(str, words), "-o", "json"], capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60, **more)
    assert done.returncode == 0, (words, done.returncode, done.stderr[-1500:])
    free_of(done.stdout.decode() + done.stderr.decode(), NEEDLES)
    return {table["table"]: table["rows"] for table in json.loads(done.stdout)}


def captured(hosts, act):
    """What tcpdump writes of the client's cable while `act` goes on."""
    path = hosts.folder / "cable.pcap"
    dump = hosts.start("client", "tcpdump", "--immediate-mode", "-Z", "root", "-U", "-i", "lan0", "-w", path)
    until = time.monotonic() + 20
    while b"listening on" not in (hosts.folder / "servers.log").read_bytes():
        assert time.monotonic() < until, hosts.log()
        time.sleep(0.05)
    act(hosts)
    time.sleep(0.5)
    hosts.stop(dump, signal.SIGINT)
    return path


def expect_everything(tables):
    clear = {(row["service"], row["server_port"], row["secret"]) for row in tables["observed_cleartext"]}
    assert clear == {("ftp", 2121, "password"), ("telnet", 2323, "password"), ("pop3", 1110, "password"),
                     ("imap", 1143, "password"), ("http", 8080, "password"), ("smtp", 2525, "password"),
                     ("ldap", 1389, "password"), ("vnc", 5901, "challenge"), ("snmp", 1161, "community")}, clear
    assert all((row["client"], row["server"]) == (CLIENT, SERVER) for row in tables["observed_cleartext"])
    offers = {row["service"]: row["offers_tls"] for row in tables["observed_cleartext"]}
    assert (offers["imap"], offers["smtp"], offers["http"]) == (1, 1, None), offers
    times = {row["service"]: row["times"] for row in tables["observed_cleartext"]}
    assert times["imap"] == 1 and times["ftp"] == 1, f"what went under TLS is no clear text: {times}"
    tls = {(row["service"], row["tls_version"], row["server_name"]) for row in tables["observed_flows"]
           if row["tls_version"]}
    assert ("tls", "TLSv1.2", "old.good.example") in tls and ("tls", "TLSv1.3", "mail.evil.example") in tls, tls
    assert {service for service, _, _ in tls} == {"tls", "ftp", "imap"}, tls
    assert [(row["client"], row["server"], row["queries"], row["answers"]) for row in tables["observed_dns"]] == [
        (CLIENT, SERVER, 2, 2)], tables["observed_dns"]
    assert "secret-project" not in json.dumps(tables), "names that are on no list are not kept"
    about = tables["observed_capture"][0]
    assert about["gaps"] is None and about["packets"] > 100, about


def expect_findings(hosts, path):
    """What the rules find in the rows of this capture; with the company's lists, and what passes by them."""
    lists = {name: hosts.file(name, text) for name, text in (
        ("isac.txt", f"# {today()}\nevil.example\n203.0.113.66\n"), ("old.txt", f"# {today(-31)}\nother.example\n"),
        ("quiet.txt", f"# {today(-30)}\nother.example\n"),
        ("excepted.rpz", f"; {today()}\n$TTL 1\n*.evil.example CNAME .\nwww.evil.example CNAME rpz-passthru.\n"
                         "mail.evil.example CNAME rpz-passthru.\n"))}

    def expect(rule, verdict, *findings, words=(), **more):
        tables = sensor(hosts, "read", path, *words)
        expect_verdict(hosts.bin, hosts.folder, rule, tables | more, verdict, *findings)

    expect("CLEAR-OBSERVED", "fail", *({"client": CLIENT, "server": SERVER, "server_port": port, "service": service}
                                       for port, service in ((1110, "pop3"), (1143, "imap"), (1389, "ldap"), (2121, "ftp"),
                                                             (2323, "telnet"), (2525, "smtp"), (8080, "http"))))
    expect("CLEAR-COMMUNITY", "fail", {"client": CLIENT, "server_port": 1161})
    expect("CLEAR-SCREEN", "fail", {"client": CLIENT, "server_port": 5901, "login": "challenge"})
    expect("TLS-OBSERVED", "fail", {"server_port": 8444, "tls_version": "TLSv1.0", "server_name": "older.good.example"})
    expect("TLS-OBSERVED-SUITE", "fail", {"server_port": 8444, "tls_suite": "TLS_ECDHE_RSA_WITH_NULL_SHA"})
    expect("DNS-OBSERVED", "fail", {"client": CLIENT, "server": SERVER}, approved_resolvers=[{"address": "192.0.2.99"}])
    expect("DNS-OBSERVED", "pass", approved_resolvers=[{"address": SERVER}])
    inside = {"network": f"{SERVER}/32", "zone": "internal"}
    ports = (53, 1110, 1143, 1161, 1389, 2121, 2323, 2525, 5901, 8080, 8443, 8444)
    expect("ZONE-FLOW", "fail", *({"server_port": port, "client_zone": "external"} for port in ports),
           networks=[{"network": f"{CLIENT}/32", "zone": "external"}, inside])
    expect("ZONE-FLOW", "pass", networks=[{"network": f"{CLIENT}/32", "zone": "internal"}, inside])
    other_day = time.strftime("%a", time.gmtime(time.time() + 3 * 86400))
    expect("FLOW-OFF-HOURS", "fail", {"server_port": 2323, "service": "telnet"}, {"server_port": 5901, "service": "vnc"},
           words=("--working-hours", f"{other_day}-{other_day} 00:00-23:59 +00:00"))
    expect("FLOW-OFF-HOURS", "pass", words=("--working-hours", "Mon-Sun 00:00-24:00 +00:00"))
    expect("FLOW-OFF-HOURS", "unknown", "the sensor was not told the working hours")
    expect("C2-OBSERVED", "fail", {"client": CLIENT, "value": "203.0.113.66", "sign": "dns_answer"},
           {"client": CLIENT, "value": "evil.example", "list": "isac.txt", "entry_line": 2},
           words=("--blocklist", lists["isac.txt"]))
    expect("C2-OBSERVED", "pass", words=("--blocklist", lists["quiet.txt"]))
    expect("C2-OBSERVED", "pass", words=("--blocklist", lists["excepted.rpz"]))
    expect("C2-OBSERVED", "unknown", "31 days old", words=("--blocklist", lists["old.txt"]))
    expect("C2-OBSERVED", "unknown", "the sensor was given no list")
    listed = {"kind": "domain", "list": "ISAC", "list_date": today()}
    expect("C2-FLOW", "fail", {"client": CLIENT, "server": SERVER, "server_port": 8443, "host": "mail.evil.example"},
           blocklist=[listed | {"value": "evil.example"}])
    expect("C2-FLOW", "pass", blocklist=[listed | {"value": "other.example"}])
    expect("C2-FLOW", "unknown", "31 days old", blocklist=[listed | {"value": "other.example", "list_date": today(-31)}])


def test_a_capture_tells_what_went_in_clear_and_no_secret(hosts):
    path = captured(hosts, say_everything)
    content = path.read_bytes()
    assert all(needle.encode() in content for needle in (USER, PASSWORD, COMMUNITY)), "the secrets did cross the wire"
    expect_everything(sensor(hosts, "read", path))
    expect_findings(hosts, path)
    listed = hosts.file("isac.txt", "# 2026-11-20\nevil.example\n203.0.113.66\n192.0.2.2\n192.168.0.0/16\n")
    hits = {(row["sign"], row["matched"], row["entry_line"]) for row in
            sensor(hosts, "read", path, "--blocklist", listed, "--own", "192.0.2.0/24")["blocklist_hits"]}
    assert hits == {("dns_query", "www.evil.example", 2), ("dns_answer", "203.0.113.66", 3),
                    ("tls_server_name", "mail.evil.example", 2)}, hits


def watch_cable(hosts):
    """The agent and its scanner, which has left root."""
    watch = subprocess.Popen(
        hosts.on("client", hosts.bin / "assay-agent", "sensor", "watch", "--interface", "lan0", "--seconds", "600",
                 "--filter", "host 192.0.2.2", "-o", "json"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True)
    hosts.running.append(watch)
    return watch, scanner_below(watch.pid)


def test_an_interface_is_watched_without_root(hosts):
    watch, scanner = watch_cable(hosts)
    say_everything(hosts)
    time.sleep(0.5)
    status = pathlib.Path(f"/proc/{scanner}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert "0" not in uids, status
    assert "CapEff:\t0000000000000000" in status and "NoNewPrivs:\t1" in status, status
    os.killpg(watch.pid, signal.SIGINT)  # as Ctrl-C: it ends early and tells what it saw
    out, problems = watch.communicate(timeout=30)
    assert watch.returncode == 0, problems
    free_of(out.decode() + problems.decode(), NEEDLES)
    tables = {table["table"]: table["rows"] for table in json.loads(out)}
    expect_everything(tables)
    about = tables["observed_capture"][0]
    assert (about["kind"], about["source"], about["filter"]) == ("interface", "lan0", "host 192.0.2.2"), about
    assert about["lost"] == 0, about


def scanner_below(pid):
    """The process that the agent started, once it has left root."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for path in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                status = path.read_text()
            except OSError:
                continue
            if "Name:\tassay-scanner\n" in status and f"PPid:\t{pid}\n" in status and "NoNewPrivs:\t1" in status:
                return int(path.parent.name)
        time.sleep(0.05)
    raise AssertionError("no scanner was started")


def test_the_scanner_ends_with_the_agent(hosts):
    watch, scanner = watch_cable(hosts)
    time.sleep(0.5)
    os.kill(watch.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while pathlib.Path(f"/proc/{scanner}").exists():
        assert time.monotonic() < until, "the scanner goes on by itself"
        time.sleep(0.05)


def test_what_cannot_be_done_is_said(hosts):
    def refused(*words):
        done = subprocess.run(hosts.on("client", hosts.bin / "assay-agent", "sensor", *words), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60)
        assert done.returncode != 0 and not done.stdout, (words, done)
        return done.returncode, done.stderr.decode()

    code, said = refused("watch", "--interface", "nowhere0", "--seconds", "1")
    assert "nowhere0" in said, said
    code, said = refused("watch", "--interface", "lan0", "--seconds", "1", "--filter", "no such thing")
    assert code == 64 and "no such thing" in said, (code, said)
    code, said = refused("read", "/nonexistent.pcap")
    assert "/nonexistent.pcap" in said, said
    code, said = refused("read", hosts.file("page.html", "<html></html>" * 10))
    assert "neither a pcap nor a pcapng file" in said, said
    code, said = refused("read", hosts.file("page.html", ""), "--working-hours", "always")
    assert code == 64 and "always" in said, (code, said)


def test_a_watch_ends_by_itself(hosts):
    began = time.monotonic()
    done = hosts.must(*hosts.on("client", hosts.bin / "assay-agent", "sensor", "watch", "--interface", "lo",
                                "--seconds", "1", "-o", "json"))
    assert 0.9 < time.monotonic() - began < 20
    about = {table["table"]: table["rows"] for table in json.loads(done)}["observed_capture"][0]
    assert about["gaps"] == "no frame was seen", about


def main():
    missing = [path for path in PROGRAMS if not os.access(path, os.X_OK)]
    if missing:
        sys.exit(f"missing: {missing}: packaging/dependencies/install test")
    passed = failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        hosts = TwoHosts(sys.argv[1])
        try:
            test(hosts)
            passed += 1
            print(f"ok   {name}", flush=True)
        except Exception as problem:  # noqa: BLE001: a test may fail in any way
            failed += 1
            print(f"FAIL {name}: {problem!r}\n{hosts.log()}", flush=True)
        finally:
            hosts.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
