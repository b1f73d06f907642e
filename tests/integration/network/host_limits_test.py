#!/usr/bin/env python3
"""Several endpoints of one host together are asked no more than the host's bounds: connections at a time, new ones and
datagrams per second. The host is an address that is not loopback, at the end of a cable that leads nowhere; what comes
is counted by a server that accepts and reads in one thread, so that it sees an end before the beginning that follows."""
import contextlib
import json
import selectors
import socket
import threading
import time

from servers import must, run_beside_a_cable

OWN = "192.0.2.10"


class Counter:
    """Listens on so many ports, answers each first word with `answer` (None: never) and notes when connections began and
    how many were open then."""

    def __init__(self, ports, answer=None):
        self.answer, self.began, self.most, self.open = answer, [], 0, set()
        self.selector = selectors.DefaultSelector()
        self.listeners = [socket.create_server((OWN, 0), backlog=256) for _ in range(ports)]
        for one in self.listeners:
            self.selector.register(one, selectors.EVENT_READ)
        self.ports = [one.getsockname()[1] for one in self.listeners]
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.is_set():
            ready = [key.fileobj for key, _ in self.selector.select(0.05)]
            for one in list(self.open):  # whoever has gone has gone before the next one came
                self.read(one)
            for one in ready:
                if one in self.listeners:
                    self.accept(one)

    def accept(self, listener):
        connection, _ = listener.accept()
        connection.setblocking(False)
        for one in list(self.open):
            self.read(one)
        self.open.add(connection)
        self.selector.register(connection, selectors.EVENT_READ)
        self.began.append(time.monotonic())
        self.most = max(self.most, len(self.open))

    def read(self, one):
        try:
            data = one.recv(65536)
            if data and self.answer:
                one.sendall(self.answer)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or self.answer:
            self.selector.unregister(one)
            self.open.remove(one)
            one.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        for one in (*self.listeners, *self.open):
            with contextlib.suppress(OSError):
                one.close()


def tables_of(servers, *words):
    """What the scanner answers: a line with the columns, then a line a row, table by table."""
    tables = {}
    for line in map(json.loads, must(servers.bin / "assay-scanner", *words).splitlines()):
        if isinstance(line, dict):
            columns, rows = [name for name, _ in line["columns"]], tables.setdefault(line["table"], [])
        else:
            rows.append(dict(zip(columns, line)))
    return tables


def expect_rate(moments, rate, burst=100):
    """In no span of time more than the burst and what the rate gives meanwhile."""
    assert len(moments) > burst + 10, f"{len(moments)}: the rate was never met"
    for first in range(len(moments)):
        for last in range(first + burst, len(moments)):
            # The server sees them a little later than they were sent.
            most = burst + rate * (moments[last] - moments[first] + 0.3) + 1
            assert last - first + 1 <= most, (last - first + 1, most)


def test_recognition_has_four_connections_to_a_host_at_a_time(servers):
    with Counter(6) as server:
        tables = tables_of(servers, "services", f"{OWN}:{','.join(map(str, server.ports))}")
    assert server.most == 4, server.most
    assert len(tables["services"]) == 6
    # Nobody pays for having waited: each was asked all, as one alone is.
    for row in tables["services"]:
        assert (row["status"], row["detail"]) == ("unrecognised", "it takes connections and says nothing"), row


def test_as_many_as_were_asked_for(servers):
    with Counter(6, b"HTTP/1.0 200 OK\r\n\r\n") as server:
        tables = tables_of(servers, "services", "--connections", "2",
                           f"{OWN}:{','.join(map(str, server.ports))}")
    assert server.most == 2, server.most
    assert {row["protocol"] for row in tables["services"]} == {"http"}, tables["services"]


def test_an_audit_has_four_connections_to_a_host_at_a_time(servers):
    with Counter(5) as server:
        tables = tables_of(servers, "tls", *(f"{OWN}:{port}" for port in server.ports))
    assert server.most == 4, server.most
    assert [row["status"] for row in tables["tls_endpoints"]] == ["timed_out"] * 5, tables["tls_endpoints"]
    assert {row["detail"] for row in tables["tls_endpoints"]} == {"without an answer"}, tables["tls_endpoints"]


def test_a_host_has_one_rate_for_all_its_ports(servers):
    with Counter(20, b"\x15\x03\x03\x00\x02\x02\x46") as server:
        tables = tables_of(servers, "tls", "--rate", "40", *(f"{OWN}:{port}" for port in server.ports))
    assert {row["status"] for row in tables["tls_endpoints"]} == {"nothing_accepted"}, tables["tls_endpoints"]
    expect_rate(server.began, 40)


def test_datagrams_are_under_the_rate(servers):
    """Of ports where somebody listens and says nothing: four protocols each, twice."""
    moments, sockets = [], [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(30)]
    selector = selectors.DefaultSelector()
    for one in sockets:
        one.bind((OWN, 0))
        selector.register(one, selectors.EVENT_READ)
    ended = threading.Event()

    def count():
        while not ended.is_set():
            for key, _ in selector.select(0.05):
                key.fileobj.recv(4096)
                moments.append(time.monotonic())
    thread = threading.Thread(target=count, daemon=True)
    thread.start()
    ports = ",".join(f"{one.getsockname()[1]}/udp" for one in sockets)
    tables = tables_of(servers, "services", "--rate", "60", f"{OWN}:{ports}")
    ended.set()
    thread.join()
    assert {row["status"] for row in tables["services"]} == {"no_answer"}, tables["services"]
    assert len(moments) >= 30 * 4 * 2, len(moments)
    expect_rate(moments, 60)


def test_a_udp_endpoint_is_not_asked_twice_at_a_time(servers):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((OWN, 0))
        target = f"{OWN}:{silent.getsockname()[1]}/udp"
        first = []
        thread = threading.Thread(
            target=lambda: first.extend(tables_of(servers, "services", target)["services"]))
        thread.start()
        silent.recv(4096)
        second, = tables_of(servers, "services", target)["services"]
        thread.join()
    assert (second["status"], second["detail"]) == ("busy", "this endpoint is being asked already"), second
    assert first[0]["status"] == "no_answer", first


if __name__ == "__main__":
    run_beside_a_cable(globals(), OWN)
