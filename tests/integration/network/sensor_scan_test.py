#!/usr/bin/env python3
"""The sensor in a resident agent: what crosses the wire between two scans is in the second one's evidence.

In a network namespace of the test's own; the wire is its loopback."""
import contextlib
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
from company import Company, await_that
from servers import Hostile, run_on_own_machines

TABLES = ("blocklist_hits", "observed_capture", "observed_cleartext", "observed_dns", "observed_flows",
          "observed_hosts")


def snapshots(company):
    """The manifests' tables of each snapshot by name, the newest first."""
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    out = []
    for snapshot in company.json("assay", "evidence", "list", host, "-o", "json"):
        manifest = company.json("assay", "evidence", "show", snapshot["id"], "-o", "json")["manifest"]
        out.append({table["name"]: table for table in manifest["tables"]})
    return out


def processes(name):
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if lines["Name"].strip() == name:
                yield lines


def log_in_in_clear(port):
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"GET / HTTP/1.0\r\nAuthorization: Basic bWVpLWxpbmc6bm90LWEtc2VjcmV0\r\n\r\n")
        assert client.recv(4096)


@contextlib.contextmanager
def resident(company, **settings):
    environment = {**company.environment, **{f"ASSAY_SENSOR_{key.upper()}": value for key, value in settings.items()}}
    with open(company.folder / "agent.log", "ab") as log:
        agent = subprocess.Popen([str(company.bin / "assay-agent"), "run", "--state", str(company.agent_state("web")),
                                  "--collector", company.listen], env=environment, stdin=subprocess.DEVNULL,
                                 stdout=log, stderr=log)
    try:
        yield agent
    finally:
        agent.send_signal(signal.SIGTERM)
        try:
            assert agent.wait(timeout=30) == 0, (company.folder / "agent.log").read_text()
        finally:
            agent.kill()


def test_what_crosses_the_wire_between_two_scans_is_in_the_second(servers):
    company = Company(servers.bin)
    try:
        company.serve()
        company.enroll("web")
        company.login()
        with resident(company, interface="lo", window="1m"):
            begun = time.monotonic()
            await_that(lambda: company.json("assay", "evidence", "list", "-o", "json"), "no first scan")
            first = snapshots(company)[-1]
            for name in TABLES:
                assert "has begun to watch" in first[name]["reason"], first[name]
            await_that(lambda: any(processes("assay-scanner")), "no sensor runs")
            sensor = next(processes("assay-scanner"))
            assert set(sensor["Uid"].split()) != {"0"} and sensor["CapPrm"].strip() == "0" * 16, sensor
            with Hostile(lambda connection: connection.recv(4096) and connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")) as web:
                log_in_in_clear(web.port)
            time.sleep(max(0, 62 - (time.monotonic() - begun)))  # who asks is heard once a minute
            company.run("assay", "scan", company.json("assay", "hosts", "-o", "json")[0]["id"])
            await_that(lambda: len(snapshots(company)) > 1, "no second scan")
            second = snapshots(company)[0]
            for name in TABLES:
                assert second[name]["status"] == "ok", second[name]
            assert second["observed_capture"]["rows"] == 1, second["observed_capture"]
            assert second["observed_cleartext"]["rows"] >= 1, second["observed_cleartext"]
            assert second["observed_flows"]["rows"] >= 1, second["observed_flows"]
            rss = max(int(lines["VmHWM"].split()[0]) for lines in processes("assay-scanner"))
            print(f"the sensor holds {rss // 1024} MiB", flush=True)
        assert not list(processes("assay-scanner")), "the sensor outlives its agent"
    finally:
        company.close()


def test_an_interface_that_is_not_there_is_a_gap(servers):
    company = Company(servers.bin)
    try:
        company.serve()
        company.enroll("web")
        company.login()
        with resident(company, interface="nowhere0", window="1m"):
            begun = time.monotonic()
            await_that(lambda: company.json("assay", "evidence", "list", "-o", "json"), "no first scan")
            time.sleep(max(0, 62 - (time.monotonic() - begun)))
            company.run("assay", "scan", company.json("assay", "hosts", "-o", "json")[0]["id"])
            await_that(lambda: len(snapshots(company)) > 1, "no second scan")
            second = snapshots(company)[0]
            assert "ended with code 1" in second["observed_flows"]["reason"], second["observed_flows"]
            assert second["users"]["status"] == "ok"
            gaps = (company.agent_state("web") / "gaps.jsonl").read_text()
            assert '"network"' in gaps and "sensor: " in gaps, gaps
            assert "nowhere0" in (company.folder / "agent.log").read_text()
    finally:
        company.close()


if __name__ == "__main__":
    run_on_own_machines(globals())
