#!/usr/bin/env python3
"""assay-agent services over UDP against servers that mean harm: what is no answer to our question is not taken for one,
in bounded time and memory."""
import resource
import select
import socket
import sys
import threading
import time

from servers import run_tests
from services_found import expect, found

MOST_SECONDS = 15
MOST_MIB = 80


def kind_of(request):
    if request[:2] in (b"\x41\x53", b"\x41\x54"):
        return "dns"
    if request[:1] == b"\x30":
        return "snmp"
    return "ntp" if len(request) == 48 else "tftp"


def answer_to(request, change=0):
    """The proper one; `change` is added to what it is known by. TFTP's is known by nothing."""
    kind = kind_of(request)
    if kind == "dns":
        return request[:1] + bytes([request[1] + change]) + b"\x81\x80" + bytes(8)
    if kind == "snmp":
        return bytes.fromhex("3013020103300402024153040030060400" "0400a800").replace(b"\x41\x53", bytes([0x41, 0x53 + change]))
    if kind == "ntp":
        return b"\x24\x02" + bytes(22) + bytes([request[40] + change]) + request[41:48] + bytes(16)
    return b"\0\x05\0\x01no\0"


class HostileDatagrams:
    """Hands each datagram to `talk(socket, request, whom)`, in one thread."""

    def __init__(self, talk):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.talk, self.ended = talk, threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.ended.is_set():
            if select.select([self.socket], [], [], 0.05)[0]:
                try:
                    self.talk(self.socket, *self.socket.recvfrom(65536))
                except OSError:  # whoever asked has gone
                    pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        self.socket.close()


def row_of(servers, talk, options=()):
    with HostileDatagrams(talk) as server:
        begin = time.monotonic()
        row = found(servers, f"{server.port}/udp", options=options)[server.port]
        seconds = time.monotonic() - begin
    assert seconds < MOST_SECONDS, seconds
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < MOST_MIB, peak
    return row


def only(kind, answer):
    """A server of one protocol that says what `answer(request)` gives."""
    def talk(ours, request, whom):
        if kind_of(request) == kind:
            for one in answer(request):
                ours.sendto(one, whom)
    return talk


def expect_unrecognised(row):
    expect(row, status="unrecognised", protocol=None, recursion=None, default_community=None, authentication=None)
    assert not row["details"], row


def test_proper_answers_are_taken(servers):
    """So that what follows differs by what it says alone."""
    for kind in ("dns", "ntp", "snmp", "tftp"):
        expect(row_of(servers, only(kind, lambda request: [answer_to(request)])), status="ok", protocol=kind)


def test_answers_to_somebody_elses_question(servers):
    for kind in ("dns", "ntp", "snmp"):
        expect_unrecognised(row_of(servers, only(kind, lambda request: [answer_to(request, 7)])))


def test_what_comes_back_as_it_was_sent(servers):
    expect_unrecognised(row_of(servers, lambda ours, request, whom: ours.sendto(request, whom),
                               options=("--snmp-communities",)))


def test_garbage(servers):
    expect_unrecognised(row_of(servers, lambda ours, request, whom: ours.sendto(b"\xf7" * 900, whom)))


def test_nothing_but_an_empty_datagram(servers):
    expect_unrecognised(row_of(servers, lambda ours, request, whom: ours.sendto(b"", whom)))


def test_answers_that_are_cut(servers):
    for kind in ("dns", "ntp", "snmp", "tftp"):
        for left in (1, 3):
            expect_unrecognised(row_of(servers, only(kind, lambda request, left=left: [answer_to(request)[:-left]])))


def test_huge_answers(servers):
    """Longer than is read: it is known by its beginning or not at all."""
    expect_unrecognised(row_of(servers, lambda ours, request, whom: ours.sendto(b"\x30\x83\xff\xff\xff" * 12_000, whom)))
    row = row_of(servers, only("dns", lambda request: [answer_to(request) + bytes(60_000)]))
    expect(row, status="ok", protocol="dns", product=None)


def test_another_address_says_nothing(servers):
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind(("127.0.0.2", 0))
    with other:
        row = row_of(servers, lambda _, request, whom: other.sendto(answer_to(request), whom))
    expect(row, status="no_answer", protocol=None)


def test_another_port_speaks_tftp_alone(servers):
    """RFC 1350 4: whoever transfers has a port of its own. Nobody else has."""
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind(("127.0.0.1", 0))
    with other:
        for kind in ("dns", "ntp", "snmp"):
            row = row_of(servers, lambda _, request, whom, kind=kind:
                         other.sendto(answer_to(request), whom) if kind_of(request) == kind else None)
            expect(row, status="no_answer", protocol=None)
        row = row_of(servers, lambda _, request, whom: other.sendto(answer_to(request), whom))
        expect(row, status="ok", protocol="tftp")


def test_thousands_of_answers_to_one_question(servers):
    for kind, answers in (("ntp", 5_000), ("dns", 5_000), ("snmp", 5_000), ("tftp", 5_000)):
        row = row_of(servers, only(kind, lambda request, most=answers: [answer_to(request)] * most))
        expect(row, status="ok", protocol=kind)
        assert all(len(values) == 1 for values in row["details"].values()), row


def test_thousands_that_are_none(servers):
    expect_unrecognised(row_of(servers, only("snmp", lambda request: [b"\x30\x03\x02\x01\x07"] * 20_000),
                               options=("--snmp-communities",)))


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
