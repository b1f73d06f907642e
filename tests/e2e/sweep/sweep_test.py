#!/usr/bin/env python3
"""Whom an agent may sweep is said by its own configuration and by nothing else: what is refused is refused
with a reason in the reader's language, and not one packet of it reaches the other machine."""
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[0] / "sensor"))
from two_hosts import CLIENT, SERVER, TwoHosts  # noqa: E402

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SCANNER = "sweep:\n  scanner: true\n  ranges: [192.0.2.0/24]\n  ports: 20-29,80\n"


def write_settings(hosts, text):
    path = hosts.file("agent.yaml", text)
    path.chmod(0o644)
    return path


def agent(hosts, *words, language="C.UTF-8", settings=None):
    command = [hosts.bin / "assay-agent", *words]
    if settings:
        command += ["--settings", settings]
    return subprocess.run(hosts.on("client", "env", f"LANG={language}", *command), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120)


def swept(hosts, text, *words):
    done = agent(hosts, "sweep", *words, "-o", "json", settings=write_settings(hosts, text))
    assert done.returncode == 0, done.stderr
    return {table["table"]: table["rows"] for table in json.loads(done.stdout)}


def refused(hosts, text, code, words, zh_tw, *arguments):
    settings = write_settings(hosts, text) if text else None
    for language, expected in (("C.UTF-8", words), ("zh_TW.UTF-8", zh_tw)):
        done = agent(hosts, "sweep", *arguments, language=language, settings=settings)
        assert (done.returncode, done.stdout) == (code, ""), (arguments, done)
        assert expected in done.stderr, (expected, done.stderr)


def count_packets(hosts):
    """From now on the server counts what comes from the client, but for neighbour discovery."""
    hosts.must(*hosts.on("server", "nft", "-f", "-"), stdin=None, input=b"""table inet seen {
chain input { type filter hook input priority -10
meta l4proto { tcp, udp } counter
}
}
""")


def packets(hosts):
    rules = json.loads(hosts.must(*hosts.on("server", "nft", "-j", "list", "table", "inet", "seen")))["nftables"]
    return next(part["counter"]["packets"] for rule in rules if "rule" in rule for part in rule["rule"]["expr"]
                if "counter" in part)


def listen(hosts, *ports):
    helper = subprocess.Popen(hosts.on("server", sys.executable, HERE.parents[1] / "integration/network/listeners.py",
                                       "both", *ports), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              start_new_session=True)
    hosts.running.append(helper)
    assert helper.stdout.readline() == "ready\n"


def found(tables):
    return {(row["address"], row["port"], row["role"]) for row in tables["reachable_ports"]}


def test_a_configured_range_is_swept_and_an_exclusion_never(hosts):
    listen(hosts, 22, 80)
    count_packets(hosts)
    tables = swept(hosts, SCANNER, "192.0.2.0/29")
    assert found(tables) == {(SERVER, 22, "scanner"), (SERVER, 80, "scanner")}, found(tables)
    assert len(tables["sweeps"]) == 8, tables["sweeps"]
    assert packets(hosts) >= 11
    before = packets(hosts)
    tables = swept(hosts, SCANNER + "  exclude: [192.0.2.2]\n", "192.0.2.0/29")
    assert SERVER not in {row["address"] for row in tables["sweeps"]} and not found(tables)
    swept(hosts, SCANNER, "192.0.2.0/29", "--exclude", "192.0.2.2-192.0.2.3")
    refused(hosts, SCANNER + "  exclude: [192.0.2.0/30]\n", 78, "every target is excluded", "排除清單", SERVER)
    assert packets(hosts) == before, "an excluded address hears nothing"


def test_all_else_is_refused_and_hears_nothing(hosts):
    listen(hosts, 22)
    count_packets(hosts)
    said, zh_tw = "not in the local configuration of this agent", "不在本代理程式的本機設定內"
    refused(hosts, None, 78, said, zh_tw, SERVER)
    refused(hosts, "profile: pc\n", 78, said, zh_tw, "192.0.2.0/24")
    refused(hosts, "sweep:\n  ranges: [192.0.2.0/24]\n", 78, "role of a scanner", "未啟用掃描角色", SERVER)
    refused(hosts, SCANNER, 78, said, zh_tw, "192.0.2.0/23")
    refused(hosts, SCANNER, 78, said, zh_tw, SERVER, "198.51.100.1")
    refused(hosts, SCANNER, 64, "neither an address", "不是位址", "server.example")
    refused(hosts, SCANNER, 64, "not understood", "格式不正確", SERVER, "--ports", "0-70000")
    refused(hosts, SCANNER.replace("192.0.2.0/24", '"2001:db8::/32"'), 65, "at most 65536 addresses", "單次最多掃描",
            "2001:db8::/64")
    assert packets(hosts) == 0


