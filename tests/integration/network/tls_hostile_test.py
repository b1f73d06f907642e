#!/usr/bin/env python3
"""assay-agent tls against servers that mean harm, or nothing: a clear status, in bounded time and memory."""
import contextlib
import os
import resource
import socket
import sys
import threading
import time

from servers import Hostile, free_port, must, run_tests

MOST_SECONDS = 45  # the longest wait some 20, for one silence after another; a machine with other work takes longer
MOST_MIB = 80


def record(kind, body):
    return bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def server_hello(suite=b"\x00\x2f", version=b"\x03\x03"):
    return message(2, version + bytes(32) + b"\x00" + suite + b"\x00")


def only_tls_1_2(hello):
    """Whether a hello offers TLS 1.2 and no other version."""
    return hello[9:11] == b"\x03\x03" and b"\x00\x2b\x00\x03\x02\x03\x04" not in hello


ALERT = record(21, b"\x02\x46")  # fatal, protocol_version


def audited(servers, talk):
    """The tables, after checking what the audit cost."""
    with Hostile(talk) as server:
        begin = time.monotonic()
        tables = servers.tables(server.port)
        seconds = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert seconds < MOST_SECONDS, seconds
    assert peak < MOST_MIB, peak
    return tables


def status_of(servers, talk):
    endpoint, = audited(servers, talk)["tls_endpoints"]
    return endpoint["status"], endpoint["detail"] or ""


