#!/usr/bin/env python3
"""assay-agent tls --starttls against servers that mean harm before TLS begins: a clear status, in bounded time and
memory, and nothing that was said in clear is taken for TLS."""
import contextlib
import os
import resource
import sys
import threading
import time

from servers import Hostile, run_tests
from tls_hostile_test import message, record, server_hello

MOST_SECONDS = 30
MOST_MIB = 80

MYSQL = b"\x0a8.0.36\0\1\0\0\0abcdefgh\0\xff\xff\x2d\x02\0\xff\xff\x15" + bytes(10) + b"ijklmnopqrst\0"
YES = {
    "smtp": b"220 go ahead\r\n", "imap": b"a1 OK begin\r\n", "pop3": b"+OK begin\r\n", "ftp": b"234 AUTH TLS\r\n",
    "ldap": bytes.fromhex("300c02010178070a010004000400"), "postgresql": b"S",
    "mysql": bytes([len(MYSQL), 0, 0, 0]) + MYSQL, "rdp": bytes.fromhex("030000130ed000001234000200080001000000")}
GREETING = {"smtp": b"220 mx ESMTP\r\n", "imap": b"* OK ready\r\n", "pop3": b"+OK ready\r\n", "ftp": b"220 FTP\r\n"}
# What a server of TLS 1.2 without a key of its own would say to a hello that offers RSA.
FLIGHT = record(22, server_hello() + message(11, b"\0\0\0") + message(14, b""))


def until_yes(protocol, connection):
    """The dialogue up to the place where the server says yes."""
    if protocol in GREETING:
        connection.sendall(GREETING[protocol])
        connection.recv(4096)
    if protocol == "smtp":
        connection.sendall(b"250-mx\r\n250 STARTTLS\r\n")
        connection.recv(4096)
    if protocol in ("ldap", "postgresql", "rdp"):
        connection.recv(4096)


def hear_hello(protocol, connection):
    """What follows the yes; MySQL's client says one thing more before."""
    heard = 0
    while heard <= (36 if protocol == "mysql" else 0):
        more = connection.recv(4096)
        if not more:
            return
        heard += len(more)


def seen(servers, protocol, talk, start_tls=None):
    """The endpoint's row, after checking that nothing was taken for TLS."""
    with Hostile(talk) as server:
        begin = time.monotonic()
        tables = servers.tables(server.port, start_tls=start_tls or protocol)
        seconds = time.monotonic() - begin
    assert seconds < MOST_SECONDS, (protocol, seconds)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < MOST_MIB, (protocol, peak)
    endpoint, = tables["tls_endpoints"]
    assert endpoint["protocols"] is None and not tables["certificates"], (protocol, tables)
    assert all(row["status"] == "unknown" for row in tables["tls_suites"]), (protocol, tables["tls_suites"])
    assert endpoint["start_tls"] == protocol, endpoint
    return endpoint


def expect(servers, talk, status, protocols=tuple(YES), detail=None):
    """Of `talk(protocol, connection)`, protocol by protocol and side by side."""
    wrong = []

    def one(protocol):
        try:
            row = seen(servers, protocol, lambda connection: talk(protocol, connection))
            if row["status"] != status or detail not in (None, row["detail"]):
                wrong.append(row)
        except Exception as error:  # told below, with the others
            wrong.append((protocol, error))
    threads = [threading.Thread(target=one, args=(protocol,)) for protocol in protocols]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong


def test_garbage_is_another_protocol(servers):
    expect(servers, lambda _, connection: connection.sendall(b"\xf7" + os.urandom(5000) + b"\n"), "not_spoken")


def test_one_byte_a_second_is_late(servers):
    words = {protocol: (GREETING.get(protocol) or YES[protocol])[:3] + b" " * 60 for protocol in YES}
    words["ldap"] = b"\x30\x40" + YES["ldap"][2:] + bytes(60)
    words |= {protocol: YES[protocol] for protocol in ("mysql", "rdp")}
    words["smtp"], words["ftp"] = b"220-" + b"x" * 60, b"220-" + b"x" * 60
    del words["postgresql"]  # whose answer is one byte

    def talk(protocol, connection):
        for byte in words[protocol]:
            connection.sendall(bytes([byte]))
            time.sleep(1)
    expect(servers, talk, "timed_out", tuple(words), "in the dialogue before TLS")