def window_around_now(offset_hours):
    """A window of the day that holds the time that is `offset_hours` from now, in UTC."""
    at = time.gmtime(time.time() + offset_hours * 3600)
    return f"{DAYS[at.tm_wday]} {at.tm_hour:02}:00-{at.tm_hour + 1:02}:00 +00:00"


def test_outside_the_window_nothing_is_sent(hosts):
    listen(hosts, 22)
    count_packets(hosts)
    refused(hosts, SCANNER + f"  window: [\"{window_around_now(5)}\", \"{window_around_now(-5)}\"]\n", 1,
            "outside the time window", "不在本機設定的掃描時段內", SERVER)
    assert packets(hosts) == 0
    tables = swept(hosts, SCANNER + f"  window: [\"{window_around_now(5)}\", \"{window_around_now(0)}\", "
                                    f"\"{window_around_now(1)}\"]\n", SERVER)
    assert found(tables) == {(SERVER, 22, "scanner")}, found(tables)


def test_a_configuration_that_others_can_write_says_nothing(hosts):
    count_packets(hosts)
    settings = write_settings(hosts, SCANNER)
    for spoil, restore in ((lambda: settings.chmod(0o666), lambda: settings.chmod(0o644)),
                           (lambda: os.chown(settings, 65534, 65534), lambda: os.chown(settings, 0, 0)),
                           (lambda: hosts.folder.chmod(0o777), lambda: hosts.folder.chmod(0o755))):
        spoil()
        done = agent(hosts, "sweep", SERVER, settings=settings)
        assert done.returncode == 78 and "sweep: " in done.stderr, done
        restore()
    done = agent(hosts, "sweep", SERVER, settings=settings)
    assert done.returncode == 0, done
    done = subprocess.run(hosts.on("client", "env", "ASSAY_SWEEP_RANGES=198.51.100.0/24", hosts.bin / "assay-agent",
                                   "sweep", "198.51.100.1", "--settings", settings), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    assert done.returncode == 78 and "ASSAY_SWEEP_RANGES" in done.stderr, done


def test_where_a_certificate_lies_the_configuration_is_signed(hosts):
    settings = write_settings(hosts, SCANNER)
    key, certificate = hosts.folder / "signer.key", hosts.folder / "sweep-trust.pem"
    hosts.must("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
               "-subj", "/CN=settings", "-keyout", key, "-out", certificate)
    done = agent(hosts, "sweep", SERVER, settings=settings)
    assert done.returncode == 78 and "there is no signature" in done.stderr, done
    hosts.must("openssl", "dgst", "-sha256", "-sign", key, "-out", f"{settings}.sig", settings)
    done = agent(hosts, "sweep", SERVER, settings=settings)
    assert done.returncode == 0, done
    settings.write_text(SCANNER.replace("192.0.2.0/24", "192.0.0.0/16"))
    done = agent(hosts, "sweep", SERVER, settings=settings)
    assert done.returncode == 78 and "the signature is not that of" in done.stderr, done


def test_neighbours_are_checked_by_agents_that_are_no_scanners(hosts):
    listen(hosts, 22, 443)
    tables = swept(hosts, "sweep:\n  neighbours: [192.0.2.2]\n  neighbour_ports: 22,23\n", "--neighbours")
    assert found(tables) == {(SERVER, 22, "neighbour")}, found(tables)
    row, = tables["sweeps"]
    assert (row["source"], row["asked"], row["closed"]) == (CLIENT, 2, 1), row
    refused(hosts, "profile: pc\n", 78, "no neighbours are configured", "未設定鄰近主機", "--neighbours")


def test_without_targets_it_is_this_machine(hosts):
    done = agent(hosts, "sweep", "--ports", "1-100", "-o", "json", settings=write_settings(hosts, "profile: pc\n"))
    assert done.returncode == 0, done
    rows = {table["table"]: table["rows"] for table in json.loads(done.stdout)}["sweeps"]
    assert {(row["address"], row["role"]) for row in rows} == {
        ("127.0.0.1", "own"), ("::1", "own"), (CLIENT, "own"), ("2001:db8::1", "own")}, rows


def test_config_dump_shows_it_and_a_mistake_has_its_line(hosts):
    done = agent(hosts, "config", "dump", settings=write_settings(hosts, SCANNER))
    assert 'ranges: "192.0.2.0-192.0.2.255"' in done.stdout and "agent.yaml:3" in done.stdout, done
    done = agent(hosts, "config", "check", settings=write_settings(hosts, "sweep:\n  rate: fast\n"))
    assert done.returncode == 78 and "agent.yaml:2: sweep.rate" in done.stderr, done


def main():
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
            print(f"FAIL {name}: {problem!r}", flush=True)
        finally:
            hosts.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