def test_a_web_server_without_tls_is_not_tls(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert status_of(servers, talk) == ("not_tls", "the answer is not TLS")


def test_random_bytes_are_not_tls(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"\xf0" + os.urandom(5000))
    assert status_of(servers, talk)[0] == "not_tls"


def test_one_byte_a_second_is_late(servers):
    def talk(connection):
        connection.recv(4096)
        for byte in record(22, server_hello()):
            connection.sendall(bytes([byte]))
            time.sleep(1)
    status, detail = status_of(servers, talk)
    assert (status, detail) == ("timed_out", "in the middle of an answer"), (status, detail)


def test_silence_is_late(servers):
    assert status_of(servers, lambda connection: time.sleep(20)) == ("timed_out", "without an answer")


def test_hanging_up_at_once_is_closed(servers):
    assert status_of(servers, lambda connection: None)[0] == "closed"


def test_nobody_is_refused(servers):
    endpoint, = servers.tables(free_port())["tls_endpoints"]
    assert endpoint["status"] == "refused", endpoint


def test_endless_warnings_are_too_large(servers):
    def talk(connection):
        connection.recv(4096)
        for _ in range(10_000):
            connection.sendall(record(21, b"\x01\x70") * 1000)
    assert status_of(servers, talk)[0] == "too_large"


def test_endless_empty_records_are_too_large(servers):
    def talk(connection):
        connection.recv(4096)
        for _ in range(10_000):
            connection.sendall(record(22, b"") * 1000)
    assert status_of(servers, talk)[0] == "too_large"


def test_a_server_hello_of_16_mb_is_too_large_by_its_length(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(record(22, b"\x02\xff\xff\xff" + bytes(100)))
        for _ in range(1100):
            connection.sendall(record(22, bytes(16_000)))
    status, detail = status_of(servers, talk)
    assert (status, detail) == ("too_large", "a handshake message of 16777215 bytes"), (status, detail)


def test_a_record_that_no_record_can_be(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"\x16\x03\x03\xff\xff" + bytes(100))
    assert status_of(servers, talk) == ("not_tls", "a record of 65535 bytes")


def test_a_suite_that_was_not_offered_leaves_the_protocol_unknown(servers):
    def talk(connection):
        hello = connection.recv(4096)
        connection.sendall(record(22, server_hello(b"\x0a\x0a") + message(14, b"")) if only_tls_1_2(hello)
                           else ALERT)
    tables = audited(servers, talk)
    row, = tables["tls_suites"]
    endpoint, = tables["tls_endpoints"]
    assert (endpoint["status"], endpoint["unknown_protocols"]) == ("nothing_accepted", "TLSv1.2"), endpoint
    assert (row["protocol"], row["status"], row["detail"]) == (
        "TLSv1.2", "unknown", "the server chose a suite that was not offered"), row


def test_one_protocol_that_stays_silent_is_unknown_and_not_refused(servers):
    def talk(connection):
        hello = connection.recv(4096)
        if not only_tls_1_2(hello):
            time.sleep(20)
            return
        connection.sendall(record(22, server_hello() + message(11, b"\x00\x00\x00") + message(14, b""))
                           if b"\x00\x2f" in suites_in(hello) else record(21, b"\x02\x28"))
    tables = audited(servers, talk)
    endpoint, = tables["tls_endpoints"]
    assert (endpoint["status"], endpoint["protocols"]) == ("ok", "TLSv1.2"), endpoint
    assert endpoint["unknown_protocols"] == "SSLv2 SSLv3 TLSv1.0 TLSv1.1 TLSv1.3", endpoint
    unknown = {row["protocol"] for row in tables["tls_suites"] if row["status"] == "unknown"}
    assert unknown == {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.3"}, unknown


def tls_1_2_server(connection):
    """TLS 1.2 with one suite; says no to any other in the grammar of TLS. Returns what it was asked."""
    hello = connection.recv(4096)
    if not only_tls_1_2(hello):
        connection.sendall(ALERT)
    elif b"\x00\x2f" in suites_in(hello):
        connection.sendall(record(22, server_hello() + message(11, b"\x00\x00\x00") + message(14, b"")))
    else:
        connection.sendall(record(21, b"\x02\x28"))
    return hello


def test_a_server_that_closes_all_but_the_first_connections_refuses_nothing(servers):
    for most in (1, 3, 6):
        met, heard = [], []

        def talk(connection):
            met.append(connection)
            if len(met) <= most:
                heard.append(tls_1_2_server(connection))
        tables = audited(servers, talk)
        endpoint, = tables["tls_endpoints"]
        sure = set((endpoint["protocols"] or "").split())
        unknown = set((endpoint["unknown_protocols"] or "").split())
        # Its hello has the high bit first. Whether it is among the first six depends on who is quicker.
        is_answered = any(hello[:1] >= b"\x80" for hello in heard)
        assert ("SSLv2" in unknown) != is_answered and (most == 6 or not is_answered), (most, endpoint)
        assert len(sure | unknown) >= 6 - most, (most, endpoint)
        rows = {row["protocol"]: row["detail"] for row in tables["tls_suites"] if row["status"] == "unknown"}
        assert unknown <= set(rows) and set(rows.values()) == {"the server closes connections whatever is asked"}, rows


def test_a_server_that_closes_what_it_does_not_know_refuses_it(servers):
    """As old ones do: only what it knows is answered, with any number of connections beside it."""
    met = []

    def talk(connection):
        met.append(connection)
        hello = connection.recv(4096)
        if only_tls_1_2(hello) and b"\x00\x2f" in suites_in(hello):
            connection.sendall(record(22, server_hello() + message(11, b"\x00\x00\x00") + message(14, b"")))
    tables = audited(servers, talk)
    endpoint, = tables["tls_endpoints"]
    assert (endpoint["status"], endpoint["protocols"], endpoint["unknown_protocols"]) == ("ok", "TLSv1.2", None), endpoint
    assert servers.suites(tables) == {("TLSv1.2", "0x002F")}
    print(f"{len(met)} connections", flush=True)


class Doorkeeper:
    """In front of a server: hands connections on to it, at most so many at a time, and closes the others."""

    def __init__(self, port, most):
        self.port, self.most, self.inside, self.lock, self.closed = port, most, 0, threading.Lock(), 0

    def __call__(self, connection):
        with self.lock:
            if self.inside == self.most:
                self.closed += 1
                return
            self.inside += 1
        try:
            with socket.create_connection(("127.0.0.1", self.port), 10) as back:
                there = threading.Thread(target=self.hand_on, args=(back, connection))
                there.start()
                self.hand_on(connection, back)
                there.join()
        finally:
            with self.lock:
                self.inside -= 1

    @staticmethod
    def hand_on(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(16384):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)


def test_a_server_with_room_for_few_connections_is_seen_whole(servers):
    port = servers.openssl("-cipher", "AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
    whole = servers.tables(port)
    assert {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"} == {protocol for protocol, _ in servers.suites(whole)}
    for most in (1, 2):
        keeper = Doorkeeper(port, most)
        tables = audited(servers, keeper)
        assert keeper.closed, "it was never full"
        assert servers.suites(tables) == servers.suites(whole), tables["tls_suites"]
        endpoint, = tables["tls_endpoints"]
        assert endpoint["unknown_protocols"] is None, endpoint


def suites_in(hello):
    session = hello[43]
    at = 44 + session
    length = int.from_bytes(hello[at:at + 2], "big")
    return [hello[i:i + 2] for i in range(at + 2, at + 2 + length, 2)]


def test_a_certificate_that_is_no_der_is_unreadable(servers):
    broken = b"\x30\x82\x01\x00\x30\x82\xff\xff" + bytes(64)
    chain = len(broken).to_bytes(3, "big") + broken

    def talk(connection):
        hello = connection.recv(4096)
        if not only_tls_1_2(hello) or b"\x00\x2f" not in suites_in(hello):
            connection.sendall(ALERT)
            return
        connection.sendall(record(22, server_hello() + message(11, len(chain).to_bytes(3, "big") + chain)
                                  + message(14, b"")))
    tables = audited(servers, talk)
    row, = tables["certificates"]
    assert (row["status"], row["trusted"], row["trust_problem"]) == (
        "unreadable", None, "the certificate cannot be read"), row


def test_ten_thousand_names_are_counted(servers):
    names = ",".join(f"DNS:n{number}.example.tw" for number in range(10_000))
    (servers.folder / "many.cnf").write_text(
        f"[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=many\n[ext]\n"
        f"subjectAltName={names}\n")
    must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", servers.folder / "many.cnf",
         "-keyout", servers.folder / "many.key", "-out", servers.folder / "many.crt", "-days", "5")
    for version in ("-tls1_2", "-tls1_3"):
        port = servers.openssl(version, certificate="many")
        begin = time.monotonic()
        row, = servers.tables(port)["certificates"]
        assert time.monotonic() - begin < MOST_SECONDS
        assert (row["status"], row["name_count"], row["host_match"]) == ("ok", 10_000, 0), row
        assert len(row["subject_alternative_names"]) <= 4096


def test_a_nul_in_a_name_is_shown_and_matches_nothing(servers):
    name = b"localhost\x00.evil.example"
    entry = b"\x82" + bytes([len(name)]) + name
    value = (b"\x30" + bytes([len(entry)]) + entry).hex(":")
    servers.certificate("nul", names=f"subjectAltName=DER:{value}")
    port = servers.openssl("-tls1_2", certificate="nul")
    row, = servers.tables(f"localhost:{port}")["certificates"]
    assert row["subject_alternative_names"] == "localhost\\00.evil.example", row
    assert row["host_match"] == 0, row


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