def test_one_byte_a_second_behind_the_yes_is_late(servers):
    def talk(protocol, connection):
        until_yes(protocol, connection)
        connection.sendall(YES[protocol])
        hear_hello(protocol, connection)
        for byte in FLIGHT:
            connection.sendall(bytes([byte]))
            time.sleep(1)
    expect(servers, talk, "timed_out", ("smtp", "postgresql", "mysql", "rdp"))


def test_lines_without_an_end_are_too_many(servers):
    lines = {"smtp": b"220-more and more\r\n", "ftp": b" whatever stands inside\r\n", "imap": b"* OK still here\r\n"}

    def talk(protocol, connection):
        if protocol == "imap":
            until_yes(protocol, connection)
        connection.sendall(b"220-begins\r\n" if protocol == "ftp" else b"")
        for _ in range(10_000):
            connection.sendall(lines[protocol] * 1000)
    expect(servers, talk, "too_large", tuple(lines), "the server sent more than is read")


def test_a_line_without_an_end_is_no_line(servers):
    def talk(_, connection):
        for _ in range(10_000):
            connection.sendall(b"x" * 10_000)
    expect(servers, talk, "not_spoken", ("smtp", "imap", "pop3", "ftp"))


def test_lengths_that_cannot_be_are_not_waited_for(servers):
    words = {"ldap": b"\x30\x83\xff\xff\xff\x02\x01\x01", "mysql": b"\xff\xff\xff\x00\x0a", "rdp": b"\x03\x00\xff\xff\x0e"}

    def talk(protocol, connection):
        connection.sendall(words[protocol])
        time.sleep(20)
    expect(servers, talk, "not_spoken", tuple(words))


def test_yes_and_hanging_up_is_no_refusal(servers):
    def talk(protocol, connection):
        until_yes(protocol, connection)
        connection.sendall(YES[protocol])
        hear_hello(protocol, connection)
    expect(servers, talk, "closed")


def test_yes_and_plain_text_is_broken(servers):
    def talk(protocol, connection):
        until_yes(protocol, connection)
        connection.sendall(YES[protocol])
        hear_hello(protocol, connection)
        connection.sendall(b"500 I do not understand\r\n")
    expect(servers, talk, "broken_start_tls", detail="the answer is not TLS")


def test_what_stands_behind_the_yes_is_no_tls(servers):
    """As whoever can write into the connection in clear would do: a handshake that answers no hello of ours."""
    def talk(protocol, connection):
        until_yes(protocol, connection)
        connection.sendall(YES[protocol] + FLIGHT)
        with contextlib.suppress(OSError):
            connection.recv(4096)
    expect(servers, talk, "broken_start_tls", detail="more stands behind the server's yes, before TLS has begun")


def test_what_stands_before_the_yes_is_no_tls(servers):
    def talk(protocol, connection):
        if protocol in GREETING:
            connection.sendall(GREETING[protocol])
        connection.recv(4096)
        connection.sendall(FLIGHT + YES[protocol])
        with contextlib.suppress(OSError):
            connection.recv(4096)
    expect(servers, talk, "not_spoken", tuple(name for name in YES if name != "mysql"))


def test_a_second_reply_behind_the_yes_is_no_tls(servers):
    """The answer to a command that somebody has put behind ours."""
    def talk(protocol, connection):
        until_yes(protocol, connection)
        connection.sendall(YES[protocol] * 2)
        with contextlib.suppress(OSError):
            connection.recv(4096)
    expect(servers, talk, "broken_start_tls")


def test_where_it_is_found_out_what_is_spoken_it_is_the_same(servers):
    """not_tls would be no business of any rule, though this server says that it offers TLS."""
    for more, status in ((FLIGHT, "broken_start_tls"), (b"", "closed")):
        for protocol in ("smtp", "imap", "pop3", "ftp", "mysql", "postgresql", "ldap"):
            def talk(connection, protocol=protocol, more=more):
                connection.settimeout(3)
                if protocol in ("postgresql", "ldap"):
                    # Waits for its own opening, and hangs up on any other.
                    first = {"postgresql": b"\0\0\0\x08\x04\xd2\x16\x2f", "ldap": b"\x30\x1d"}[protocol]
                    if not connection.recv(4096).startswith(first):
                        return
                else:
                    until_yes(protocol, connection)
                connection.sendall(YES[protocol] + more)
                with contextlib.suppress(OSError):
                    connection.recv(4096)
            row = seen(servers, protocol, talk, "auto")
            assert row["status"] == status, row


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
