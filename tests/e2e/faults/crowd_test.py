#!/usr/bin/env python3
"""Crowds: a thousand connections a second, handshakes that never end, questions that nobody waits for
any more. Everybody else is served, and afterwards nothing is left of it."""
import pathlib
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from aftermath import expect_all_there  # noqa: E402: found through the line above
from company import await_that, run_tests  # noqa: E402

SECONDS = 6
# What no client of ours sends.
NONSENSE = [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 64, b"\x80" * 300]


def address_of(listen):
    host, _, port = listen.rpartition(":")
    return host, int(port)


def identity_of(company, name):
    """A TLS context with a machine's certificate, as whoever stole it has."""
    folder = company.agent_state(name) / "identity"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(folder / "ca.crt")
    context.load_cert_chain(folder / "agent.crt", folder / "agent.key")
    context.set_alpn_protocols(["h2"])
    return context


def resources(company):
    """Open files, and resident memory in KiB, of the collector."""
    pid = company.collector.pid
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return (len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())),
            next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")))


class Storm:
    """Comes back without end, from several threads, while the `with` lasts; each so often a second
    at most."""

    def __init__(self, connect, threads, pace=10_000):
        self.pace = pace
        self.is_over = threading.Event()
        self.count, self.lock = 0, threading.Lock()
        self.threads = [threading.Thread(target=self._blow, args=[connect]) for _ in range(threads)]

    def _blow(self, connect):
        count, began = 0, time.monotonic()
        while not self.is_over.is_set():
            ahead = count / self.pace - (time.monotonic() - began)
            if ahead > 0:
                time.sleep(ahead)
            try:
                connect(count)
                count += 1
            except OSError:
                time.sleep(0.001)
        with self.lock:
            self.count += count

    def __enter__(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *problem):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        self.rate = self.count / (time.monotonic() - self.began)


def start(company, *names):
    company.serve()
    for name in names:
        company.enroll(name)
        company.scan_and_send(name)
    company.login()


def test_a_thousand_connections_a_second_keep_nobody_out(company):
    start(company, "web", "stolen")
    address, stolen = address_of(company.listen), identity_of(company, "stolen")
    before = resources(company)

    def plain(number):
        with socket.create_connection(address, timeout=5) as line:
            line.sendall(NONSENSE[number % len(NONSENSE)])

    def enrolled(_):
        with socket.create_connection(address, timeout=5) as line, stolen.wrap_socket(
                line, server_hostname=address[0]) as talk:
            talk.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    sent = slowest = 0
    with Storm(plain, 2, 750) as connections, Storm(enrolled, 2) as handshakes:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            began = time.monotonic()
            company.scan_and_send("web")
            slowest = max(slowest, time.monotonic() - began)
            sent += 1
        company.json("assay", "hosts", "-o", "json")
    print(f"     {connections.rate:.0f} connections and {handshakes.rate:.0f} handshakes a second;"
          f" {sent} scans delivered, the slowest in {slowest:.1f} s")
    assert connections.rate + handshakes.rate >= 1000, "that was no storm"
    assert handshakes.count >= 5, handshakes.count
    assert slowest < 30, slowest
    await_that(lambda: resources(company)[0] <= before[0] + 8, "connections stay open", 30)
    # What the storm took is given back, and what it said is not all written down.
    await_that(lambda: resources(company)[1] < before[1] + 64 * 1024,
               f"{before[1]} KiB before, {resources(company)[1]} KiB after", 30)
    log = (company.folder / "collector.log").stat().st_size
    assert log < 200_000, f"{log} bytes of log"
    expect_all_there(company, {"web": 1 + sent, "stolen": 1})


def test_handshakes_that_never_end_are_ended_and_keep_nobody_out(company):
    start(company, "web")
    before = resources(company)
    lines = []
    try:
        for number in range(400):
            line = socket.create_connection(address_of(company.listen), timeout=5)
            line.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[:number % 10])  # a hello that is not said
            lines.append(line)
        for _ in range(2):
            company.scan_and_send("web")
        ended = 0
        for line in lines:
            line.settimeout(20)
            try:
                ended += line.recv(100) == b""
            except ConnectionResetError:
                ended += 1
        assert ended == len(lines), f"{len(lines) - ended} are still open"
    finally:
        for line in lines:
            line.close()
    await_that(lambda: resources(company)[0] <= before[0] + 8, "connections stay open", 30)
    expect_all_there(company, {"web": 3})


def test_who_takes_all_seats_leaves_the_collector_its_files(company):
    """Enrolled, and not leaving: as many connections as open files. Whoever is there is served, people
    are, and nothing that was acknowledged is lost."""
    start(company, "web", "stolen")
    before = resources(company)
    address, stolen = address_of(company.listen), identity_of(company, "stolen")
    few = before[0] + 60
    resource.prlimit(company.collector.pid, resource.RLIMIT_NOFILE, (2 * few, 2 * few))
    lines = []

    def sit_down():
        line = socket.create_connection(address, timeout=5)
        lines.append(line)
        talk = stolen.wrap_socket(line, server_hostname=address[0])
        lines.append(talk)
        talk.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")

    turned_away = 0
    try:
        for _ in range(2 * few):
            try:
                sit_down()
            except OSError:
                turned_away += 1
        assert turned_away >= few // 2, f"{turned_away} of {2 * few} were turned away"
        assert len(lines) >= 60, f"only {len(lines) // 2} had a seat"
        # People come by another door.
        hosts = company.json("assay", "hosts", "-o", "json")
        assert len(hosts) == 2, hosts
        log = (company.folder / "collector.log").read_text()
        assert "others are turned away" in log, log[-2000:]
        assert "unable to open" not in log and "Too many open files" not in log, log[-2000:]
    finally:
        for line in lines:
            line.close()
    company.scan_and_send("web")
    expect_all_there(company, {"web": 2, "stolen": 1})


def test_a_question_that_nobody_waits_for_any_more_is_given_up(company):
    """Hosts of which each has packages of its own, so that each costs the question its time anew."""
    names = [f"host{number}" for number in range(6)]
    company.serve()
    for name in names:
        company.enroll(name)
        company.scan_with_package(name, f"Package: assay-{name}\nStatus: install ok installed\nMaintainer:"
                                  " nobody\nArchitecture: all\nVersion: 1.0\nDescription: one\n")
    company.login()
    # Close to the most steps that a host's answer may take.
    slow = ("WITH RECURSIVE n(i) AS (SELECT 1 FROM os_version UNION ALL SELECT i + 1 FROM n WHERE i <"
            " 2000000) SELECT max(i) FROM n, (SELECT count(*) FROM deb_packages)")
    quick = "SELECT count(*) AS packages FROM deb_packages WHERE name LIKE 'assay-%'"
    began = time.monotonic()
    answer = company.json("assay", "query", slow, "-o", "json")
    whole = time.monotonic() - began
    assert whole > 1, f"{whole:.1f} s: too quick to be given up; {answer}"
    asking = subprocess.Popen(["assay", "query", slow], env=company.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    asking.send_signal(signal.SIGINT)
    asking.wait(timeout=10)
    began = time.monotonic()
    company.json("assay", "query", quick, "-o", "json")
    waited = time.monotonic() - began
    print(f"     all of it takes {whole:.1f} s; the next question was answered after {waited:.1f} s")
    assert waited < whole / 2, f"it waited {waited:.1f} s of {whole:.1f} s for a question without an asker"
    expect_all_there(company, dict.fromkeys(names, 1))


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1])
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
